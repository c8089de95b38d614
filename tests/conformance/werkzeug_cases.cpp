// SPDX-License-Identifier: MIT
// Prints the table of cases, and what ProxyFix makes of each, as one JSON object a line.
#include "../werkzeug_cases.hpp"

#include <cstdio>
#include <string>
#include <utility>

#include "proxyfix/proxy_fix.hpp"

namespace {

/// The table holds no byte that JSON would have to escape.
std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string object(std::initializer_list<std::pair<const char*, std::string>> members) {
    std::string json;
    for (const auto& [name, value] : members) {
        json += (json.empty() ? "{" : ", ") + quoted(name) + ": " + value;
    }
    return json + '}';
}

std::string environ_json(const proxyfix::Environ& env) {
    return object({{"REMOTE_ADDR", quoted(env.remote_addr)},
                   {"wsgi.url_scheme", quoted(env.url_scheme)},
                   {"HTTP_HOST", quoted(env.http_host)},
                   {"SERVER_NAME", quoted(env.server_name)},
                   {"SERVER_PORT", quoted(std::to_string(env.server_port))},
                   {"SCRIPT_NAME", quoted(env.script_name)}});
}

}  // namespace

int main() {
    for (const WerkzeugCase& example : werkzeug_cases()) {
        const proxyfix::Trust& trust = example.trust;
        proxyfix::Environ env = environ_of(example);
        const std::string before = environ_json(env);
        proxyfix::ProxyFix{[](proxyfix::Environ&) {}, trust}(env);
        std::string headers = "[";
        for (const proxyfix::Header& header : example.headers) {
            if (headers.size() > 1) headers += ", ";
            headers += '[' + quoted(header.name) + ", " + quoted(header.value) + ']';
        }
        const std::string json =
            object({{"name", quoted(example.name)},
                    {"trust", object({{"x_for", std::to_string(trust.x_for)},
                                      {"x_proto", std::to_string(trust.x_proto)},
                                      {"x_host", std::to_string(trust.x_host)},
                                      {"x_port", std::to_string(trust.x_port)},
                                      {"x_prefix", std::to_string(trust.x_prefix)}})},
                    {"headers", headers + ']'},
                    {"before", before},
                    {"after", environ_json(env)},
                    {"url_root", quoted(url_root(env))}});
        std::puts(json.c_str());
    }
}
