// SPDX-License-Identifier: MIT
// What the compiler must refuse, one case at a time. MISUSE 0 is correct and must compile.
#include <proxyfix/proxyfix.hpp>
#include <string>

using proxyfix::Environ, proxyfix::ProxyFix, proxyfix::Trust;

struct NotAdapted {};

int main() {
    Environ env;
    const Environ const_env;
    NotAdapted other;
    auto app = [](const Environ& e) { return e.remote_addr.size(); };
    auto any = [](const auto&) { return 0; };
#if MISUSE == 0
    ProxyFix fixed{app, {.x_for = 1}};
    return static_cast<int>(fixed(env) + ProxyFix{any, Trust{}}(env)) + sizeof const_env +
           sizeof other;
#elif MISUSE == 1  // a negative count
    ProxyFix fixed{app, {.x_for = -1}};
#elif MISUSE == 2  // a missing Trust
    ProxyFix fixed{app};
#elif MISUSE == 3  // a const request
    ProxyFix{app, Trust{}}(const_env);
#elif MISUSE == 4  // a request without an Adapter
    ProxyFix{any, Trust{}}(other);
#elif MISUSE == 5  // a handler that cannot be called
    ProxyFix{[](Environ&, int) {}, Trust{}}(env);
#elif MISUSE == 6  // a missing Trust in a pipe
    proxyfix::proxy_fix() | app;
#elif MISUSE == 7  // views of a temporary
    return static_cast<int>(original(Environ{}).remote_addr.size());
#elif MISUSE == 8  // middleware that is not a Layer
    auto stack = proxyfix::proxy_fix(Trust{}) | [](auto next) { return next; } | app;
#endif
}
