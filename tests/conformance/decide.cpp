// SPDX-License-Identifier: MIT
// usage: decide addresses | hosts | environs | clients
// Answers each line of standard input with one line: what this library makes of it. The scripts in
// this directory ask other programs the same. Fields have a unit separator (0x1f) between them.
#include <cstddef>
#include <initializer_list>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../environ_helpers.hpp"
#include "../naive/grammar.hpp"
#include "proxyfix/proxyfix.hpp"

using namespace proxyfix;

namespace {

constexpr char separator = '\x1f';

std::string joined(std::initializer_list<std::string_view> fields) {
    std::string line;
    for (const std::string_view field : fields) line.append(field) += separator;
    line.pop_back();
    return line;
}

unsigned count_of(const std::string& text) { return static_cast<unsigned>(std::stoul(text)); }

/// What follows field `first`: names and values of header lines in turn.
std::vector<Header> headers_of(const std::vector<std::string>& fields, std::size_t first) {
    std::vector<Header> headers;
    for (std::size_t i = first; i + 1 < fields.size(); i += 2)
        headers.push_back({fields[i], fields[i + 1]});
    return headers;
}

/// A text: its canonical address, or nothing.
std::string address(const std::string& line) {
    const auto parsed = Address::parse(line);
    return parsed ? to_string(*parsed) : "";
}

/// A text: host and port; or nothing.
std::string authority(const std::string& line) {
    const auto parsed = Authority::parse(line);
    return parsed ? joined({parsed->host, std::to_string(parsed->port)}) : "";
}

/// Five counts, the Host field, the path of the application and header lines: the variables, and
/// the URL of the root.
std::string environ_after(const std::string& line) {
    const auto fields = naive::split(line, separator);
    Environ env = seen_by_server();
    env.http_host = fields.at(5);
    env.script_name = fields.at(6);
    env.headers = headers_of(fields, 7);
    const Trust trust{count_of(fields[0]), count_of(fields[1]), count_of(fields[2]),
                      count_of(fields[3]), count_of(fields[4])};
    ProxyFix{[](Environ&) {}, trust}(env);
    return joined({env.remote_addr, std::to_string(env.remote_port), env.url_scheme, env.http_host,
                   env.server_name, std::to_string(env.server_port), env.script_name,
                   url_root(env)});
}

/// The text of a trust, the peer and header lines: the client's address and port or nothing, and
/// the outcome.
std::string client(const std::string& line) {
    const auto fields = naive::split(line, separator);
    const Policy policy(parse_trust(fields.at(0)).value());
    const Environ env{.remote_addr = fields.at(1), .headers = headers_of(fields, 2)};
    const auto found = resolve(env, policy).client;
    if (!found) return joined({"", "", to_string(found.error())});
    return joined({to_string(found->address), std::to_string(found->port), "applied"});
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view what = argc == 2 ? argv[1] : "";
    std::string (*answer)(const std::string&) = what == "addresses"  ? address
                                                : what == "hosts"    ? authority
                                                : what == "environs" ? environ_after
                                                : what == "clients"  ? client
                                                                     : nullptr;
    if (answer == nullptr) {
        std::cerr << "usage: decide addresses | hosts | environs | clients\n";
        return 2;
    }
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) std::cout << answer(line) << '\n';
    return 0;
}
