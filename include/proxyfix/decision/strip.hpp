// SPDX-License-Identifier: MIT
/// \file
/// `Stripping`: which header lines are erased before the handler is called.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/http/list.hpp"

namespace proxyfix::inline v0::detail {

/// Tells which lines are erased of the headers that proxies forward in: those of the table, the
/// five X-Forwarded-* and Forwarded.
///
/// With `Strip::untrusted`, a header with a trusted value keeps its lines from this value on, if
/// that is the first one on its line. If it is not, all of them go: a line can only be erased as a
/// whole, and the lines right of it would say something else without it. A header whose value was
/// rejected, and one that is ignored, goes too.
class Stripping {
  public:
    /// Of a request about which `r` was decided. The table must live as long.
    PROXYFIX_OUTLINE constexpr Stripping(const Table& table, const Received& received,
                                         const Resolution& r) noexcept
        : table_(&table) {
        const Strip strip = table.trust.strip;
        if (strip == Strip::keep) return;
        for (std::size_t i = 0; i < table_->names.size(); ++i) {
            const std::size_t kept = strip == Strip::untrusted ? lines_to_keep(i, r) : 0;
            to_erase_[i] = received.headers[i].count - kept;
        }
    }

    /// Is this line erased? Ask once for each line, in order of arrival.
    PROXYFIX_OUTLINE constexpr bool operator()(std::string_view name) noexcept {
        const std::size_t header = table_->names.find(name);
        const bool is_erased = erases(header, name);
        if (is_erased) note(header, name);
        return is_erased;
    }

    /// The fields of whose headers lines were erased so far.
    [[nodiscard]] constexpr const std::array<bool, Field::count>& erased() const noexcept {
        return erased_;
    }

  private:
    /// Is a line of this name erased, whose index in the table is `header`, or `NameTable::most`?
    constexpr bool erases(std::size_t header, std::string_view name) noexcept {
        if (header != NameTable::most) {
            if (to_erase_[header] == 0) return false;
            --to_erase_[header];
            return true;
        }
        bool is_usual = forwarded_name.matches(name);
        for (const ForwardingHeader& usual : forwarding_headers) {
            is_usual = is_usual || usual.usual_name.matches(name);
        }
        return is_usual && table_->trust.strip != Strip::keep;
    }

    /// Notes for `erased` that a line of this name was erased.
    constexpr void note(std::size_t header, std::string_view name) noexcept {
        for (std::size_t i = 0; i < Field::count; ++i) {
            const bool is_usual =
                forwarding_headers[i].usual_name.matches(name) ||
                (table_->is_forwarded && i <= Field::host && forwarded_name.matches(name));
            if (is_read_from(i, header) || is_usual) erased_[i] = true;
        }
    }

    [[nodiscard]] constexpr bool is_read_from(std::size_t field,
                                              std::size_t header) const noexcept {
        return table_->fields[field].count != 0 && table_->fields[field].header == header;
    }

    /// How many of the last lines of a header are trusted: if it has several fields, the first one
    /// has to be applied, and none of the others rejected.
    [[nodiscard]] constexpr std::size_t lines_to_keep(std::size_t header,
                                                      const Resolution& r) const noexcept {
        const Outcomes outcomes = r.outcomes();
        bool is_first = true;
        Stop leftmost;
        for (std::size_t i = 0; i < Field::count; ++i) {
            if (!is_read_from(i, header)) continue;
            if (is_first ? !outcomes[i] : refused(outcomes[i])) return 0;
            if (r.stops[i].position > leftmost.position) leftmost = r.stops[i];
            is_first = false;
        }
        return leftmost.at_line_start ? leftmost.line : 0;
    }

    const Table* table_;
    std::array<std::size_t, Field::count> to_erase_{};  // of each header, how many lines still
    std::array<bool, Field::count> erased_{};           // see `erased`
};

}  // namespace proxyfix::inline v0::detail
