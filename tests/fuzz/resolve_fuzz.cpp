// SPDX-License-Identifier: MIT
// Whole requests: the decision is the naive one, and what is written is of the grammar.
#include "../properties/properties.hpp"
#include "demand.hpp"
#include "request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = view_of(data, size);
    const FuzzedRequest fuzzed(bytes);
    const Trust& trust = fuzzed.request.trust;
    if (!fault(trust).empty()) return 0;  // no Policy can be made of it

    const std::string decision = text_of(resolve(fuzzed.env, proxyfix::Policy(trust)));
    const naive::Decision naive_decision =
        naive::decide(naive_request(fuzzed.env), naive_trust(fuzzed.request));
    const std::string wanted = text_of(naive_decision);
    demand(decision == wanted, "the decision is the naive one", decision + '\n' + wanted);
    const naive::Trust same_trust = naive_trust(fuzzed.request);
    const naive::Request same_lines = naive_request(fuzzed.env);
    const naive::Decider naively(same_lines, same_trust);
    const proxyfix::Policy policy(trust);
    for (std::size_t i = 0; i < fuzzed.env.headers.size() && i < 4; ++i) {
        const std::string& text = fuzzed.env.headers[i].name;
        const auto name = proxyfix::FieldName::parse(text);
        if (!name) continue;
        demand(properties::is_same(trusted_line(fuzzed.env, *name, policy), naively.line(text)),
               "another line is the naive one", text);
        const auto n = static_cast<unsigned>(i) + 1;
        demand(properties::is_same(trusted_value(fuzzed.env, *name, n, policy),
                                   naively.value(text, n)),
               "another value is the naive one", text);
    }
    Environ env = fuzzed.env;
    int calls = 0;
    proxyfix::ProxyFix{[&calls](Environ&) { ++calls; }, trust}(env);
    demand(rewritten(env) == properties::naively_rewritten(fuzzed.env, naive_decision),
           "what is written is what the naive implementation writes", decision);
    demand(calls == 1, "the handler is called once", decision);
    demand(properties::is_of_the_grammar(env, fuzzed.env), "what is written is of the grammar",
           decision);
    return 0;
}
