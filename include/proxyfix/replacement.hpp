// SPDX-License-Identifier: MIT
/// \file
/// `Replacement`: a text that will take the place of another one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "proxyfix/authority.hpp"

namespace proxyfix {

/// A text that is to be written: what allocates is done when it is made, so that writing cannot
/// fail. A text that a string holds in place (15 bytes with libstdc++, 22 with libc++) is only
/// viewed until then, so that it is copied once, and not moved twice.
class Replacement {
  public:
    /// The text must live until it is written.
    explicit Replacement(std::string_view text) : text_(text) {
        if (text.size() > std::string().capacity()) copy_ = text;
    }
    /// The text of an authority.
    explicit Replacement(const Authority& authority)
        : Replacement(authority.port == 0 ? authority.host : std::string_view()) {
        if (authority.port != 0) copy_ = to_string(authority);
    }

    /// Writes it to `text`, and moves what was there to `first`, unless something is there already.
    /// Call it once.
    void write(std::optional<std::string>& first, std::string& text) noexcept {
        if (!first) first.emplace(std::move(text));
        if (copy_.empty()) text.assign(text_);  // fits into any string
        else text = std::move(copy_);
    }

  private:
    std::string_view text_;
    std::string copy_;
};

}  // namespace proxyfix
