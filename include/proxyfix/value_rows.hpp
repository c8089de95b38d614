// SPDX-License-Identifier: MIT
/// \file
/// `value_rows`: the values of a header, with who wrote them. Not part of the umbrella.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxyfix/advice.hpp"
#include "proxyfix/client.hpp"
#include "proxyfix/field.hpp"
#include "proxyfix/field_lines.hpp"
#include "proxyfix/forwarded.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// What became of a value.
enum class Standing : std::uint8_t {
    passed,        ///< A trusted proxy wrote it; the chosen one is further left.
    chosen,        ///< It was taken.
    refused,       ///< It was to be taken, and was not.
    not_believed,  ///< The peer, or a hop on the way, is not one of the proxies.
    not_read,      ///< It is left of what proxies wrote.
};

/// A value of a header.
struct ValueRow {
    std::size_t position = 0;  ///< 1 is the rightmost.
    std::string text{};        ///< The value, `escaped`.
    Standing standing{};       ///< What became of it.
    std::string writer{};      ///< "the peer", an address, `no_address`; empty: not known.
    std::string remark{};  ///< What else is to be said of it: "chosen", "malformed". May be empty.
};

/// The values of a header from the peer outwards, without some of very many, and how many there
/// are; of a header that is not read as a list, how many lines.
struct ValueRows {
    std::vector<ValueRow> rows{};  ///< The values that are shown, with ascending positions.
    std::size_t values = 0;        ///< How many values, or lines, there are.
};

/// Whom a value names that has no address.
inline constexpr std::string_view no_address = "a hop without an address";

/// Whom an element of Forwarded names: its address, or `no_address`.
[[nodiscard]] inline std::string named_by(std::string_view element) {
    const auto parsed = ForwardedElement::parse(element);
    const auto client = parsed.and_then([](const ForwardedElement& e) { return e.client(); });
    return client ? to_string(client->address) : std::string(no_address);
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
    ValueRows found{.values = field.count};
    if (n == 0 || field.count == 0 || reader.is_unordered(field)) return found;
    const bool names_client = said.what == "client", forwarded = field.name->view() == "Forwarded";
    std::size_t stop = n;
    if (names_client && !trust.proxies.is_any())
        stop = proxyfix::find_client(reader, field, trust).position;
    stop = forwarded ? proxyfix::stop_of(ForwardedElements{reader.values(field)}, stop)
                     : proxyfix::stop_of(reader.values(field), stop);
    const std::string trusted = !names_client            ? ""
                                : trust.proxies.is_any() ? "taken for a proxy of yours"
                                                         : "one of the proxies";
    const bool believed = said.outcome != Reason::hop_not_trusted;
    const bool is_outsider = names_client && !outsider.empty();
    std::string writer = names_client ? "the peer" : "a proxy of yours";
    const auto add_row = [&](std::size_t position, std::string text) {
        ValueRow row{position, std::move(text), Standing::not_believed, "", "not believed"};
        if (reader.peer_is_trusted && position > stop) {
            row.standing = Standing::not_read;
            row.remark = "not read: anybody may have written it";
        } else if (reader.peer_is_trusted && (believed || position == stop)) {
            const bool chosen = position == stop && said.outcome;
            row.standing = position < stop ? Standing::passed
                           : chosen        ? Standing::chosen
                                           : Standing::refused;
            if (believed) row.writer = writer;
            row.remark = position < stop ? trusted
                         : !chosen       ? std::string(to_string(said.outcome))
                         : is_outsider   ? "chosen, not one of the proxies"
                                         : "chosen";
        }
        found.rows.push_back(std::move(row));
    };
    if (names_client && !forwarded && *field.name == trust.client_header) {
        add_row(1, escaped(field.last));
        return found;  // not a list
    }

    std::size_t position = 1;
    FieldValues<Headers> from_right(reader.headers, field, std::string_view::npos);
    for (auto value = from_right.next(); value; value = from_right.next(), ++position) {
        const bool shown = position <= 8 || (position + 2 >= stop && position <= stop + 2);
        std::string text = escaped(*value);
        std::string named = !names_client ? writer : forwarded ? named_by(*value) : text;
        if (named.empty()) named = no_address;
        if (shown) add_row(position, std::move(text));
        writer = std::move(named);
    }
    found.values = position - 1;
    return found;
}

}  // namespace proxyfix
