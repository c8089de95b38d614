// SPDX-License-Identifier: MIT
// The same stack, piped or nested: piping.cmake compares the instructions.
#include <cstddef>
#include <proxyfix/proxyfix.hpp>
#include <utility>

using proxyfix::Environ;

template <class Next> class Count {
  public:
    Count(Next next, std::size_t* calls) : next_(std::move(next)), calls_(calls) {}
    std::size_t operator()(Environ& env) const {
        ++*calls_;
        return next_(env);
    }

  private:
    Next next_;
    std::size_t* calls_;
};

std::size_t app(Environ& env);

inline auto make_stack(std::size_t& calls) {
    const proxyfix::Trust trust{.x_for = 1};
#if PIPED
    return proxyfix::layer<Count>(&calls) | proxyfix::proxy_fix(trust) |
           proxyfix::layer<Count>(&calls) | app;
#else
    return Count{proxyfix::ProxyFix{Count{app, &calls}, trust}, &calls};
#endif
}

using Stack = decltype(make_stack(std::declval<std::size_t&>()));

std::size_t handle(const Stack& stack, Environ& env) { return stack(env); }
