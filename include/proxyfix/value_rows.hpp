// SPDX-License-Identifier: MIT
/// \file
/// `value_rows`: the values of a header, with who wrote them. Not part of the umbrella.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "proxyfix/advice.hpp"
#include "proxyfix/client.hpp"
#include "proxyfix/field.hpp"
#include "proxyfix/field_lines.hpp"
#include "proxyfix/forwarded.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// A line of text for each value, from the peer outwards, and how many values there are; of a
/// header that is not read as a list, how many lines.
struct ValueRows {
    std::string text{};      ///< The lines, each with its end.
    std::size_t values = 0;  ///< How many values, or lines, there are.
};

/// Whom an element of Forwarded names: its address, or "a hop without an address".
[[nodiscard]] inline std::string named_by(std::string_view element) {
    const auto parsed = ForwardedElement::parse(element);
    const auto client = parsed.and_then([](const ForwardedElement& e) { return e.client(); });
    return client ? to_string(client->address) : "a hop without an address";
}

/// Where reading on the way to the value at `position` stops: there, or at a malformed one.
template <class Values>
[[nodiscard]] std::size_t stop_of(Values values, std::size_t position) noexcept {
    for (std::size_t i = 1; i < position; ++i) {
        const auto value = values.next();
        if (!value) return value.error() == Reason::malformed ? i : position;
    }
    return position;
}

/// The rows of a header that `n` was asked of, and of which `said` is what became of it. `outsider`
/// is the client's address if a walk ended there since it is not one of the proxies, else empty.
template <class Headers, bool in_order>
[[nodiscard]] ValueRows value_rows(const FieldReader<Headers, in_order>& reader,
                                   const FieldLines& field, unsigned n, const Trust& trust,
                                   const Said& said, const std::string& outsider) {
    ValueRows rows{.values = field.count};
    if (n == 0 || field.count == 0 || reader.is_unordered(field)) return rows;
    const bool names_client = said.what == "client", forwarded = field.name->view() == "Forwarded";
    std::size_t stop = n;
    if (names_client && !trust.proxies.is_any())
        stop = proxyfix::find_client(reader, field, trust).position;
    stop = forwarded ? proxyfix::stop_of(ForwardedElements{reader.values(field)}, stop)
                     : proxyfix::stop_of(reader.values(field), stop);
    const std::string trusted = !names_client            ? ""
                                : trust.proxies.is_any() ? ": taken for a proxy of yours"
                                                         : ": one of the proxies";
    const bool believed = said.outcome != Reason::hop_not_trusted;
    std::string writer = names_client ? "the peer" : "a proxy of yours";
    const auto note = [&](std::size_t position) -> std::string {
        if (!reader.peer_is_trusted) return "not believed";
        if (position > stop) return "not read: anybody may have written it";
        if (position == stop && !said.outcome) return std::string(to_string(said.outcome));
        if (!believed) return "not believed";
        if (position < stop) return "written by " + writer + trusted;
        return "written by " + writer +
               (names_client && !outsider.empty() ? ": chosen, not one of the proxies"
                                                  : ": chosen");
    };

    const auto add_row = [&](std::size_t position, const std::string& text) {
        const std::string number = std::to_string(position);
        rows.text += position == stop && reader.peer_is_trusted ? "=> " : "   ";
        rows.text += number + std::string(number.size() < 3 ? 4 - number.size() : 1, ' ');
        rows.text += text + std::string(text.size() < 18 ? 20 - text.size() : 2, ' ');
        rows.text += note(position) + '\n';
    };
    if (names_client && !forwarded && *field.name == trust.client_header) {
        add_row(1, escaped(field.last));  // not a list
        return rows;
    }

    bool elided = false;
    std::size_t position = 1;
    FieldValues<Headers> from_right(reader.headers, field, std::string_view::npos);
    for (auto value = from_right.next(); value; value = from_right.next(), ++position) {
        const bool shown = position <= 8 || (position + 2 >= stop && position <= stop + 2);
        if (!shown && !elided) rows.text += "   ...\n";
        elided = !shown;
        const std::string text = escaped(*value);
        if (shown) add_row(position, text);
        if (names_client) writer = forwarded ? named_by(*value) : text;
    }
    rows.values = position - 1;
    return rows;
}

}  // namespace proxyfix
