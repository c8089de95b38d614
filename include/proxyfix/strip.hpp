// SPDX-License-Identifier: MIT
/// \file
/// `Stripping`: which header lines are erased before the handler is called.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "proxyfix/adapter.hpp"
#include "proxyfix/field.hpp"
#include "proxyfix/field_lines.hpp"
#include "proxyfix/field_name.hpp"
#include "proxyfix/trust.hpp"

namespace proxyfix {

/// How many lines are erased of each header that proxies forward in, counted from the first one
/// that arrived. These headers are the five X-Forwarded-*, Forwarded, and `Trust::client_header`.
///
/// With `Strip::untrusted`, a header that was believed keeps its lines from the believed value on,
/// if that value is the first one on its line. If it is not, all of them go: a line can only be
/// erased as a whole, and the lines right of it would say something else without it. A header that
/// was not believed, or not asked for, goes too.
class Stripping {
  public:
    /// What `trust.strip` wants of these headers, about which `r` was decided. `trust` must live as
    /// long.
    template <class Headers>
    constexpr Stripping(Headers&& headers, const Trust& trust, const Resolution& r) noexcept
        : fields_{} {
        std::size_t count = 0;
        for (const FieldName& name : forwarding_headers) fields_[count++].name = &name;
        fields_[count].name =
            trust.client_header.empty() ? &forwarding_headers[5] : &trust.client_header;
        if (trust.strip == Strip::keep) return;
        NameFilter filter;
        for (const FieldLines& field : fields_) filter.add(*field.name);
        proxyfix::find_lines(headers, fields_, filter);
        if (trust.strip == Strip::all) return;

        const bool forwarded = trust.forwarded != 0, single = !trust.client_header.empty();
        const auto keep = [&](std::size_t field, bool believed, unsigned position) {
            if (believed && fields_[field].count > 0) keep_from(headers, fields_[field], position);
        };
        keep(0, !forwarded && !single && r.client, r.client_position);
        keep(1, !forwarded && r.proto, trust.x_proto);
        keep(2, !forwarded && r.host, trust.x_host);
        keep(3, r.port.has_value(), trust.x_port);
        keep(4, r.prefix.has_value(), trust.x_prefix);
        keep(5, forwarded && r.client && !refused(r.proto) && !refused(r.host), r.client_position);
        keep(6, single && r.client, 1);
    }

    /// Is this line erased? Ask once for each line, in order of arrival.
    constexpr bool operator()(std::string_view name) noexcept {
        for (FieldLines& field : fields_) {
            if (field.count == 0 || !field.name->matches(name)) continue;
            --field.count;
            return true;
        }
        return false;
    }

  private:
    /// Of the lines to be erased, keeps those from the value at `position` on.
    template <class Headers>
    static constexpr void keep_from(Headers& headers, FieldLines& field,
                                    unsigned position) noexcept {
        FieldValues<Headers> values(headers, field, std::string_view::npos);
        for (unsigned i = 0; i < position; ++i) static_cast<void>(values.next());
        if (values.at_line_start()) field.count -= values.lines_read();
    }

    std::array<FieldLines, std::size(forwarding_headers) + 1>
        fields_;  // their counts: how many lines are still to be erased
};

}  // namespace proxyfix
