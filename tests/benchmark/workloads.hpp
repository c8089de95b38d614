// SPDX-License-Identifier: MIT
/// \file
/// What is measured: requests as applications get them behind proxies, and attacks on their length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxyfix/decision/trust.hpp"
#include "proxyfix/request/environ.hpp"
#include "proxyfix/resolve.hpp"

namespace workload {

using proxyfix::Environ, proxyfix::Header, proxyfix::Trust;

/// Requests of one kind. They differ in the order of headers, the letter case of names, and in
/// addresses.
struct Workload {
    std::string name;
    Trust trust;
    std::vector<Environ> requests;
    bool is_forwarded = true;  ///< Are there X-Forwarded-Proto and -Host?
    bool has_client = true;    ///< Is the client's address to be found?
};

/// Numbers that are the same on every machine.
class Random {
  public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    /// One of 0 to `n` - 1.
    std::size_t below(std::size_t n) { return engine_() % n; }

    std::string v4() {
        const auto octet = [this] { return std::to_string(below(256)); };
        return std::to_string(1 + below(223)) + '.' + octet() + '.' + octet() + '.' + octet();
    }
    std::string v6() {
        std::string text = "2001:db8:";
        for (int group = 0; group < 2; ++group) text += hexadecimal() + ':';
        return text + ':' + hexadecimal();  // as hosts have it: a "::" in the middle
    }
    /// As clients and servers write it: X-Forwarded-For, or x-forwarded-for in HTTP/2, or else.
    std::string spelled(std::string name) {
        const std::size_t spelling = below(3);
        for (char& c : name) {
            if (spelling == 1) c = proxyfix::detail::to_lower(c);
            if (spelling == 2 && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        }
        return name;
    }
    template <class T> void shuffle(std::vector<T>& values) {
        for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
    }

  private:
    std::string hexadecimal() {
        std::string digits(1, "123456789abcdef"[below(15)]);
        while (digits.size() < 4) digits += "0123456789abcdef"[below(16)];
        return digits;
    }

    std::mt19937 engine_;
};

/// What a browser sends besides, in the order of their use: the first 12, or more.
inline std::vector<Header> browser_headers(std::size_t count) {
    std::vector<Header> headers{
        {"Host", "www.example.com"},
        {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"},
        {"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
        {"Accept-Language", "en-GB,en;q=0.5"},
        {"Accept-Encoding", "gzip, deflate, br, zstd"},
        {"Connection", "keep-alive"},
        {"Cookie", "session=4f9a2c7d81e04b5c; theme=dark; consent=all"},
        {"Referer", "https://www.example.com/catalogue?page=2"},
        {"Sec-Fetch-Dest", "document"},
        {"Sec-Fetch-Mode", "navigate"},
        {"Sec-Fetch-Site", "same-origin"},
        {"Cache-Control", "max-age=0"},
        {"If-None-Match", "\"5f2a7c1e9b\""},
        {"If-Modified-Since", "Tue, 04 Mar 2025 09:10:11 GMT"},
        {"Upgrade-Insecure-Requests", "1"},
    };
    headers.resize(count);
    return headers;
}

/// A request with these headers among those of a browser.
inline Environ request(Random& random, std::vector<Header> forwarded, std::size_t others) {
    Environ env{.remote_addr = "10.0.0.2",
                .remote_port = 40000,
                .http_host = "app.internal:8000",
                .server_name = "app.internal",
                .server_port = 8000,
                .path_info = "/catalogue",
                .headers = browser_headers(others)};
    for (Header& line : forwarded) env.headers.push_back(std::move(line));
    for (Header& line : env.headers) line.name = random.spelled(line.name);
    random.shuffle(env.headers);
    return env;
}

/// As many requests as are asked for, each with the headers that `forwarded(random)` gives.
template <class Forwarded>
Workload make(std::string name, Trust trust, std::size_t count, std::size_t others,
              Forwarded forwarded) {
    Workload result{std::move(name), std::move(trust), {}};
    Random random(1);
    for (std::size_t i = 0; i < count; ++i) {
        result.requests.push_back(request(random, forwarded(random), others));
    }
    return result;
}

inline const std::string host = "www.example.com";

/// W1, typical: one proxy, X-Forwarded-For, -Proto and -Host, 12 other headers.
inline Workload typical(std::size_t count) {
    return make("W1 typical", {.x_host = 1}, count, 12, [](Random& random) {
        return std::vector<Header>{{"X-Forwarded-For", random.v4()},
                                   {"X-Forwarded-Proto", "https"},
                                   {"X-Forwarded-Host", host}};
    });
}

/// W1 with a client that has an IPv6 address.
inline Workload typical_v6(std::size_t count) {
    return make("W1 typical, IPv6", {.x_host = 1}, count, 12, [](Random& random) {
        return std::vector<Header>{{"X-Forwarded-For", random.v6()},
                                   {"X-Forwarded-Proto", "https"},
                                   {"X-Forwarded-Host", host}};
    });
}

/// Why what is measured would be something else: the library does not decide about each request
/// what there is to be decided. Empty if it does.
inline std::string fault(const Workload& workload) {
    for (const Environ& env : workload.requests) {
        const proxyfix::Resolution r = proxyfix::resolve(env, proxyfix::Policy(workload.trust));
        if (r.client.has_value() != workload.has_client ||
            (r.proto == proxyfix::Scheme::https) != workload.is_forwarded ||
            (r.host == proxyfix::Authority{host}) != workload.is_forwarded) {
            return workload.name + ": not decided as it should be";
        }
    }
    return "";
}

/// W2, chain: two proxies that append to all five headers, 3 addresses, 15 other headers.
inline Workload chain(std::size_t count) {
    const Trust trust{.x_for = 2, .x_proto = 2, .x_host = 2, .x_port = 2, .x_prefix = 2};
    return make("W2 chain", trust, count, 15, [](Random& random) {
        return std::vector<Header>{
            {"X-Forwarded-For", random.v4() + ", " + random.v4() + ", 10.0.0.3"},
            {"X-Forwarded-Proto", "https, http"},
            {"X-Forwarded-Host", host + ", app.internal"},
            {"X-Forwarded-Port", "443, 8080"},
            {"X-Forwarded-Prefix", "/shop, /app"}};
    });
}

/// What a client may fill a header with.
enum class Filler { addresses, commas, token };
inline constexpr Filler fillers[] = {Filler::addresses, Filler::commas, Filler::token};
inline std::string_view to_string(Filler filler) {
    constexpr std::string_view names[] = {"addresses", "commas", "one token"};
    return names[static_cast<std::size_t>(filler)];
}

/// `size` bytes that a client sends in X-Forwarded-For.
inline std::string filled(Filler filler, std::size_t size) {
    const std::string_view pattern[] = {"198.51.100.77, ", ",", "a"};
    std::string text(pattern[static_cast<std::size_t>(filler)]);
    while (text.size() < size) text += text;
    return text.substr(0, size);
}

/// W3, hostile: W1, but X-Forwarded-For has `size` bytes. Of addresses the proxy's is the last one;
/// commas and a token are all there is, as if no proxy had appended to them.
inline Workload hostile(std::size_t count, Filler filler, std::size_t size) {
    const std::string text = filled(filler, size);
    const std::string name =
        "W3 " + std::to_string(size / 1024) + " KB of " + std::string(to_string(filler));
    Workload workload = make(name, {.x_host = 1}, count, 12, [&](Random& random) {
        std::string value = random.v4();
        const std::size_t filled_size =
            filler == Filler::addresses ? size - value.size() - 2 : size;
        value = filler == Filler::addresses ? text.substr(0, filled_size) + ", " + value : text;
        return std::vector<Header>{
            {"X-Forwarded-For", value}, {"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", host}};
    });
    workload.has_client = filler == Filler::addresses;
    return workload;
}

/// W3 on many lines: W1, but there are `lines` X-Forwarded-For.
inline Workload many_lines(std::size_t count, std::size_t lines) {
    const std::string name = "W3 " + std::to_string(lines) + " lines";
    return make(name, {.x_host = 1}, count, 12, [lines](Random& random) {
        std::vector<Header> headers{{"X-Forwarded-Proto", "https"}, {"X-Forwarded-Host", host}};
        for (std::size_t i = 0; i < lines; ++i) headers.push_back({"X-Forwarded-For", random.v4()});
        return headers;
    });
}

/// W4: 12 headers, none of them forwarded.
inline Workload direct(std::size_t count) {
    Workload workload = make("W4 none forwarded", {.x_host = 1}, count, 12,
                             [](Random&) { return std::vector<Header>{}; });
    workload.is_forwarded = workload.has_client = false;
    return workload;
}

/// The text of `count` networks, every third of IPv6. The proxies' own are among them.
inline std::string network_text(std::size_t count) {
    std::string text = "10.0.0.0/24 2001:db8:ffff::/48";
    for (std::size_t i = 2; i < count; ++i) {
        const std::string number = std::to_string(i);
        text += i % 3 == 0 ? " 2001:db8:" + number + "::/48" : " 172." + number + ".0.0/24";
    }
    return text;
}
inline proxyfix::Networks networks(std::size_t count) {
    return proxyfix::Networks::parse(network_text(count)).value();
}

/// W5, walk: X-Forwarded-For with 3 addresses, of which two are proxies' in the list, IPv4 or IPv6.
inline Workload walk(std::size_t count, std::size_t network_count) {
    const Trust trust{.x_for = proxyfix::all_hops, .x_host = 1, .proxies = networks(network_count)};
    return make("W5 walk, " + std::to_string(network_count) + " networks", trust, count, 12,
                [](Random& random) {
                    const auto inside = [&] {
                        const std::string last = std::to_string(1 + random.below(254));
                        return random.below(2) == 0 ? "10.0.0." + last : "2001:db8:ffff::" + last;
                    };
                    const std::string client = random.below(2) == 0 ? random.v4() : random.v6();
                    const std::string middle = inside();
                    return std::vector<Header>{
                        {"X-Forwarded-For", client + ", " + middle + ", " + inside()},
                        {"X-Forwarded-Proto", "https"},
                        {"X-Forwarded-Host", host}};
                });
}

}  // namespace workload
