// SPDX-License-Identifier: MIT
#include "proxyfix/adapters/cgi.hpp"

#include <memory>
#include <string>
#include <vector>

#include "arrived.hpp"

namespace {

/// The variables that a web server makes of a request.
class Variables {
  public:
    explicit Variables(std::vector<std::string> texts) : texts_(std::move(texts)) {
        for (const std::string& text : texts_) pointers_.push_back(text.c_str());
        pointers_.push_back(nullptr);
    }
    Variables(const Variables&) = delete;
    Variables& operator=(const Variables&) = delete;
    proxyfix::CgiVariables view() const { return {pointers_.data()}; }

  private:
    std::vector<std::string> texts_;
    std::vector<const char*> pointers_;
};

std::string variable_of(const std::string& name) {
    std::string variable = "HTTP_";
    for (const char c : name) {
        variable += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
    }
    return variable;
}

struct Framework {
    static constexpr bool keeps_names = false, lines_in_order = false;

    static void with(const Arrived& arrived, const auto& look) {
        std::vector<std::string> texts{"REQUEST_METHOD=GET",          "PATH_INFO=/cart",
                                       "QUERY_STRING=item=1",         "SCRIPT_NAME=",
                                       "SERVER_NAME=app.internal",    "SERVER_PORT=8000",
                                       "REMOTE_ADDR=" + arrived.peer, "REMOTE_PORT=50000",
                                       "HTTP_HOST=app.internal"};
        for (const auto& [name, value] : arrived.lines) {
            texts.push_back(variable_of(name) + '=' + value);
        }
        const Variables variables(std::move(texts));
        proxyfix::EnvironOf env(variables.view());
        look(env);
    }
    static proxyfix::Environ filled(const proxyfix::EnvironOf<proxyfix::CgiVariables>& env) {
        return proxyfix::EnvironOf(proxyfix::CgiVariables(env.request));
    }
};

static_assert(!proxyfix::Strippable<proxyfix::EnvironOf<proxyfix::CgiVariables>>);

}  // namespace

#include "cases.hpp"

TEST_CASE("What X_Forwarded_For became does not win over X-Forwarded-For") {
    for (const auto& lines :
         {std::vector<std::pair<std::string, std::string>>{{"X_Forwarded_For", "6.6.6.6"},
                                                           {"X-Forwarded-For", "203.0.113.7"}},
          {{"X-Forwarded-For", "203.0.113.7"}, {"X_Forwarded_For", "6.6.6.6"}}}) {
        Framework::with({.lines = lines}, [](auto& env) {
            CHECK(fixed(env, {.x_for = 1}).remote_addr == "10.0.0.2");
            CHECK(fixed(env, {.x_for = 1}).proxy.client == Reason::unreliable_lines);
        });
    }
}

TEST_CASE("Only what a web server makes of a header is one") {
    for (const char* text : {"X_FORWARDED_FOR=6.6.6.6", "HTTP_x_forwarded_for=6.6.6.6",
                             "HTTP_X-FORWARDED-FOR=6.6.6.6", "http_X_FORWARDED_FOR=6.6.6.6",
                             "HTTP_X_FORWARDED_FOR", "=HTTP_X_FORWARDED_FOR=6.6.6.6", "", "="}) {
        CAPTURE(text);
        const Variables variables({"REMOTE_ADDR=10.0.0.2", text});
        EnvironOf env(variables.view());
        CHECK(fixed(env, {.x_for = 1}).proxy.client == Reason::absent);
    }
    const Variables variables({"REMOTE_ADDR=10.0.0.2", "HTTP_X_REAL_IP=203.0.113.7"});
    EnvironOf env(variables.view());
    CHECK(fixed(env, {.client_header = "X-Real-IP"}).remote_addr == "203.0.113.7");
    CHECK(original(env).remote_addr == "10.0.0.2");
    EnvironOf again(variables.view());
    CHECK(fixed(again, {.client_header = "X_Real_IP"}).remote_addr == "10.0.0.2");
}

TEST_CASE("HTTPS tells the scheme") {
    for (const auto& [https, scheme] : {std::pair<std::string, std::string>{"on", "https"},
                                        {"1", "https"},
                                        {"", "http"},
                                        {"OFF", "http"}}) {
        const Variables variables({"HTTPS=" + https});
        CHECK(EnvironOf(variables.view()).url_scheme == scheme);
    }
    const Variables none({});
    const EnvironOf env(none.view());
    CHECK(env.url_scheme == "http");
    CHECK(env.remote_addr == "");
    CHECK(env.request_method == "");
    CHECK(env.server_port == 0);
}
