// SPDX-License-Identifier: MIT
// What holds for every request and every Trust, tried on random ones. The seeds are fixed.
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "decision_text.hpp"
#include "environ_helpers.hpp"
#include "proxyfix/environ.hpp"
#include "proxyfix/forwarded.hpp"
#include "proxyfix/proxy_fix.hpp"
#include "proxyfix/resolve.hpp"

using namespace proxyfix;

namespace {

constexpr int requests_each = 5'000;  // for each of the properties

/// Random choices, the same with every compiler and library.
class Random {
  public:
    explicit Random(unsigned seed) : numbers_(seed) {}
    /// A number from 0 to `below` - 1.
    unsigned below(std::size_t below) { return static_cast<unsigned>(numbers_() % below); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <std::size_t n> std::string one_of(const std::string_view (&texts)[n]) {
        return std::string(texts[below(n)]);
    }

  private:
    std::mt19937 numbers_;
};

constexpr std::string_view addresses[] = {
    "10.0.0.9",      "10.0.0.8:80", "10.0.0.17", " 10.0.1.9\t", "::ffff:10.0.0.9",   "fd00::9",
    "[fd00::8]:443", "203.0.113.7", "6.6.6.6",   "2001:db8::7", "[2001:db8::6]:4711"};
constexpr std::string_view junk[] = {
    "",       "junk",        "010.0.0.5",
    "127.1",  "unknown",     "\"",
    "\\",     "\"10.0.0.9",  "10.0.0.9\"",
    "\"\\\"", "for=6.6.6.6", "11111111111111111111111111111111111111111111111111111111111111111"};
constexpr std::string_view elements[] = {"for=10.0.0.9",
                                         "For=10.0.0.8;proto=https",
                                         "for=\"[fd00::9]:80\";host=inner.example",
                                         "for=10.0.0.17;proto=http;host=a.example",
                                         "for=203.0.113.7;proto=https;host=shop.example",
                                         "proto=wss;for=\"[2001:db8::7]\"",
                                         "for=\"6.6.6.6:99\";host=\"evil.example:80\""};
constexpr std::string_view faulty_elements[] = {"",
                                                "for=unknown;proto=https",
                                                "for=_x;host=shop.example",
                                                "proto=https",
                                                "for=1;proto=ws",
                                                "\"",
                                                "by=\"",
                                                "for=\"6.6.6.6",
                                                "for=6.6.6.6;for=6.6.6.6",
                                                "for=10.0.0.9;x=\"\\",
                                                "for=10.0.0.9 "};
constexpr std::string_view schemes[] = {"https", "http", "WSS", "", "gopher", "\"https\""};
constexpr std::string_view hosts[] = {"shop.example", "a.example:80", "evil.example", "", "a b"};
constexpr std::string_view ports[] = {"443", "80", "8443", "", "0"};
constexpr std::string_view prefixes[] = {"/", "/a", "/b/c/", "", "//evil"};

/// Networks that the proxies may be in. The peer is in the first one.
const Network networks[] = {"10.0.0.0/28"_net,  "10.0.0.16/28"_net, "10.0.1.0/24"_net,
                            "fd00::/8"_net,     "6.6.6.6"_net,      "203.0.113.0/24"_net,
                            "2001:db8::/32"_net};
constexpr unsigned everything = (1u << std::size(networks)) - 1;

/// Those of the networks whose bit is set.
const Networks& subset(unsigned bits) {
    static const std::vector<Networks> sets = [] {
        std::vector<Networks> all(everything + 1);
        for (unsigned set = 0; set <= everything; ++set) {
            for (std::size_t i = 0; i < std::size(networks); ++i) {
                if (set >> i & 1) all[set] = all[set] | Networks{networks[i]};
            }
        }
        return all;
    }();
    return sets[bits];
}

/// The values of one header, and before which of them a new line begins.
struct List {
    std::string name;
    std::vector<std::string> values;
    unsigned line_starts = 0;  // a bit for each value
};

/// A request and what is trusted about it.
struct Request {
    std::string peer;
    std::array<List, 5> lists;  // the first one names the client
    Trust trust;
    unsigned proxies = 0;  // the bits of `trust.proxies`, unless that is any()
};

Environ request_of(const Request& request) {
    Environ env = seen_by_server();
    env.remote_addr = request.peer;
    for (const List& list : request.lists) {
        for (std::size_t i = 0; i < list.values.size(); ++i) {
            if (i == 0 || (list.line_starts >> i & 1))
                env.headers.push_back({list.name, list.values[i]});
            else env.headers.back().value += ',' + list.values[i];
        }
    }
    return env;
}

/// All about a request, for the report of a failure.
std::string text_of(const Request& request) {
    const Trust& trust = request.trust;
    std::string text = "peer \"" + request.peer + "\" proxies ";
    text += trust.proxies.is_any() ? "any" : std::to_string(request.proxies);
    for (const unsigned n : {trust.x_for, trust.x_proto, trust.x_host, trust.x_port, trust.x_prefix,
                             trust.forwarded}) {
        text += ' ' + std::to_string(n);
    }
    for (const Header& line : request_of(request).headers)
        text += '\n' + line.name + ": " + line.value;
    return text;
}

List random_list(Random& random, std::string name, std::size_t most, auto&& value) {
    List list{std::move(name), {}, random.below(1u << 8)};
    for (std::size_t n = random.below(most + 1); n > 0; --n) list.values.push_back(value());
    return list;
}

/// The client is named by X-Forwarded-For, or at random by another header as well.
Request random_request(Random& random, bool x_for_only = false) {
    Request request;
    Trust& trust = request.trust;
    const auto count = [&random] { return random.below(5); };
    const bool is_any = random.one_in(6);
    request.proxies =
        is_any ? everything : random.below(everything + 1) | (random.one_in(8) ? 0 : 1);
    if (!is_any) trust.proxies = subset(request.proxies);
    trust.x_for = !is_any && random.one_in(3) ? all_hops : count();
    trust.x_proto = count(), trust.x_host = count(), trust.x_port = count(),
    trust.x_prefix = count();
    if (random.one_in(3)) trust.allowed_hosts = {"shop.example", "a.example"};
    const unsigned header = x_for_only ? 9 : random.below(10);
    std::string name = "X-Forwarded-For";
    if (header < 4) {
        name = "Forwarded";
        trust.forwarded = !is_any && random.one_in(3) ? all_hops : 1 + random.below(4);
    } else if (header == 4) {
        name = "X-Real-IP";
        trust.client_header = "X-Real-IP";
    }
    constexpr std::string_view others[] = {"10.0.0.17", "6.6.6.6", "", "unix:", "junk"};
    request.peer = random.one_in(8) ? random.one_of(others) : "10.0.0.2";
    const std::size_t odds = random.one_in(2) ? 4 : 40;  // of junk, in all of this request
    request.lists = {
        random_list(random, name, 7,
                    [&] {
                        if (trust.forwarded != 0) {
                            return random.one_in(odds) ? random.one_of(faulty_elements)
                                                       : random.one_of(elements);
                        }
                        return random.one_in(odds) ? random.one_of(junk) : random.one_of(addresses);
                    }),
        random_list(random, "X-Forwarded-Proto", 5, [&] { return random.one_of(schemes); }),
        random_list(random, "X-Forwarded-Host", 5, [&] { return random.one_of(hosts); }),
        random_list(random, "X-Forwarded-Port", 5, [&] { return random.one_of(ports); }),
        random_list(random, "X-Forwarded-Prefix", 5, [&] { return random.one_of(prefixes); })};
    return request;
}

/// The count that the header which names the client has.
unsigned count_of(const Trust& trust) {
    return trust.forwarded != 0 ? trust.forwarded : trust.x_for;
}

/// The highest count that is not all_hops.
unsigned deepest(const Trust& trust) {
    const unsigned n = count_of(trust) == all_hops ? 0 : count_of(trust);
    return std::max({n, trust.x_proto, trust.x_host, trust.x_port, trust.x_prefix});
}

/// The address that a value of the first list names, if any.
Result<Endpoint> address_in(const Request& request, std::string_view value) {
    if (value.size() > (request.trust.forwarded != 0 ? 1024 : 64)) return Reason::malformed;
    value = trim(value);
    if (request.trust.forwarded == 0) return parse_endpoint(value);
    return ForwardedElement::parse(value).and_then(
        [](const ForwardedElement& e) { return e.client(); });
}

bool is_inside(const Request& request, const Address& address) {
    for (std::size_t i = 0; i < std::size(networks); ++i) {
        if ((request.proxies >> i & 1) && networks[i].contains(address)) return true;
    }
    return false;
}

/// The position, from the right, of the first value that is not the address of a proxy. Empty: all
/// of them are.
std::optional<unsigned> first_outside(const Request& request) {
    const std::vector<std::string>& values = request.lists[0].values;
    for (unsigned position = 1; position <= values.size(); ++position) {
        const auto address = address_in(request, values[values.size() - position]);
        if (!address || !is_inside(request, address->address)) return position;
    }
    return std::nullopt;
}

/// How many values of a list are read at most, from the right. Empty: the walk runs off its left
/// end, because there are too few values, or because all_hops finds every address inside. Or the
/// header has one address and is no list.
std::optional<std::size_t> values_read(const Request& request, std::size_t list) {
    const Trust& trust = request.trust;
    const std::size_t size = request.lists[list].values.size();
    const unsigned counts[] = {count_of(trust), trust.x_proto, trust.x_host, trust.x_port,
                               trust.x_prefix};
    std::size_t read = counts[list];
    if (list == 0) {
        if (!trust.client_header.empty()) return std::nullopt;
        const bool walks = !trust.proxies.is_any();
        if (walks) read = std::max<std::size_t>(read, deepest(trust));
        if (walks) read = std::min<std::size_t>(read, first_outside(request).value_or(all_hops));
    }
    if (size == 0 || size < read) return std::nullopt;
    return read;
}

/// Bytes that a client may send.
std::string random_noise(Random& random) {
    constexpr std::string_view pieces[] = {"6.6.6.6",
                                           "10.0.0.9",
                                           ",",
                                           "\"",
                                           "\\",
                                           ";",
                                           " ",
                                           "for=6.6.6.6",
                                           "by=\"",
                                           "https",
                                           "/evil",
                                           "\x80",
                                           "\x01",
                                           "evil.example",
                                           "1",
                                           "=",
                                           "11111111111111111111111111111111111111111111111"};
    std::string text;
    for (unsigned n = random.below(6); n > 0; --n) text += random.one_of(pieces);
    return text;
}

/// The four headers that do not name the client, as outcomes.
std::array<Outcome, 4> others(const Resolution& r) {
    const auto outcome = [](const auto& result) {
        return result ? Outcome(Applied{}) : Outcome(result.error());
    };
    return {outcome(r.proto), outcome(r.host), outcome(r.port), outcome(r.prefix)};
}

/// The decision about X-Forwarded-For, made from the left to the right and without haste.
Resolution naive_client(const Request& request) {
    const Trust& trust = request.trust;
    Resolution r{Reason::not_configured, Reason::not_configured, Reason::not_configured,
                 Reason::not_configured, Reason::not_configured};
    std::vector<std::string> values;
    bool found = false;
    for (const Header& line : request_of(request).headers) {
        if (line.name != "X-Forwarded-For") continue;
        found = true;
        std::string value;
        for (const char c : line.value + ',') {
            if (c != ',') {
                value += c;
                continue;
            }
            values.push_back(value);
            value.clear();
        }
    }
    const bool counts_alone = trust.proxies.is_any();
    const auto peer = Address::parse(request.peer);
    if (trust.x_for == 0) return r;
    if (!found) {
        r.client = Reason::absent;
        return r;
    }
    if (!counts_alone && !(peer && is_inside(request, *peer))) {
        r.client = Reason::peer_not_trusted;
        return r;
    }
    // Going right, each value that ends a walk overrules those left of it.
    std::size_t chosen = 0;
    bool missing = trust.x_for != all_hops && values.size() < trust.x_for;
    if (trust.x_for != all_hops && !missing) chosen = values.size() - trust.x_for;
    for (std::size_t i = chosen; i < values.size(); ++i) {
        const auto address = address_in(request, values[i]);
        const bool is_proxy = address && is_inside(request, address->address);
        const bool ends_here = counts_alone ? values[i].size() > 64 : !is_proxy;
        if (!ends_here) continue;
        chosen = i;
        missing = false;
    }
    if (missing) {
        r.client = Reason::too_few_values;
        return r;
    }
    r.client = address_in(request, values[chosen]);
    if (r.client) r.client_position = static_cast<unsigned>(values.size() - chosen);
    return r;
}

}  // namespace

TEST_CASE("Shrinking the networks never selects a client further left") {
    Random random(1);
    int nearer = 0, refused_before = 0;
    for (int i = 0; i < requests_each; ++i) {
        Request request = random_request(random);
        const Environ env = request_of(request);
        const Resolution before = resolve(env, request.trust);
        const unsigned limit = before.client ? before.client_position
                                             : std::min(std::max(count_of(request.trust), 1u),
                                                        first_outside(request).value_or(all_hops));
        request.proxies &= random.below(everything + 1) | (random.one_in(8) ? 0 : 1);
        request.trust.proxies = subset(request.proxies);
        const Resolution after = resolve(env, request.trust);
        if (after.client_position > limit) FAIL_CHECK(text_of(request));
        if (after.client && after.client_position < before.client_position) ++nearer;
        if (after.client && !before.client) ++refused_before;
    }
    CHECK(nearer > 200);
    CHECK(refused_before > 20);
}

// With all_hops, a chain that ends nearer may end before the junk at which the longer one was given
// up, and then an element of Forwarded is another one. So there the property asks for one client
// before and after.
TEST_CASE("Shrinking the networks never makes another header believed") {
    Random random(2);
    int compared = 0, lost = 0;
    for (int i = 0; i < requests_each; ++i) {
        Request request = random_request(random);
        const Environ env = request_of(request);
        const Resolution before = resolve(env, request.trust);
        request.proxies &= random.below(everything + 1) | (random.one_in(8) ? 0 : 1);
        request.trust.proxies = subset(request.proxies);
        const Resolution after = resolve(env, request.trust);
        if (count_of(request.trust) == all_hops && after.client &&
            before.client_position != after.client_position) {
            continue;
        }
        ++compared;
        const bool same_or_refused = (!after.proto || after.proto == before.proto) &&
                                     (!after.host || after.host == before.host) &&
                                     (!after.port || after.port == before.port) &&
                                     (!after.prefix || after.prefix == before.prefix);
        if (!same_or_refused) FAIL_CHECK(text_of(request));
        if (others(before) != others(after)) ++lost;
    }
    CHECK(compared > requests_each / 2);
    CHECK(lost > 500);
}

// The exceptions: where there are too few values for a count, or all_hops finds every address
// inside, a client moves the left end. And a header of one address is no list.
TEST_CASE("Adding values or lines on the left never changes a decision") {
    Random random(3);
    int added = 0, believed = 0;
    for (int i = 0; i < requests_each; ++i) {
        Request request = random_request(random);
        const Environ env = request_of(request);
        const Resolution before = resolve(env, request.trust);
        Request more = request;
        for (std::size_t list = 0; list < 5; ++list) {
            if (!values_read(request, list)) continue;
            auto& [name, values, line_starts] = more.lists[list];
            for (unsigned n = random.below(3); n > 0; --n, ++added) {
                values.insert(values.begin(), random_noise(random));
                line_starts = line_starts << 1 | (random.one_in(2) ? 2 : 0);
                if (list == 0 && before.client) ++believed;
            }
        }
        const Environ longer = request_of(more);
        if (resolve(longer, request.trust) != before) FAIL_CHECK(text_of(request));
    }
    CHECK(added > requests_each);
    CHECK(believed > requests_each / 10);

    // Each exception is needed.
    const Networks inside{"10.0.0.0/24"_net};
    const auto x_for = [](std::string value) {
        return std::vector<Header>{{"X-Forwarded-For", std::move(value)}};
    };
    const Trust two{.x_for = 2, .x_proto = 0},
        two_inside{.x_for = 2, .x_proto = 0, .proxies = inside},
        all{.x_for = all_hops, .x_proto = 0, .proxies = inside};
    CHECK(decided(two, x_for("10.0.0.9")) == "too_few_values - - - -");
    CHECK(decided(two, x_for("6.6.6.6,10.0.0.9")) == "6.6.6.6@2 - - - -");
    CHECK(decided(two_inside, x_for("10.0.0.9")) == "too_few_values - - - -");
    CHECK(decided(two_inside, x_for("6.6.6.6,10.0.0.9")) == "6.6.6.6@2 - - - -");
    CHECK(decided(all, x_for("10.0.0.9")) == "10.0.0.9@1 - - - -");
    CHECK(decided(all, x_for("6.6.6.6,10.0.0.9")) == "6.6.6.6@2 - - - -");
}

TEST_CASE("Joining the lines of a header with commas changes nothing") {
    Random random(4);
    int several = 0;
    for (int i = 0; i < requests_each; ++i) {
        Request request = random_request(random);
        const Environ lines = request_of(request);
        for (List& list : request.lists) list.line_starts = 0;
        const Environ joined = request_of(request);
        if (lines.headers.size() != joined.headers.size()) ++several;
        if (resolve(lines, request.trust) != resolve(joined, request.trust))
            FAIL_CHECK(text_of(request));
    }
    CHECK(several > requests_each / 2);
}

TEST_CASE("Nothing left of what is read matters, whatever it is replaced by") {
    Random random(5);
    int replaced = 0, believed = 0;
    for (int i = 0; i < requests_each; ++i) {
        const Request request = random_request(random);
        const Environ env = request_of(request);
        const Resolution before = resolve(env, request.trust);
        Request other = request;
        for (std::size_t list = 0; list < 5; ++list) {
            const auto read = values_read(request, list);
            auto& [name, values, line_starts] = other.lists[list];
            if (!read || values.size() <= std::max<std::size_t>(*read, 1)) continue;
            const std::size_t gone = values.size() - std::max<std::size_t>(*read, 1);
            values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(gone));
            line_starts >>= gone;
            ++replaced;
            if (list == 0 && before.client) ++believed;
            if (random.one_in(3)) continue;
            values.insert(values.begin(), random_noise(random));
            line_starts = line_starts << 1 | (random.one_in(2) ? 2 : 0);
        }
        const Environ after = request_of(other);
        if (resolve(after, request.trust) != before) FAIL_CHECK(text_of(request));
    }
    CHECK(replaced > requests_each / 2);
    CHECK(believed > requests_each / 10);
}

