// SPDX-License-Identifier: MIT
// A user's test of a trust: what is expected depends on the case, and is compared with what was
// decided.
#include <cstdint>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>

using namespace proxyfix;

namespace {

constexpr Endpoint at(std::string_view text) { return *parse_endpoint(text); }

Resolution decide(const Environ& env) {
    return resolve(env, Trust{.x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1});
}

Environ request(const char* client, const char* other) {
    return {.remote_addr = "10.0.0.2",
            .headers = {{"X-Forwarded-For", client},
                        {"X-Forwarded-Proto", other},
                        {"X-Forwarded-Host", other},
                        {"X-Forwarded-Port", other},
                        {"X-Forwarded-Prefix", other}}};
}

bool client_is(const Environ& env, bool ok) {
    Result<Endpoint> expected = ok ? Result<Endpoint>(at("203.0.113.7")) : Reason::malformed;
    return decide(env).client == expected;
}

bool client_is_at_once(const Environ& env, bool ok) {
    return decide(env).client == (ok ? Result<Endpoint>(at("203.0.113.7")) : Reason::malformed);
}

bool client_is_reversed(std::string_view text, bool ok) {
    return (ok ? Result<Endpoint>(at("203.0.113.7")) : Reason::malformed) == parse_endpoint(text);
}

bool others_are(const Environ& env, bool ok) {
    const Result<Scheme> scheme = ok ? Result<Scheme>(Scheme::https) : Reason::malformed;
    const auto host = ok ? Authority::parse("shop.example") : Result<Authority>(Reason::absent);
    const Result<std::uint16_t> port = ok ? Result(std::uint16_t{443}) : Reason::malformed;
    const Result<std::string_view> prefix = ok ? Result(std::string_view("/a")) : Reason::malformed;
    const Resolution r = decide(env);
    return r.proto == scheme || r.host == host || r.port == port || r.prefix == prefix;
}

/// A table of cases, as constants that the compiler may see through.
bool table_is_right() {
    struct Case {
        bool ok;
        std::string_view client;
    };
    for (const Case& c : {Case{true, "203.0.113.7"}, Case{false, "junk"}}) {
        const Result<Endpoint> expected =
            c.ok ? Result<Endpoint>(at("203.0.113.7")) : Reason::malformed;
        const Environ env{.remote_addr = "10.0.0.2",
                          .headers = {{"X-Forwarded-For", std::string(c.client)}}};
        if (resolve(env, Trust{.x_for = 1}).client != expected) return false;
    }
    for (const bool ok : {true, false}) {
        Result<Endpoint> expected =
            ok ? Result<Endpoint>(*parse_endpoint("203.0.113.7")) : Reason::absent;
        const Environ env{.remote_addr = "10.0.0.2"};
        if ((resolve(env, Trust{.x_for = 1}).client == expected) == ok) return false;
    }
    return true;
}

bool outcome_is(const Environ& env, bool ok) {
    const Outcome expected = ok ? Outcome(Applied{}) : Reason::malformed;
    return outcome_of(decide(env).client) == expected;
}

bool outcome_is_at_once(Environ env, bool ok) {
    const ProxyFix app{[](const Environ& e) { return e.proxy.client; }, {.x_for = 1, .x_proto = 1}};
    return outcome_of(app(env)) == (ok ? Outcome(Applied{}) : Outcome(Reason::malformed));
}

bool changes_its_mind(std::string_view text, bool ok) {
    Result<Endpoint> expected = Reason::malformed;
    if (ok) expected = at("203.0.113.7");
    const Result<Endpoint> found = parse_endpoint(text);
    return !(found != expected) && (found == at("203.0.113.7")) == ok;
}

}  // namespace

int main(int argc, char**) {
    const bool ok = argc == 1;
    const char* const text = ok ? "203.0.113.7" : "junk";
    const Environ env = request(text, "https");
    return table_is_right() && client_is(env, ok) && client_is_at_once(env, ok) &&
                   client_is_reversed(text, ok) && others_are(env, ok) && outcome_is(env, ok) &&
                   outcome_is_at_once(env, ok) && changes_its_mind(text, ok)
               ? 0
               : 1;
}
