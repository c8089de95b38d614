// SPDX-License-Identifier: MIT
/// \file
/// Requests whose header lines are views: of pages that may not be read, or to be passed over
/// forward only.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <forward_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../guarded_text.hpp"
#include "proxyfix/request/adapter.hpp"
#include "request.hpp"

/// Header lines that are views of anything.
struct LineViews {
    std::vector<std::pair<std::string_view, std::string_view>> lines;
    std::string_view peer;
};
template <> struct proxyfix::Adapter<LineViews> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const LineViews& request) noexcept { return request.peer; }
    static const auto& headers(const LineViews& request) noexcept { return request.lines; }
};

/// The same, to be passed over forward only.
struct ForwardLines {
    std::forward_list<std::pair<std::string_view, std::string_view>> lines;
    std::string_view peer;
};
template <> struct proxyfix::Adapter<ForwardLines> {
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const ForwardLines& request) noexcept { return request.peer; }
    static const auto& headers(const ForwardLines& request) noexcept { return request.lines; }
};

/// A request's lines in which all that stands left of some value of a list lies on a page that may
/// not be read, but for the comma and the seven bytes that may be loaded together with it.
class GuardedLines {
  public:
    /// Of each list the first `gone` values are unreadable, but for the comma at their end, and
    /// `loaded` in front of it. In the list `cut` both are missing: the first value that is left
    /// goes on to the left.
    GuardedLines(const Request& request, const std::array<std::size_t, 5>& gone,
                 const std::string& loaded, std::size_t cut = 5)
        : views_{{}, request.peer} {
        static const std::array<GuardedText, 5> pages;
        for (std::size_t l = 0; l < 5; ++l) {
            const List& list = request.lists[l];
            for (std::size_t i = 0, end = 0; i < list.values.size(); i = end) {
                std::string text;
                for (end = i; end == i || (end < list.values.size() && !list.starts_line(end));
                     ++end) {
                    if (end >= gone[l]) text += (end == i ? "" : ",") + list.values[end];
                }
                if (i < gone[l] && gone[l] < end) {
                    if (l == cut) text.erase(0, 1);
                    else text.insert(0, loaded);
                }
                if (i < gone[l] || (l == cut && i == gone[l])) {
                    views_.lines.emplace_back(list.name, pages[l].before(text));
                } else {
                    texts_.push_back(text);
                    views_.lines.emplace_back(list.name, texts_.back());
                }
            }
        }
    }
    [[nodiscard]] const LineViews& operator*() const { return views_; }

  private:
    LineViews views_;
    std::deque<std::string> texts_;
};
