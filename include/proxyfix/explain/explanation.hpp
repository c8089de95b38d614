// SPDX-License-Identifier: MIT
/// \file
/// `Explanation`: the decision about a request, with all that led to it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proxyfix/decision/resolution.hpp"

namespace proxyfix::inline v0 {

/// What happened to a value.
enum class Standing : std::uint8_t {
    passed,       ///< A trusted proxy wrote it; the chosen one is further left.
    chosen,       ///< It was taken.
    rejected,     ///< It was read, and not taken.
    not_trusted,  ///< The peer, or a hop on the way, is not one of the proxies.
    ignored,      ///< It is left of what proxies wrote.
};

/// A value of a header.
struct ValueRow {
    std::size_t position = 0;  ///< 1 is the rightmost.
    std::string text{};        ///< The value, escaped.
    Standing standing{};       ///< What happened to it.
    std::string
        writer{};  ///< "the peer", an address, "a hop without an address"; empty: not known.
    std::string remark{};  ///< What else there is to say: "chosen", "malformed". May be empty.
};

/// The values of a header from the peer outwards, without some of very many, and how many there
/// are; of a header that is not read as a list, how many lines.
struct ValueRows {
    std::vector<ValueRow> rows{};  ///< The values that are shown, with ascending positions.
    std::size_t values = 0;        ///< How many values, or lines, there are.
};

/// A header line as it was received.
struct LineRow {
    std::string name,     ///< Escaped.
        value;            ///< Escaped.
    bool erased = false;  ///< By `Trust::strip`, before the handler is called.
};

/// What was decided about a field by a header.
struct Verdict {
    FieldDecision decision;  ///< The field, and its value or why there is none.
    std::string fault{};     ///< Of a malformed value, which part and what is wrong with it.
    std::string advice{};    ///< What to change if it looks wrong; may be empty.
};

/// A header that is configured, or is there.
struct HeaderExplanation {
    std::string name,                 ///< "X-Forwarded-For".
        option;                       ///< The member of `Trust`: "x_for".
    unsigned n = 0;                   ///< The count; of `client_header` 1, of Forwarded the first.
    std::string counts{};             ///< "x_for = 2"; of Forwarded all of them.
    std::string replaced_by{};        ///< Another header, if that is read instead.
    std::size_t hidden = 0;           ///< How many lines are above those in `lines`.
    std::vector<LineRow> lines{};     ///< The last 20.
    ValueRows values{};               ///< Who wrote which value.
    std::vector<Verdict> verdicts{};  ///< One, or three of Forwarded.
};

/// What `explain` says, part by part. Text of the request is escaped: printable ASCII.
struct Explanation {
    std::string_view fault;  ///< Of the `Trust`; empty if there is none. Else nothing was decided.
    std::string peer;        ///< Who connected.
    bool any_peer,           ///< Is there no list of proxies?
        peer_is_trusted;     ///< Is the peer one of them, or any?
    std::vector<HeaderExplanation> headers{};  ///< Those that are configured, or are there.
    std::array<FieldDecision, detail::Field::count>
        decision{};        ///< Client, scheme, host, port, prefix.
    bool refused = false;  ///< Was any header present but rejected?
};

}  // namespace proxyfix::inline v0
