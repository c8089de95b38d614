// SPDX-License-Identifier: MIT
// Counts what happened to each field, as text for Prometheus. A rise of anything but "applied" and
// "not_configured" tells that the chain has changed, or that somebody bypasses it. Who bypasses the
// outer proxy only shows as "hop_not_trusted" of another header: count x_proto as well.
#include <cstdint>
#include <iostream>
#include <map>
#include <mutex>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>
#include <utility>

using proxyfix::Environ;

// May be used by several threads at once.
class Metrics {
  public:
    // Each series is there from the start: an alert needs the 0 that it rises from.
    Metrics() {
        for (const char* field : {"client", "proto", "host", "port", "prefix"}) {
            counts_[{field, "applied"}] = 0;
            for (int i = 0; i <= static_cast<int>(proxyfix::Reason::host_not_allowed); ++i) {
                counts_[{field, to_string(static_cast<proxyfix::Reason>(i))}] = 0;
            }
        }
    }

    void count(const proxyfix::ProxyRecord& record) {
        const std::lock_guard lock(mutex_);
        ++counts_[{"client", to_string(record.client)}];
        ++counts_[{"proto", to_string(record.proto)}];
        ++counts_[{"host", to_string(record.host)}];
        ++counts_[{"port", to_string(record.port)}];
        ++counts_[{"prefix", to_string(record.prefix)}];
    }

    std::string text() const {
        const std::lock_guard lock(mutex_);
        std::string text =
            "# HELP proxyfix_outcomes_total What happened to each field of a request.\n"
            "# TYPE proxyfix_outcomes_total counter\n";
        for (const auto& [names, n] : counts_) {
            text.append("proxyfix_outcomes_total{field=\"").append(names.first);
            text.append("\",outcome=\"").append(names.second).append("\"} ");
            text.append(std::to_string(n)).append("\n");
        }
        return text;
    }

  private:
    mutable std::mutex mutex_;
    // By field and outcome: names that live as long as the program.
    std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> counts_;
};

int main() {
    Metrics metrics;
    const proxyfix::ProxyFix app{[&](const Environ& env) { metrics.count(env.proxy); },
                                 {.x_for = 1, .x_proto = 1, .proxies = {"10.0.0.2"}}};
    for (const char* peer : {"10.0.0.2", "10.0.0.2", "198.51.100.9"}) {
        Environ env{.remote_addr = peer, .headers = {{"X-Forwarded-For", "203.0.113.7"}}};
        app(env);
    }
    std::cout << metrics.text();
}
