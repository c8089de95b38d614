// SPDX-License-Identifier: MIT
#include "proxyfix/decision/received.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "guarded_text.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/request/adapter.hpp"
#include "proxyfix/resolve.hpp"

using namespace proxyfix;
using detail::LineQuality, detail::Lines, detail::Received;

namespace {

using Line = std::pair<std::string_view, std::string_view>;

/// A request that counts how often it is asked for its peer, and for each of its lines.
struct Counting {
    struct Iterator {
        const Counting* request;
        std::size_t at;
        const Line& operator*() const {
            ++request->looks;
            return request->lines[at];
        }
        Iterator& operator++() {
            ++at;
            return *this;
        }
        bool operator==(const Iterator&) const = default;
    };
    struct Range {
        const Counting* request;
        Iterator begin() const {
            ++request->passes;
            return {request, 0};
        }
        Iterator end() const { return {request, request->lines.size()}; }
    };

    std::vector<Line> lines{};
    mutable int passes = 0, looks = 0, peers = 0;
};

/// Requests whose servers tell different things about the lines.
struct Ordered {
    std::vector<Line> lines{};
};
struct Unordered : Ordered {};
struct MayBeDoubtful : Ordered {
    bool is_doubtful = false;
};
struct MayLack : Unordered {
    bool lacks = false;
};
struct Both : Ordered {
    bool is_doubtful = false, lacks = false;
};

template <bool in_order> struct ReadsLines {
    static constexpr bool lines_in_order = in_order;
    static constexpr std::string_view peer(const Ordered&) { return "10.0.0.2"; }
    static constexpr const auto& headers(const Ordered& request) { return request.lines; }
};

}  // namespace

template <> struct proxyfix::Adapter<Counting> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const Counting& request) {
        ++request.peers;
        return "10.0.0.2";
    }
    static Counting::Range headers(const Counting& request) { return {&request}; }
};
template <> struct proxyfix::Adapter<Ordered> : ReadsLines<true> {};
template <> struct proxyfix::Adapter<Unordered> : ReadsLines<false> {};
template <> struct proxyfix::Adapter<MayBeDoubtful> : ReadsLines<true> {
    static bool has_doubtful_lines(const MayBeDoubtful& request) { return request.is_doubtful; }
};
template <> struct proxyfix::Adapter<MayLack> : ReadsLines<false> {
    static bool may_lack_lines(const MayLack& request) { return request.lacks; }
};
template <> struct proxyfix::Adapter<Both> : ReadsLines<true> {
    static bool has_doubtful_lines(const Both& request) { return request.is_doubtful; }
    static bool may_lack_lines(const Both& request) { return request.lacks; }
};

namespace {

constexpr FieldName x_for = "X-Forwarded-For", via = "Via";

template <class R> Received received_of(const R& request, const Policy& policy) {
    Received received;
    detail::receive(request, policy.table(), received);
    return received;
}

/// A trust that counts the header of this name alone.
Trust trust_in(const FieldName& name) {
    Trust trust{.x_for = 0, .x_proto = 0};
    if (name == x_for) trust.x_for = 1;
    else trust.client_header = name;
    return trust;
}

/// The count of lines of a name, among lines of these names.
std::size_t count_of(const FieldName& name, std::string_view a, std::string_view b = "") {
    const Policy policy = trust_in(name);
    const Ordered request{{{a, "1"}, {b, "2"}}};
    return received_of(request, policy).headers[0].count;
}

/// The lines that were kept, from the last one.
std::vector<std::string_view> kept(const Lines& lines) {
    std::vector<std::string_view> texts;
    for (std::size_t n = 1; n <= lines.count && n <= Lines::most; ++n)
        texts.push_back(lines.from_last(n));
    return texts;
}
using Texts = std::vector<std::string_view>;

}  // namespace

TEST_CASE("A name matches whatever its letter case") {
    CHECK(count_of(x_for, "x-forwarded-for") == 1);
    CHECK(count_of(x_for, "x-forwarded-foR") == 1);
    CHECK(count_of(x_for, "X-Forwarded-For", "X-FORWARDED-FOR") == 2);
    CHECK(count_of(x_for, "", "Y-Forwarded-For") == 0);
}

