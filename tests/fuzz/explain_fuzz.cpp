// SPDX-License-Identifier: MIT
// The explanation of a request: it has no byte that a terminal obeys, and ends with the decision;
// of a trust that contradicts itself it tells the fault.
#include "demand.hpp"
#include "proxyfix/explain.hpp"
#include "proxyfix/resolve.hpp"
#include "request.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = view_of(data, size);
    const FuzzedRequest fuzzed(bytes);
    const Trust& trust = fuzzed.request.trust;
    const std::string text = explain(fuzzed.env, trust);
    for (const char c : text)
        demand(c == '\n' || (c >= ' ' && c < 0x7f), "the text is harmless", text);
    const std::size_t end = text.rfind("\ndecision\n");
    if (const std::string wrong(fault(trust)); !wrong.empty()) {
        demand(text.starts_with("The trust contradicts itself: " + wrong + "\n\npeer: ") &&
                   end == text.npos,
               "the text has the fault, and no decision", text);
        return 0;
    }
    const auto r = resolve(fuzzed.env, proxyfix::Policy(trust));
    demand(end != text.npos, "the text has a decision", text);
    const auto says = [&](const std::string& line) {
        demand(text.find(line, end) != text.npos, "the text says: " + line, text);
    };
    const auto refusal = [](const auto& result) {
        return "unchanged: " + std::string(to_string(result.error()));
    };
    says("   client  " + (r.client ? to_string(*r.client) : refusal(r.client)) + '\n');
    says("   scheme  " + (r.proto ? std::string(to_string(*r.proto)) : refusal(r.proto)) + '\n');
    says("   host    " + (r.host ? to_string(*r.host) : refusal(r.host)) + '\n');
    says("   port    " + (r.port ? std::to_string(*r.port) : refusal(r.port)) + '\n');
    const std::string path(r.prefix && r.prefix->empty() ? "/" : r.prefix ? *r.prefix : "");
    says("   prefix  " + (r.prefix ? path : refusal(r.prefix)) + '\n');
    says(r.refused() ? "Something was rejected." : "Nothing was rejected.");
    return 0;
}
