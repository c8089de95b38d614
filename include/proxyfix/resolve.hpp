// SPDX-License-Identifier: MIT
/// \file
/// `resolve`: the decision, from a request's headers and a `Trust` to a `Resolution`.
#pragma once

#include <cstddef>
#include <string_view>

#include "proxyfix/adapter.hpp"
#include "proxyfix/list.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/text.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// The field lines of one name: how many there are, and the last of them, which is nearly always
/// the only one.
struct FieldLines {
    std::string_view name;
    std::size_t count = 0;
    std::string_view last{};
};

/// The `n`-th value from the right among all lines of a field. The lines left of it are not read.
/// Several lines cost one more pass over the headers for each line read, and there are at most `n`.
template <class Headers>
constexpr Result<std::string_view> nth_value(Headers& headers, const FieldLines& lines, unsigned n,
                                             std::size_t bound, bool lines_in_order) noexcept {
    if (n == 0) return Reason::not_configured;
    if (lines.count == 0) return Reason::absent;
    if (lines.count > 1 && !lines_in_order) return Reason::unordered_lines;
    Result<std::string_view> value = take_from_right(lines.last, n, bound);
    for (std::size_t left = lines.count - 1; left > 0 && value == Reason::too_few_values; --left) {
        std::size_t line = 0;
        for (auto&& [name, text] : headers) {
            if (!equals_ignore_case(std::string_view(name), lines.name)) continue;
            if (++line == left) value = take_from_right(std::string_view(text), n, bound);
        }
    }
    return value;
}

/// Decides about a request: finds the five headers in one pass, takes of each the value that its
/// outermost trusted proxy wrote, and parses it. Each header is decided independently; a missing or
/// malformed value is never made up for by another one. Allocates nothing.
template <Readable R> constexpr Resolution resolve(const R& request, const Trust& trust) noexcept {
    auto&& headers = Adapter<R>::headers(request);
    FieldLines fields[] = {{"X-Forwarded-For"},
                           {"X-Forwarded-Proto"},
                           {"X-Forwarded-Host"},
                           {"X-Forwarded-Port"},
                           {"X-Forwarded-Prefix"}};
    for (auto&& [name, value] : headers) {
        for (FieldLines& field : fields) {
            if (!equals_ignore_case(std::string_view(name), field.name)) continue;
            ++field.count;
            field.last = std::string_view(value);
        }
    }
    const auto chosen = [&headers](const FieldLines& lines, unsigned n, std::size_t bound) {
        return proxyfix::nth_value(headers, lines, n, bound, Adapter<R>::lines_in_order);
    };
    const auto& [x_for, x_proto, x_host, x_port, x_prefix] = fields;
    return {.client = chosen(x_for, trust.x_for, 64).and_then(parse_endpoint),
            .proto = chosen(x_proto, trust.x_proto, 64).and_then(parse_scheme),
            .host = chosen(x_host, trust.x_host, 320).and_then(Authority::parse),
            .port = chosen(x_port, trust.x_port, 64).and_then(parse_port),
            .prefix = chosen(x_prefix, trust.x_prefix, 1100).and_then(parse_prefix)};
}

}  // namespace proxyfix