TEST_CASE("A name of more than 63 bytes is none of the headers, whatever its length") {
    const std::string name = "X-Forwarded-For";
    for (const std::size_t size : {64u, 65u, 78u, 79u, 80u, 127u, 128u, 143u, 65'551u}) {
        CAPTURE(size);
        const std::string filling(size - name.size(), 'r');
        CHECK(count_of(x_for, name + filling, filling + name) == 0);
        const std::string longest(63, 'r');
        CHECK(count_of(*FieldName::parse(longest), longest, std::string(size, 'r')) == 1);
    }
}

TEST_CASE("An empty name is none of the headers") {
    CHECK(count_of(x_for, "", "") == 0);
    const FieldName longest = *FieldName::parse(std::string(63, 'x'));
    CHECK(count_of(longest, "", std::string(64, 'x')) == 0);
    CHECK(count_of(longest, std::string_view(), std::string_view("\0", 1)) == 0);
}

TEST_CASE("Of each header of the table the lines are received, and no others") {
    const Policy policy = Trust{.x_proto = 1, .x_port = 1, .client_header = via};
    const Ordered request{{{"Via", "1"},
                           {"X-Forwarded-Proto", "2"},
                           {"X-Forwarded-Port", "3"},
                           {"X-Forwarded-Prote", "4"},
                           {"via", "5"},
                           {"X_Forwarded_Proto", "6"},
                           {"x-forwarded-PROTO", "7"},
                           {"Vib", "8"},
                           {"VIA", ""},
                           {"V", "9"},
                           {"Via ", "10"},
                           {" Via", "11"},
                           {"X-Proto", "0"},
                           // These have no count, or are replaced.
                           {"X-Forwarded-For", "12"},
                           {"X-Forwarded-Host", "13"},
                           {"X-Forwarded-Prefix", "14"},
                           {"Forwarded", "15"}}};
    const Received received = received_of(request, policy);
    REQUIRE(policy.table().names.size() == 3);
    CHECK(kept(received.headers[0]) == Texts{"", "5", "1"});
    CHECK(kept(received.headers[1]) == Texts{"7", "2"});
    CHECK(kept(received.headers[2]) == Texts{"3"});
    CHECK(received.headers[3].count == 0);
    CHECK(received.headers[4].count == 0);
}

TEST_CASE("A table of five headers receives the lines of each") {
    const Policy policy = Trust{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1};
    const Ordered request{{{"X-Forwarded-Prefix", "/"},
                           {"X-Forwarded-Port", "80"},
                           {"X-Forwarded-Host", "a"},
                           {"X-Forwarded-Proto", "http"},
                           {"X-Forwarded-For", "::1"},
                           {"Forwarded", "for=1.2.3.4"},
                           {"X-Forwarded-Port", "443"}}};
    const Received received = received_of(request, policy);
    CHECK(kept(received.headers[0]) == Texts{"::1"});
    CHECK(kept(received.headers[1]) == Texts{"http"});
    CHECK(kept(received.headers[2]) == Texts{"a"});
    CHECK(kept(received.headers[3]) == Texts{"443", "80"});
    CHECK(kept(received.headers[4]) == Texts{"/"});
}

TEST_CASE("Where there is no line, nothing is received") {
    const Policy policy = Trust{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1};
    for (const Ordered& request : {Ordered{}, Ordered{{{"Via", "1.1 a"}, {"Forwarded", ""}}}}) {
        const Received received = received_of(request, policy);
        for (const Lines& lines : received.headers) CHECK(lines.count == 0);
        CHECK(received.lines_in_order);
        CHECK(received.quality == LineQuality::as_sent);
        CHECK(received.peer.empty());
    }
    const Received none = received_of(Ordered{{{"X-Forwarded-For", "1.2.3.4"}}},
                                      Policy(Trust{.x_for = 0, .x_proto = 0}));
    for (const Lines& lines : none.headers) CHECK(lines.count == 0);
}

TEST_CASE("Of a header the last 16 lines are kept, and all are counted") {
    const Policy policy = Trust{.x_for = 1, .x_proto = 1};
    std::vector<std::string> texts;
    for (int i = 0; i < 50; ++i) texts.push_back(std::to_string(i));
    for (std::size_t count = 0; count <= texts.size(); ++count) {
        CAPTURE(count);
        Ordered request;
        Texts expected;
        for (std::size_t i = 0; i < count; ++i) {
            request.lines.emplace_back("X-Forwarded-For", texts[i]);
            if (i % 2 == 0) request.lines.emplace_back("X-Forwarded-Proto", texts[i]);
        }
        for (std::size_t i = count; i > 0 && count - i < 16; --i) expected.push_back(texts[i - 1]);
        const Received received = received_of(request, policy);
        CHECK(received.headers[0].count == count);
        CHECK(received.headers[1].count == (count + 1) / 2);
        CHECK(kept(received.headers[0]) == expected);
        if (count > 0) CHECK(kept(received.headers[0])[0].data() == texts[count - 1].data());
    }
}

TEST_CASE("What the adapter says of the lines is received") {
    const Policy policy = Trust{};
    const auto traits = [&policy](const auto& request) {
        const Received received = received_of(request, policy);
        return std::pair(received.lines_in_order, received.quality);
    };
    using Traits = std::pair<bool, LineQuality>;
    CHECK(traits(Ordered{}) == Traits(true, LineQuality::as_sent));
    CHECK(traits(Unordered{}) == Traits(false, LineQuality::as_sent));
    CHECK(traits(MayBeDoubtful{}) == Traits(true, LineQuality::as_sent));
    CHECK(traits(MayBeDoubtful{{}, true}) == Traits(true, LineQuality::doubtful));
    CHECK(traits(MayLack{}) == Traits(false, LineQuality::as_sent));
    CHECK(traits(MayLack{{}, true}) == Traits(false, LineQuality::may_lack));
    CHECK(traits(Both{}) == Traits(true, LineQuality::as_sent));
    CHECK(traits(Both{{}, true, false}) == Traits(true, LineQuality::doubtful));
    CHECK(traits(Both{{}, false, true}) == Traits(true, LineQuality::may_lack));
    // What may lack says more: even a header that is not there may have been sent.
    CHECK(traits(Both{{}, true, true}) == Traits(true, LineQuality::may_lack));
}

TEST_CASE("The peer is asked for with a list of proxies alone") {
    Counting request{{{"X-Forwarded-For", "203.0.113.7"}}};
    CHECK(received_of(request, Trust{}).peer.empty());
    CHECK(request.peers == 0);
    for (const Networks& proxies : {Networks{}, Networks{"10.0.0.0/8"}, Networks::loopback()}) {
        request.peers = 0;
        CHECK(received_of(request, Trust{.proxies = proxies}).peer == "10.0.0.2");
        CHECK(request.peers == 1);
    }
}

TEST_CASE("A decision passes over the lines once") {
    Counting request{{{"X-Forwarded-For", "203.0.113.7"},
                      {"Via", "1.1 a"},
                      {"X-Forwarded-Proto", "https"},
                      {"X-Forwarded-For", "10.0.0.8"},
                      {"Forwarded", "for=203.0.113.7"},
                      {"Forwarded", "for=10.0.0.8"},
                      {"X-Forwarded-For", "10.0.0.9"}}};
    const Networks proxies{"10.0.0.0/8"};
    for (const Trust& trust : {Trust{}, Trust{.x_for = 3, .x_proto = 1}, Trust{.x_for = 16},
                               Trust{.x_for = 2, .x_proto = 2, .x_host = 2, .forwarded = true},
                               Trust{.x_for = 0, .x_proto = 0}, Trust{.client_header = "X-Real-IP"},
                               Trust{.x_for = 3, .x_proto = 1, .proxies = proxies},
                               Trust{.x_for = all_hops, .proxies = proxies},
                               Trust{.x_for = all_hops,
                               .x_proto = all_hops,
                               .x_host = all_hops,
                               .forwarded = true,
                               .proxies = proxies}}) {
        const Policy policy(trust);
        request.passes = request.looks = request.peers = 0;
        static_cast<void>(resolve(request, policy));
        CHECK(request.passes == 1);
        CHECK(request.looks == 7);
        CHECK(request.peers == (trust.proxies.is_any() ? 0 : 1));
    }
    for (int i = 0; i < 1000; ++i) request.lines.emplace_back("X-Forwarded-For", "10.0.0.9");
    request.passes = request.looks = 0;
    const Policy walk = Trust{.x_for = all_hops, .proxies = proxies};
    CHECK(resolve(request, walk).client == Reason::chain_too_long);
    CHECK(request.passes == 1);
    CHECK(request.looks == 1007);
}

TEST_CASE("No byte outside of a name is read") {
    const GuardedText guarded;
    for (std::size_t size = 0; size <= 160; ++size) {
        const std::string text(size, 'r');
        FieldName name = *FieldName::parse(text.substr(0, 63));
        const std::size_t expected = size >= 1 && size <= 63 ? 1 : 0;
        if (size == 0) name = x_for;
        CAPTURE(size);
        CHECK(count_of(name, guarded.at_end(text)) == expected);
        CHECK(count_of(name, guarded.at_begin(text)) == expected);
        CHECK(count_of(x_for, guarded.at_end(text)) == 0);
    }
}
