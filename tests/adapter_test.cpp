// SPDX-License-Identifier: MIT
#include "proxyfix/adapter.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "proxyfix/resolve.hpp"
#include "view_request.hpp"

using namespace proxyfix;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Plain {
    Fields fields;
};
struct CopiesItsHeaders : Plain {};
struct CopiesEachHeader : Plain {};
struct HasNoPeer : Plain {};
struct DoesNotTellTheOrder : Plain {};
struct TellsTheOrderAtRunTime : Plain {};
struct HasNoEnd : Plain {};
struct NotAdapted : Plain {};

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
            [](char x, char y) { return to_lower(x) < to_lower(y); });
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
static_assert(Readable<ViewRequest> && !Rewritable<ViewRequest>, "it has no apply");
static_assert(!Rewritable<const Plain>, "a const request cannot be rewritten");
static_assert(!Readable<NotAdapted> && !Readable<int>);
static_assert(!Readable<HasNoPeer> && !Readable<HasNoEnd>);
static_assert(!Readable<DoesNotTellTheOrder> && !Readable<TellsTheOrderAtRunTime>);
static_assert(!Readable<CopiesItsHeaders>, "views of a copied container would dangle");
static_assert(!Readable<CopiesEachHeader>, "views of a copied header would dangle");

TEST_CASE("Headers may be any range of names and values") {
    const Node last{"x-forwarded-for", "203.0.113.7", nullptr};
    const Node first{"X-Forwarded-For", "6.6.6.6", &last};
    const ListRequest list{&first};
    CHECK(to_string(resolve(list, {.x_for = 1}).client->address) == "203.0.113.7");
    CHECK(to_string(resolve(list, {.x_for = 2}).client->address) == "6.6.6.6");

    MapRequest map;
    map.fields.emplace("x-forwarded-for", "6.6.6.6");
    map.fields.emplace("X-Forwarded-For", "203.0.113.7");
    map.fields.emplace("X-Forwarded-Proto", "https");
    CHECK(to_string(resolve(map, {.x_for = 1}).client->address) == "203.0.113.7");
    CHECK(resolve(map, {.x_proto = 1}).proto == Scheme::https);

    const Plain plain{{{"X-FORWARDED-HOST", "shop.example"}}};
    CHECK(resolve(plain, {.x_host = 1}).host->host == "shop.example");
}
