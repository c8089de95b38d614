// SPDX-License-Identifier: MIT
// The control of the end-to-end test: a server without ProxyFix that trusts the leftmost
// X-Forwarded-For, as naive code does. It takes the options of examples/serve.cpp, but looks at
// --port alone, and answers like it. The spoofing clients must fool it.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "environ_text.hpp"
#include "loopback_server.hpp"
#include "trust_options.hpp"

std::string describe(proxyfix::Environ& env) {
    for (const proxyfix::Header& header : env.headers) {
        if (!proxyfix::equals_ignore_case(header.name, "X-Forwarded-For")) continue;
        const std::string_view value = header.value;
        env.remote_addr = trimmed(value.substr(0, value.find(',')));
        break;
    }
    return to_text(env);
}

int main(int argc, char** argv) {
    unsigned port = 0;
    for (int i = 1; i + 1 < argc; ++i) {
        const std::string_view option = argv[i];
        if (option == "--port") port = parse_number(option, argv[i + 1]).value_or(0);
    }
    return serve_loopback(static_cast<std::uint16_t>(port), describe, std::chrono::seconds(60));
}
