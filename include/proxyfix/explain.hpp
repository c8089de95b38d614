// SPDX-License-Identifier: MIT
/// \file
/// `explain`: the decision about a request as text for people. Not part of the umbrella.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "proxyfix/adapter.hpp"
#include "proxyfix/advice.hpp"
#include "proxyfix/explanation.hpp"
#include "proxyfix/trust.hpp"
#include "proxyfix/value_rows.hpp"

namespace proxyfix {

/// The text of a row, without the line end.
[[nodiscard]] inline std::string to_string(const ValueRow& row) {
    const std::string number = std::to_string(row.position);
    const bool is_stop = row.standing == Standing::chosen || row.standing == Standing::refused;
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
        line({"   not looked at: ", header.replaced_by, " replaces it"});
        return text;
    }
    if (header.option == "client_header") line({"   client_header"});
    else line({"   ", header.option, " = ", count_text(header.n)});
    text += to_string(header.values);
    for (const auto& [said, advice] : header.verdicts) {
        if (header.n != 0) line({"   ", said.what, " ", said.text()});
        if (!advice.empty()) line({"   ", advice});
    }
    return text;
}

/// A picture of the decision about a request, as `explanation_of` finds it: printable ASCII.
template <Readable R> [[nodiscard]] std::string explain(const R& request, const Trust& trust) {
    const Explanation found = proxyfix::explanation_of(request, trust);
    std::string text;
    if (!found.fault.empty())
        text = "The trust contradicts itself: " + std::string(found.fault) + "\n\n";
    text += "peer: " + (found.peer.empty() ? "(no address)" : found.peer);
    text += found.any_peer          ? " (any peer is trusted)\n"
            : found.peer_is_trusted ? " (one of the proxies)\n"
                                    : " (not one of the proxies: nothing is believed)\n";
    for (const HeaderExplanation& header : found.headers) text += '\n' + to_string(header);
    text += "\ndecision\n";
    for (const Said& said : found.decision) {
        const std::string what(said.what);
        text += "   " + what + std::string(8 - what.size(), ' ') + said.text() + '\n';
    }
    return text + (found.refused ? "   Something was refused.\n" : "   Nothing was refused.\n");
}

}  // namespace proxyfix
