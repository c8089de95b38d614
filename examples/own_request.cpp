// SPDX-License-Identifier: MIT
// A request type of your own: tell ProxyFix how to read and rewrite it, and nothing is copied.
#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace my {

struct Request {
    std::string peer;       // the TCP peer, which stays
    std::string client_ip;  // what the application reads
    bool secure = false;
    std::vector<std::pair<std::string, std::string>> fields;  // in order of arrival
};

}  // namespace my

template <> struct proxyfix::Adapter<my::Request> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const my::Request& request) { return request.peer; }
    static const auto& headers(const my::Request& request) { return request.fields; }

    // What can fail comes first; the moves and assignments after it cannot.
    static void apply(my::Request& request, const Resolution& resolution) {
        std::string ip = resolution.client ? to_string(resolution.client->address) : request.peer;
        request.client_ip = std::move(ip);
        if (resolution.proto) request.secure = default_port(*resolution.proto) == 443;
    }

    // For Trust::strip: ask once for each line, in order of arrival.
    static void erase(my::Request& request, auto& is_erased) {
        std::erase_if(request.fields, [&](const auto& field) { return is_erased(field.first); });
    }
};

int main() {
    proxyfix::ProxyFix app{[](const my::Request& request) {
                               std::cout << request.client_ip
                                         << (request.secure ? " over https\n" : " over http\n");
                           },
                           {.x_for = 1, .x_proto = 1}};

    my::Request request{.peer = "10.0.0.2", .client_ip = {}, .fields = {}};
    app(request);
    request.fields.emplace_back("X-Forwarded-For", "6.6.6.6");  // the client's forgery
    request.fields.emplace_back("X-Forwarded-For", "203.0.113.7");
    request.fields.emplace_back("X-Forwarded-Proto", "https");
    app(request);
}
