// SPDX-License-Identifier: MIT
#include "headers.hpp"

bool is_private(const proxyfix::Environ& env) {
    using namespace proxyfix::literals;
    const auto address = proxyfix::Address::parse(env.remote_addr);
    return address && "10.0.0.0/8"_net.contains(*address);
}
