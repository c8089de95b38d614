// SPDX-License-Identifier: MIT
/// \file
/// `LineView`: the header lines of a framework's container, converted one by one as they are read.
#pragma once

#include <utility>

namespace proxyfix {

/// A range over what is between two iterators; its elements are `to_line(*iterator)`, which is to
/// give a `{name, value}` of views. For an `Adapter` whose container holds something else.
template <class Base, auto to_line> class LineView {
  public:
    class Iterator {
      public:
        constexpr explicit Iterator(Base base) noexcept : base_(std::move(base)) {}
        constexpr auto operator*() const noexcept { return to_line(*base_); }
        constexpr Iterator& operator++() noexcept {
            ++base_;
            return *this;
        }
        constexpr Iterator& operator--() noexcept requires requires(Base& base) { --base; }
        {
            --base_;
            return *this;
        }
        constexpr bool operator==(const Iterator& other) const noexcept {
            return base_ == other.base_;
        }

      private:
        Base base_;
    };

    constexpr LineView(Base first, Base last) noexcept
        : first_(std::move(first)), last_(std::move(last)) {}

    [[nodiscard]] constexpr Iterator begin() const noexcept { return first_; }
    [[nodiscard]] constexpr Iterator end() const noexcept { return last_; }

  private:
    Iterator first_, last_;
};

}  // namespace proxyfix
