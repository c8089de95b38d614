// SPDX-License-Identifier: MIT
#include "proxyfix/request/adapter.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "proxyfix/request/environ.hpp"
#include "proxyfix/resolve.hpp"
#include "view_request.hpp"

using namespace proxyfix;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Plain {
    Fields fields;
};
struct CopiesItsPeer : Plain {};
struct HoldsItsPeer : Plain {};
struct PointsToItsPeer : Plain {};
struct CopiesItsHeaders : Plain {};
struct CopiesEachHeader : Plain {};
struct HasNoPeer : Plain {};
struct DoesNotTellTheOrder : Plain {};
struct TellsTheOrderAtRunTime : Plain {};
struct HasNoEnd : Plain {};
struct NotAdapted : Plain {};
struct Erasing : Plain {};
struct ErasingAnything : Plain {};
struct ErasingByName : Plain {};
struct ErasingByFunction : Plain {};
struct ErasingUnapplied : Plain {};

/// A linked list, as C libraries have it.
struct Node {
    const char *name, *value;
    const Node* next;
};
struct NodeIterator {
    const Node* node;
    std::pair<const char*, const char*> operator*() const { return {node->name, node->value}; }
    NodeIterator& operator++() {
        node = node->next;
        return *this;
    }
    bool operator==(const NodeIterator&) const = default;
};
struct NodeRange {
    const Node* first;
    NodeIterator begin() { return {first}; }  // as those of some views, not const
    NodeIterator end() { return {nullptr}; }
};
struct ListRequest {
    const Node* first;
};
/// A map keeps the order of the lines of one name only if it disregards the letter case.
struct LessIgnoringCase {
    bool operator()(const std::string& a, const std::string& b) const {
        return std::lexicographical_compare(
            a.begin(), a.end(), b.begin(), b.end(),
            [](char x, char y) { return detail::to_lower(x) < detail::to_lower(y); });
    }
};
struct MapRequest {
    std::multimap<std::string, std::string, LessIgnoringCase> fields;
};

struct ReadsPlain {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const Plain&) { return "10.0.0.2"; }
    static const Fields& headers(const Plain& request) { return request.fields; }
    static void apply(Plain&, const Resolution&) {}
};

}  // namespace

template <> struct proxyfix::Adapter<Plain> : ReadsPlain {};
template <> struct proxyfix::Adapter<CopiesItsPeer> : ReadsPlain {
    static std::string peer(const CopiesItsPeer&) { return "10.0.0.2"; }
};
template <> struct proxyfix::Adapter<HoldsItsPeer> : ReadsPlain {
    struct Text {
        char bytes[46];
        operator std::string_view() const { return bytes; }
    };
    static Text peer(const HoldsItsPeer&) { return {"10.0.0.2"}; }
};
template <> struct proxyfix::Adapter<PointsToItsPeer> : ReadsPlain {
    static const char* peer(const PointsToItsPeer&) { return "10.0.0.2"; }
};
template <> struct proxyfix::Adapter<CopiesItsHeaders> : ReadsPlain {
    static Fields headers(const CopiesItsHeaders& request) { return request.fields; }
};
template <> struct proxyfix::Adapter<CopiesEachHeader> : ReadsPlain {
    struct Range {
        const Fields* fields;
        struct Iterator {
            Fields::const_iterator at;
            Fields::value_type operator*() const { return *at; }
            bool operator==(const Iterator&) const = default;
        };
        Iterator begin() const { return {fields->begin()}; }
        Iterator end() const { return {fields->end()}; }
    };
    static Range headers(const CopiesEachHeader& request) { return {&request.fields}; }
};
template <> struct proxyfix::Adapter<HasNoPeer> {
    static constexpr bool lines_in_order = true;
    static const Fields& headers(const HasNoPeer& request) { return request.fields; }
    static void apply(HasNoPeer&, const Resolution&) {}
};
template <> struct proxyfix::Adapter<DoesNotTellTheOrder> {
    static std::string_view peer(const Plain&) { return "10.0.0.2"; }
    static const Fields& headers(const Plain& request) { return request.fields; }
};
template <> struct proxyfix::Adapter<TellsTheOrderAtRunTime> : Adapter<DoesNotTellTheOrder> {
    static inline bool lines_in_order = true;
};
template <> struct proxyfix::Adapter<HasNoEnd> : ReadsPlain {
    struct Range {
        int* begin() const { return nullptr; }
    };
    static Range headers(const HasNoEnd&) { return {}; }
};
template <> struct proxyfix::Adapter<Erasing> : ReadsPlain {
    static void erase(Erasing&, auto&) {}
};
template <> struct proxyfix::Adapter<ErasingByFunction> : ReadsPlain {
    static void erase(ErasingByFunction&, bool (&)(std::string_view)) {}
};
template <> struct proxyfix::Adapter<ErasingAnything> : ReadsPlain {
    static void erase(ErasingAnything&, auto& is_erased) { is_erased(std::string("Via")); }
};
template <> struct proxyfix::Adapter<ErasingByName> : ReadsPlain {
    static void erase(ErasingByName&, std::string_view) {}
};
template <> struct proxyfix::Adapter<ErasingUnapplied> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const Plain&) { return "10.0.0.2"; }
    static const Fields& headers(const Plain& request) { return request.fields; }
    static void erase(ErasingUnapplied&, auto&) {}
};
template <> struct proxyfix::Adapter<ListRequest> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const ListRequest&) { return "10.0.0.2"; }
    static NodeRange headers(const ListRequest& request) { return {request.first}; }
};
template <> struct proxyfix::Adapter<MapRequest> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const MapRequest&) { return "10.0.0.2"; }
    static const auto& headers(const MapRequest& request) { return request.fields; }
};

