// SPDX-License-Identifier: MIT
// The reader of request heads that the examples share: what it accepts, written again, reads the
// same.
#include "../../examples/request_head.hpp"

#include "../environ_helpers.hpp"
#include "demand.hpp"

using proxyfix::Environ;

namespace {

std::string written(const Environ& env) {
    std::string head = env.request_method + ' ' + env.path_info;
    if (!env.query_string.empty()) head += '?' + env.query_string;
    head += env.http_host.empty() ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n";
    for (const auto& [name, value] : env.headers) head += name + ": " + value + "\r\n";
    return head + "\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view head = view_of(data, size);
    Environ env, again;
    if (!read_request_head(head, env).empty()) return 0;
    const std::string canonical = written(env);
    demand(read_request_head(canonical, again).empty(), "a head is read again", canonical);
    demand(written(again) == canonical, "a head is read again as the same", canonical);
    demand(env.path_info.starts_with('/'), "the target is in origin-form", canonical);
    demand(env.http_host.empty() || naive::authority(env.http_host), "the host is valid",
           canonical);
    return 0;
}
