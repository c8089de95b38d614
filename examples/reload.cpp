// SPDX-License-Identifier: MIT
// A new trust while requests are served: a shared_ptr under a mutex, copied once for each request.
// A request that has begun ends with the trust that it began with.
//
// std::atomic<std::shared_ptr> is no way yet: libc++ has none, and that of libstdc++ 12 has a data
// race inside.
#include <atomic>
#include <iostream>
#include <memory>
#include <mutex>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <thread>
#include <utility>

using proxyfix::Environ;

std::string handle(const Environ& env) { return env.remote_addr; }

using App = proxyfix::ProxyFix<decltype(&handle)>;

class Reloadable {
  public:
    explicit Reloadable(proxyfix::Trust trust) { reload(std::move(trust)); }

    // Throws std::invalid_argument if the trust contradicts itself; then the old one stays.
    void reload(proxyfix::Trust trust) {
        auto next = std::make_shared<const App>(&handle, std::move(trust));
        const std::lock_guard lock(mutex_);
        app_.swap(next);  // the old one is destroyed after unlocking, or by its last request
    }
    std::string operator()(Environ& env) const { return (*current())(env); }

  private:
    std::shared_ptr<const App> current() const {
        const std::lock_guard lock(mutex_);
        return app_;
    }

    mutable std::mutex mutex_;
    std::shared_ptr<const App> app_;
};

int main() {
    constexpr int threads = 3, requests = 5000;  // of each
    Reloadable app({.x_for = 1, .x_proto = 0});
    std::atomic<int> served = 0, wrong = 0;
    const auto ask = [&app] {
        Environ env{.remote_addr = "10.0.0.2",
                    .headers = {{"X-Forwarded-For", "198.51.100.9, 203.0.113.7"}}};
        return app(env);
    };
    const auto serve = [&] {
        for (int i = 0; i < requests; ++i) {
            const std::string client = ask();
            if (client != "203.0.113.7" && client != "198.51.100.9") ++wrong;
            ++served;
        }
    };
    std::thread readers[threads];
    for (std::thread& reader : readers) reader = std::thread(serve);
    for (unsigned hops = 1; served < threads * requests; hops = 3 - hops) {
        app.reload({.x_for = hops, .x_proto = 0});
    }
    for (std::thread& reader : readers) reader.join();

    app.reload({.x_for = 2, .x_proto = 0});
    std::cout << served << " requests, " << wrong << " wrong; now the client is " << ask() << '\n';
}