static_assert(Readable<Plain> && Rewritable<Plain>);
static_assert(!Readable<CopiesItsPeer>, "a view of a copied peer would dangle");
static_assert(!Readable<HoldsItsPeer>, "and so would one of a value that holds the text");
static_assert(Readable<PointsToItsPeer>);
static_assert(Readable<ViewRequest> && !Rewritable<ViewRequest>, "it has no apply");
static_assert(!Rewritable<const Plain>, "a const request cannot be rewritten");
static_assert(!Readable<NotAdapted> && !Readable<int>);
static_assert(!Readable<HasNoPeer> && !Readable<HasNoEnd>);
static_assert(!Readable<DoesNotTellTheOrder> && !Readable<TellsTheOrderAtRunTime>);
static_assert(!Readable<CopiesItsHeaders>, "views of a copied container would dangle");
static_assert(!Readable<CopiesEachHeader>, "views of a copied header would dangle");

static_assert(Strippable<Erasing> && Strippable<ErasingAnything>);
static_assert(Rewritable<Plain> && !Strippable<Plain>, "it has no erase");
static_assert(!Strippable<ErasingByName>, "erase takes a name, not what tells of each name");
static_assert(!Strippable<ErasingByFunction>, "what tells of each name is no function: it counts");
static_assert(!Strippable<ErasingUnapplied>, "it has no apply");
static_assert(!Strippable<const Erasing>, "a const request cannot be stripped");
static_assert(!Strippable<NotAdapted> && !Strippable<int>);

namespace {

/// A decision where no header is configured.
constexpr Resolution nothing_configured() {
    return {Reason::not_configured, Reason::not_configured, Reason::not_configured,
            Reason::not_configured, Reason::not_configured};
}
/// Is a decision refused if no header but the client's is configured?
constexpr bool refused_client(Result<Endpoint> client) {
    Resolution r = nothing_configured();
    r.client = client;
    return r.refused();
}

}  // namespace

static_assert(!nothing_configured().refused());
static_assert(refused_client(Reason::malformed) && !refused_client(Reason::absent));

TEST_CASE("Headers may be any range of names and values") {
    const Node last{"x-forwarded-for", "203.0.113.7", nullptr};
    const Node first{"X-Forwarded-For", "6.6.6.6", &last};
    const ListRequest list{&first};
    CHECK(to_string(resolve(list, Trust{.x_for = 1}).client->address) == "203.0.113.7");
    CHECK(to_string(resolve(list, Trust{.x_for = 2}).client->address) == "6.6.6.6");

    MapRequest map;
    map.fields.emplace("x-forwarded-for", "6.6.6.6");
    map.fields.emplace("X-Forwarded-For", "203.0.113.7");
    map.fields.emplace("X-Forwarded-Proto", "https");
    CHECK(to_string(resolve(map, Trust{.x_for = 1}).client->address) == "203.0.113.7");
    CHECK(resolve(map, Trust{.x_proto = 1}).proto == Scheme::https);

    const Plain plain{{{"X-FORWARDED-HOST", "shop.example"}}};
    CHECK(resolve(plain, Trust{.x_host = 1}).host->host == "shop.example");
}

