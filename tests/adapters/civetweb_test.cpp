// SPDX-License-Identifier: MIT
#include "proxyfix/adapters/civetweb.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "arrived.hpp"

namespace {

struct Framework {
    static constexpr bool keeps_names = true, lines_in_order = true;

    static void with(const Arrived& arrived, const auto& look) {
        const auto info = std::make_unique<mg_request_info>();
        info->request_method = "GET";
        info->local_uri = "/cart";
        info->query_string = "item=1";
        std::strcpy(info->remote_addr, arrived.peer.c_str());
        info->remote_port = 50000;
        info->server_port = 8000;
        info->http_headers[info->num_headers++] = {"Host", "app.internal"};
        for (const auto& [name, value] : arrived.lines) {
            if (info->num_headers == MG_MAX_HEADERS) break;  // what civetweb does
            info->http_headers[info->num_headers++] = {name.c_str(), value.c_str()};
        }
        proxyfix::EnvironOf env(std::as_const(*info));
        look(env);
    }
    static proxyfix::Environ filled(const proxyfix::EnvironOf<const mg_request_info&>& env) {
        return proxyfix::EnvironOf(env.request);
    }
};

static_assert(!proxyfix::Strippable<proxyfix::EnvironOf<const mg_request_info&>>);

}  // namespace

#include "cases.hpp"

TEST_CASE("Of a request with more lines than civetweb keeps, none is believed") {
    Arrived arrived{.lines = {{"X-Forwarded-For", "6.6.6.6"}}};
    for (int i = 2; i < MG_MAX_HEADERS - 1; ++i) arrived.lines.emplace_back("X", "");
    Framework::with(arrived, [](auto& env) {  // one line less than there is room for
        CHECK(fixed(env, {.x_for = 1}).remote_addr == "6.6.6.6");
    });
    arrived.lines.emplace_back("X-Forwarded-For", "203.0.113.7");  // the last that is kept
    Framework::with(arrived, [](auto& env) {
        CHECK(fixed(env, {.x_for = 1}).remote_addr == "10.0.0.2");
        CHECK(fixed(env, {.x_for = 1}).proxy.client == Reason::unreliable_lines);
        CHECK(env.http_host == "app.internal");
    });
    arrived.lines.insert(arrived.lines.begin(), {"X", ""});  // the proxy's is not kept
    Framework::with(arrived,
                    [](auto& env) { CHECK(fixed(env, {.x_for = 1}).remote_addr == "10.0.0.2"); });
    arrived.lines.assign(MG_MAX_HEADERS, {"X", ""});  // nor is any other
    Framework::with(arrived, [](auto& env) {
        CHECK(fixed(env, {.x_for = 1}).proxy.client == Reason::unreliable_lines);
        CHECK(fixed(env, {.x_for = 1}).proxy.refused());
    });
}

TEST_CASE("The first line named Host is the host, wherever it stands") {
    mg_request_info info{};
    info.request_method = "GET";
    info.num_headers = 4;
    info.http_headers[0] = {"Hosts", "a.example"};
    info.http_headers[1] = {"host", "b.example"};
    info.http_headers[2] = {"Host", "c.example"};
    info.http_headers[3] = {"Accept", "*/*"};
    CHECK(EnvironOf(std::as_const(info)).http_host == "b.example");
}

TEST_CASE("What civetweb does not know stays empty") {
    mg_request_info info{};
    info.request_method = "OPTIONS";
    info.is_ssl = 1;
    const EnvironOf env(info);
    CHECK(env.url_scheme == "https");
    CHECK(env.path_info == "");
    CHECK(env.query_string == "");
    CHECK(env.http_host == "");
}
