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

std::size_t handle(Environ& env, std::size_t& calls) {
    const proxyfix::Trust trust{.x_for = 1};
#if PIPED
    const auto stack = proxyfix::layer<Count>(&calls) | proxyfix::proxy_fix(trust) |
                       proxyfix::layer<Count>(&calls) | app;
#else
    const Count stack{proxyfix::ProxyFix{Count{app, &calls}, trust}, &calls};
#endif
    return stack(env);
}
