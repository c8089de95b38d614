// SPDX-License-Identifier: MIT
/// \file
/// `LineView`: the header lines of a framework's container, converted one by one as they are read.
#pragma once

#include <utility>

namespace proxyfix::inline v0 {

/// A range over what is between two iterators; its elements are `to_line(*iterator)`, which is to
/// give a `{name, value}` of views. For an `Adapter` whose container holds something else. `Base`
/// is an iterator of the container, which must live as long as this.
template <class Base, auto to_line> class LineView {
  public:
    /// Goes forwards.
    class Iterator {
      public:
        /// At the line that `base` stands at.
        constexpr explicit Iterator(Base base) noexcept : base_(std::move(base)) {}
        /// The line: `to_line(*base)`.
        constexpr auto operator*() const noexcept { return to_line(*base_); }
        /// Goes on to the next line.
        constexpr Iterator& operator++() noexcept {
            ++base_;
            return *this;
        }
        /// Do both stand at the same place?
        constexpr bool operator==(const Iterator& other) const noexcept {
            return base_ == other.base_;
        }

      private:
        Base base_;
    };

    /// What is from `first` up to, but without, `last`.
    constexpr LineView(Base first, Base last) noexcept
        : first_(std::move(first)), last_(std::move(last)) {}

    /// The first line, if there is one.
    [[nodiscard]] constexpr Iterator begin() const noexcept { return first_; }
    /// Behind the last line.
    [[nodiscard]] constexpr Iterator end() const noexcept { return last_; }

  private:
    Iterator first_, last_;
};

}  // namespace proxyfix::inline v0