// Where a value is no address, or missing, or where no client is asked for, networks believe less.
TEST_CASE("Networks that contain every address give what counts alone give") {
    Random random(6);
    int tried = 0;
    for (int i = 0; i < 4 * requests_each; ++i) {
        Request request = random_request(random);
        Trust& trust = request.trust;
        const std::vector<std::string>& values = request.lists[0].values;
        const bool well_formed = std::all_of(values.begin(), values.end(), [&](const auto& value) {
            return address_in(request, value).has_value();
        });
        const unsigned n = count_of(trust);
        if (n == 0 || n == all_hops || !well_formed || values.size() < deepest(trust)) continue;
        if (!trust.client_header.empty() || !Address::parse(request.peer)) continue;
        ++tried;
        const Environ env = request_of(request);
        trust.proxies = {"0.0.0.0/0"_net, "::/0"_net};
        const Resolution with = resolve(env, trust);
        trust.proxies = Networks::any();
        if (resolve(env, trust) != with) FAIL_CHECK(text_of(request));
    }
    CHECK(tried > 1'000);
}

TEST_CASE("A header that is refused never changes the request") {
    Random random(7);
    int refused = 0, all_refused = 0;
    for (int i = 0; i < requests_each; ++i) {
        const Request request = random_request(random);
        if (!fault(request.trust).empty()) continue;
        const Environ before = request_of(request);
        Environ env = before;
        ProxyFix{[](Environ&) {}, request.trust}(env);
        const ProxyRecord& was = env.proxy;
        const bool client_stays = was.client || (env.remote_addr == before.remote_addr &&
                                                 env.remote_port == before.remote_port);
        const bool proto_stays = was.proto || env.url_scheme == before.url_scheme;
        const bool host_stays = was.host || env.server_name == before.server_name;
        const bool both_stay =
            was.host || was.port ||
            (env.http_host == before.http_host && env.server_port == before.server_port);
        const bool prefix_stays = was.prefix || env.script_name == before.script_name;
        const bool host_of_server =
            was.host || !was.port || env.http_host.starts_with("app.internal:");
        if (!(client_stays && proto_stays && host_stays && both_stay && prefix_stays &&
              host_of_server)) {
            FAIL_CHECK(text_of(request));
        }
        const bool recorded = was.refused() == resolve(before, request.trust).refused();
        if (!recorded) FAIL_CHECK(text_of(request));
        if (was.refused()) ++refused;
        if (!was.client && !was.proto && !was.host && !was.port && !was.prefix) {
            ++all_refused;
            if (rewritten(env) != rewritten(before)) FAIL_CHECK(text_of(request));
        }
    }
    CHECK(refused > 1'000);
    CHECK(all_refused > 200);
}

TEST_CASE("The decision about the client is that of an implementation without any care for speed") {
    Random random(8);
    int believed = 0, refused = 0;
    for (int i = 0; i < 2 * requests_each; ++i) {
        const Request request = random_request(random, true);
        const Environ env = request_of(request);
        const Resolution r = resolve(env, request.trust), naive = naive_client(request);
        if (r.client != naive.client || r.client_position != naive.client_position) {
            FAIL_CHECK(text_of(request) << "\n" << text_of(r) << "\n" << text_of(naive));
        }
        ++(r.client ? believed : refused);
    }
    CHECK(believed > 1'000);
    CHECK(refused > 1'000);
}
