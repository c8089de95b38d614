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
