// SPDX-License-Identifier: MIT
// What the compiler must refuse, one case at a time. MISUSE 0 is correct and must compile.
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <vector>

using proxyfix::Environ, proxyfix::ProxyFix, proxyfix::Trust;

struct NotAdapted {};

struct KeepsHeaders {
    std::vector<proxyfix::Header> headers;
};
template <> struct proxyfix::Adapter<KeepsHeaders> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const KeepsHeaders&) { return "10.0.0.2"; }
    static const auto& headers(const KeepsHeaders& request) { return request.headers; }
    static void apply(KeepsHeaders&, const Resolution&) {}
};

struct Copied : KeepsHeaders {};
template <> struct proxyfix::Adapter<Copied> {
    static constexpr bool lines_in_order = true;
    static const auto& headers(const Copied& request) { return request.headers; }
    static void fill(Environ&, const Copied&) {}
};

struct Doubtful : KeepsHeaders {};
template <> struct proxyfix::Adapter<Doubtful> : proxyfix::Adapter<KeepsHeaders> {
    static bool has_doubtful_lines(Doubtful&) { return true; }
};

int main() {
    using namespace proxyfix::literals;
    Environ env;
    const Environ const_env;
    NotAdapted other;
    auto app = [](const Environ& e) { return e.remote_addr.size(); };
    auto any = [](const auto&) { return 0; };
#if MISUSE == 0
    ProxyFix fixed{app,
                   {.x_for = 1, .allowed_hosts = {"shop.example"}, .client_header = "X-Real-IP"}};
    KeepsHeaders keeps;
    (proxyfix::proxy_fix<KeepsHeaders>({.proxies = {"10.0.0.0/8"_net}}) | any)(keeps);
    return static_cast<int>(fixed(env) + ProxyFix{any, Trust{}}(env)) + sizeof const_env +
           sizeof other + "10.0.0.1"_ip.is_v4();
#elif MISUSE == 1   // a negative count
    ProxyFix fixed{app, {.x_for = -1}};
#elif MISUSE == 2   // a missing Trust
    ProxyFix fixed{app};
#elif MISUSE == 3   // a const request
    ProxyFix{app, Trust{}}(const_env);
#elif MISUSE == 4   // a request without an Adapter
    ProxyFix{any, Trust{}}(other);
#elif MISUSE == 5   // a handler that cannot be called
    ProxyFix{[](Environ&, int) {}, Trust{}}(env);
#elif MISUSE == 6   // a missing Trust in a pipe
    proxyfix::proxy_fix() | app;
#elif MISUSE == 7   // views of a temporary
    return static_cast<int>(original(Environ{}).remote_addr.size());
#elif MISUSE == 8   // middleware that is not a Layer
    auto stack = proxyfix::proxy_fix(Trust{}) | [](auto next) { return next; } | app;
#elif MISUSE == 9   // a request that cannot be stripped, where its type is not named
    KeepsHeaders keeps;
    ProxyFix{any, Trust{}}(keeps);
#elif MISUSE == 10  // a network with host bits
    return static_cast<int>("10.0.0.1/8"_net.bits());
#elif MISUSE == 11  // a port in a pattern of hosts
    const Trust trust{.allowed_hosts = {"shop.example", "shop.example:80"}};
#elif MISUSE == 12  // a header name with a blank
    const Trust trust{.client_header = "X Real IP"};
#elif MISUSE == 13  // all hops of any proxies
    constexpr ProxyFix fixed{any, Trust{.x_for = proxyfix::all_hops}};
#elif MISUSE == 14  // an address with a leading zero
    return "010.0.0.1"_ip.is_v4() ? 0 : 1;
#elif MISUSE == 15  // a request without an Adapter, in a pipe
    proxyfix::proxy_fix_for<const NotAdapted&>(Trust{}) | any;
#elif MISUSE == 17  // a request that each call would copy
    proxyfix::proxy_fix_for<Copied>(Trust{}) | any;
#elif MISUSE == 18  // middleware that is not a Layer, before a framework's handler
    auto stack =
        proxyfix::proxy_fix_for<const Copied&>(Trust{}) | [](auto next) { return next; } | app;
#elif MISUSE == 19  // a trait that would never be used, as it takes no const request
    Doubtful doubtful;
    return resolve(doubtful, Trust{}).refused() ? 0 : 1;
#elif MISUSE == 16  // an Environ of a request without an Adapter
    proxyfix::EnvironOf beside(other);
#endif
}
