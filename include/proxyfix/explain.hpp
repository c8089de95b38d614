// SPDX-License-Identifier: MIT
/// \file
/// `explain`: the decision about a request as text for people, and `explanation_of`, part by part.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "proxyfix/decision/decide.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/explain/advice.hpp"
#include "proxyfix/explain/explainer.hpp"
#include "proxyfix/explain/explanation.hpp"
#include "proxyfix/request/adapter.hpp"
#include "proxyfix/request/environ.hpp"

namespace proxyfix::inline v0 {

/// The text of a row, without the line end.
[[nodiscard]] inline std::string to_string(const ValueRow& row) {
    const std::string number = std::to_string(row.position);
    const bool is_stop = row.standing == Standing::chosen || row.standing == Standing::rejected;
    std::string line = is_stop ? "=> " : "   ";
    line += number + std::string(number.size() < 3 ? 4 - number.size() : 1, ' ');
    line += row.text + std::string(row.text.size() < 18 ? 20 - row.text.size() : 2, ' ');
    if (row.standing != Standing::passed && row.standing != Standing::chosen)
        return line + row.remark;
    return line + "written by " + row.writer + (row.remark.empty() ? "" : ": ") + row.remark;
}

/// A line for each value; "..." stands for those that are not shown.
[[nodiscard]] inline std::string to_string(const ValueRows& values) {
    std::string text;
    std::size_t next = 1;
    for (const ValueRow& row : values.rows) {
        if (row.position > next) text += "   ...\n";
        text += to_string(row) + '\n';
        next = row.position + 1;
    }
    if (!values.rows.empty() && next <= values.values) text += "   ...\n";
    return text;
}

/// The lines about a header.
[[nodiscard]] inline std::string to_string(const HeaderExplanation& header) {
    std::string text;
    const auto line = [&text](std::initializer_list<std::string_view> parts) {
        for (const std::string_view part : parts) text += part;
        text += '\n';
    };
    if (header.hidden > 0) {
        const std::string_view more = header.hidden == 1 ? " more line of " : " more lines of ";
        line({"(", std::to_string(header.hidden), more, header.name, ")"});
    }
    for (const auto& [name, value, erased] : header.lines)
        line({name, ": ", value, erased ? "   (erased: strip)" : ""});
    if (header.lines.empty()) line({header.name, ": not there"});
    if (!header.replaced_by.empty()) {
        line({"   ignored: ", header.replaced_by, " replaces it"});
        return text;
    }
    line({"   ", header.counts});
    text += to_string(header.values);
    for (const auto& [decision, fault, advice] : header.verdicts) {
        if (header.n != 0) {
            line({"   ", decision.field, " ", decision.text(), fault.empty() ? "" : ", ", fault});
        }
        if (!advice.empty()) line({"   ", advice});
    }
    return text;
}

/// The explanation as a picture: printable ASCII.
[[nodiscard]] inline std::string to_string(const Explanation& found) {
    std::string text;
    if (!found.fault.empty())
        text = "The trust contradicts itself: " + std::string(found.fault) + "\n\n";
    text += "peer: " + (found.peer.empty() ? "(no address)" : found.peer);
    text += found.any_peer          ? " (any peer is trusted)\n"
            : found.peer_is_trusted ? " (one of the proxies)\n"
                                    : " (not one of the proxies: no value is trusted)\n";
    if (!found.fault.empty()) return text;
    for (const HeaderExplanation& header : found.headers) text += '\n' + to_string(header);
    text += "\ndecision\n";
    for (const FieldDecision& decision : found.decision) {
        std::string line = "   " + std::string(decision.field);
        line.resize(11, ' ');
        text += line + decision.text() + '\n';
    }
    return text + (found.refused ? "   Something was rejected.\n" : "   Nothing was rejected.\n");
}

/// Each field line of a request as it was received, which value was written by whom, which was
/// chosen, what was rejected and why, and what to change if it looks wrong. Decides as `resolve`
/// does. Of a trust that contradicts itself it tells the fault, and nothing is decided.
template <Readable R>
[[nodiscard]] Explanation explanation_of(const R& request, const Trust& trust) {
    const std::string_view peer = Adapter<R>::peer(request);
    if (!fault(trust).empty()) {
        return {fault(trust),
                detail::escaped(peer),
                trust.proxies.is_any(),
                trust.proxies.contains_peer(peer),
                {},
                {}};
    }
    const Policy policy(trust);
    detail::Received received;
    detail::receive(request, policy.table(), received);
    received.peer = peer;
    std::vector<Header> lines;
    for (auto&& [name, value] : Adapter<R>::headers(request)) {
        lines.push_back(
            {std::string(std::string_view(name)), std::string(std::string_view(value))});
    }
    const Resolution resolution = detail::decide(received, policy.table());
    return detail::Explainer(policy, received, resolution, lines).result();
}

/// A picture of the decision about a request, as `explanation_of` finds it: printable ASCII.
template <Readable R> [[nodiscard]] std::string explain(const R& request, const Trust& trust) {
    return to_string(proxyfix::explanation_of(request, trust));
}

}  // namespace proxyfix::inline v0
