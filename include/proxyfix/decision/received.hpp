// SPDX-License-Identifier: MIT
/// \file
/// `Received`: all of a request that a decision looks at.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/http/list.hpp"

namespace proxyfix::inline v0::detail {

/// Are the header lines of a request those that the peer sent?
enum class LineQuality : std::uint8_t {
    as_sent,   ///< They are.
    doubtful,  ///< Others may be among them: no value is trusted.
    may_lack,  ///< Some may have been dropped: even a header that is not there may have been sent.
};

/// The lines of the headers of a `Table`, and what is known of the connection. Views of the
/// request.
struct Received {
    std::array<Lines, Field::count> headers;     ///< In the order of the table.
    bool has_lines{};                            ///< Has any of the headers a line?
    std::string_view peer{};                     ///< See `Adapter::peer`.
    bool lines_in_order{};                       ///< See `Adapter::lines_in_order`.
    LineQuality quality = LineQuality::as_sent;  ///< What the adapter knows of the lines.

    /// No lines.
    constexpr Received() noexcept {
        static_assert(Field::count == 5);  // a loop takes four times as many instructions
        headers[0].count = headers[1].count = headers[2].count = 0;
        headers[3].count = headers[4].count = 0;
    }
};

}  // namespace proxyfix::inline v0::detail
