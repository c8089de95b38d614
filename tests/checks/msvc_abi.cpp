// SPDX-License-Identifier: MIT
// Compiled, and not run, for the ABI of MSVC, which has an attribute of its own for members that
// take no room.
#include <proxyfix/adapters/cgi.hpp>
#include <proxyfix/explain.hpp>
#include <proxyfix/proxyfix.hpp>

namespace {

struct Handler {
    int operator()(const proxyfix::Environ&) const { return 1; }
    int operator()(const proxyfix::Environ&, proxyfix::CgiVariables) const { return 2; }
};

using Fixed = proxyfix::ProxyFix<Handler>;
static_assert(sizeof(Fixed) == sizeof(proxyfix::Policy), "an empty handler takes no room");

}  // namespace

int use(proxyfix::Environ& env, proxyfix::CgiVariables variables) {
    const proxyfix::Trust trust{.x_for = 1, .proxies = {"10.0.0.0/24"}};
    const Fixed app{Handler{}, trust};
    const auto cgi = proxyfix::proxy_fix_for<proxyfix::CgiVariables>(trust) | Handler{};
    return app(env) + cgi(variables) + static_cast<int>(proxyfix::explain(env, trust).size());
}
