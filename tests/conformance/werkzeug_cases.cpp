// SPDX-License-Identifier: MIT
// Prints the table of cases, and what ProxyFix makes of each, as one JSON object a line.
#include "../werkzeug_cases.hpp"

#include <cstdio>
#include <string>
#include <utility>

#include "proxyfix/proxyfix.hpp"

namespace {

/// The table holds no byte that JSON would have to escape.
std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string object(std::initializer_list<std::pair<const char*, std::string>> members) {
    std::string json;
    for (const auto& [name, value] : members) {
        json += (json.empty() ? "{" : ", ") + in_quotes(name) + ": " + value;
    }
    return json + '}';
}

std::string environ_json(const proxyfix::Environ& env) {
    return object({{"REMOTE_ADDR", in_quotes(env.remote_addr)},
                   {"wsgi.url_scheme", in_quotes(env.url_scheme)},
                   {"HTTP_HOST", in_quotes(env.http_host)},
                   {"SERVER_NAME", in_quotes(env.server_name)},
                   {"SERVER_PORT", in_quotes(std::to_string(env.server_port))},
                   {"SCRIPT_NAME", in_quotes(env.script_name)}});
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
            headers += '[' + in_quotes(header.name) + ", " + in_quotes(header.value) + ']';
        }
        const std::string json =
            object({{"name", in_quotes(example.name)},
                    {"trust", object({{"x_for", std::to_string(trust.x_for)},
                                      {"x_proto", std::to_string(trust.x_proto)},
                                      {"x_host", std::to_string(trust.x_host)},
                                      {"x_port", std::to_string(trust.x_port)},
                                      {"x_prefix", std::to_string(trust.x_prefix)}})},
                    {"headers", headers + ']'},
                    {"before", before},
                    {"after", environ_json(env)},
                    {"url_root", in_quotes(url_root(env))}});
        std::puts(json.c_str());
    }
}