TEST_CASE("Decisions are equal if all that they say is") {
    const Trust trust{1, 1, 1, 1, 1};
    const auto decision = [&trust](std::string_view name, std::string_view value) {
        return decided_about(trust, {{"X-Forwarded-For", "203.0.113.7"}, {name, value}});
    };
    const Resolution one = decision("Via", "");
    CHECK(one == decision("Via", "1.1 a"));
    CHECK(one != decided_about(trust, {{"X-Forwarded-For", "203.0.113.8"}}));
    for (const auto& [name, value] : {HeaderView{"X-Forwarded-Proto", "http"},
                                      {"X-Forwarded-Host", "shop.example"},
                                      {"X-Forwarded-Port", "443"},
                                      {"X-Forwarded-Prefix", "/app"}}) {
        CAPTURE(name);
        CHECK(one != decision(name, value));
        CHECK(decision(name, value) == decision(name, value));
    }
    // Of another value at the same place.
    CHECK(decision("X-Forwarded-Proto", "http") != decision("X-Forwarded-Proto", "https"));
    CHECK(decision("X-Forwarded-Host", "a.example") != decision("X-Forwarded-Host", "b.example"));
    CHECK(decision("X-Forwarded-Port", "443") != decision("X-Forwarded-Port", "444"));
    CHECK(decision("X-Forwarded-Prefix", "/a") != decision("X-Forwarded-Prefix", "/b"));
    for (std::size_t field = 0; field < detail::Field::count; ++field) {
        Resolution at_another = one, on_another_line = one, elsewhere_on_it = one;
        at_another.stops[field].position = 2;
        on_another_line.stops[field].line = 2;
        elsewhere_on_it.stops[field].at_line_start = !one.stops[field].at_line_start;
        for (const Resolution& other : {at_another, on_another_line, elsewhere_on_it}) {
            CHECK(one != other);
        }
    }
}

TEST_CASE("A decision has the position of the client, or 0") {
    const auto decision = [](std::string_view x_for) {
        return decided_about({.x_for = 2}, {{"X-Forwarded-For", x_for}});
    };
    CHECK(decision("203.0.113.7, 10.0.0.9").client_position() == 2);
    const Resolution junk = decision("junk, 10.0.0.9");
    CHECK(junk.client_position() == 0);
    CHECK(junk.stops[detail::Field::client].position == 2);
    CHECK(decided_about({}, {}).client_position() == 0);
}

TEST_CASE("What stands for the question of erase erases nothing") {
    Environ env{.headers = {{"X-Forwarded-For", "6.6.6.6"}, {"Via", "1.1 a"}}};
    detail::ErasesNothing is_erased;
    Adapter<Environ>::erase(env, is_erased);
    CHECK(env.headers.size() == 2);
}

TEST_CASE("A decision is refused if a header that was there was rejected") {
    for (const Reason reason :
         {Reason::not_configured, Reason::absent, Reason::peer_not_trusted, Reason::hop_not_trusted,
          Reason::too_few_values, Reason::chain_too_long, Reason::unreliable_lines,
          Reason::malformed, Reason::anonymous, Reason::host_not_allowed}) {
        CAPTURE(to_string(reason));
        const bool was_there = reason != Reason::not_configured && reason != Reason::absent;
        Resolution client = nothing_configured(), proto = client, host = client, port = client,
                   prefix = client;
        client.client = reason;
        proto.proto = reason;
        host.host = reason;
        port.port = reason;
        prefix.prefix = reason;
        for (const Resolution& r : {client, proto, host, port, prefix}) {
            CHECK(r.refused() == was_there);
        }
    }
}

TEST_CASE("A decision is not refused where no header was there or every value was trusted") {
    const Trust trust{.x_host = 1};
    CHECK_FALSE(decided_about(trust, {}).refused());
    CHECK_FALSE(decided_about(trust, {{"X-Forwarded-For", "203.0.113.7"}}).refused());
    CHECK_FALSE(decided_about(trust, {{"X-Forwarded-Port", "junk"}}).refused());
    CHECK(decided_about(trust, {{"X-Forwarded-For", "203.0.113.7"}, {"X-Forwarded-Host", "a b"}})
              .refused());
    CHECK(decided_about(trust, {{"X-Forwarded-Proto", ""}}).refused());
}
