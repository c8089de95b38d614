// SPDX-License-Identifier: MIT
#include "proxyfix/request/line_view.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "catch.hpp"

using namespace proxyfix;

namespace {

struct Entry {
    std::string_view text;
};

constexpr std::pair<std::string_view, std::string_view> split(const Entry& entry) noexcept {
    const std::size_t colon = entry.text.find(':');
    return {entry.text.substr(0, colon), entry.text.substr(colon + 1)};
}

using View = LineView<const Entry*, split>;
constexpr std::array<Entry, 3> entries{{{"A:1"}, {"B:2"}, {"A:3"}}};
constexpr View view(entries.data(), entries.data() + entries.size());

constexpr std::string_view last_of(std::string_view name) {
    std::string_view last;
    for (const auto& [n, value] : view) {
        if (n == name) last = value;
    }
    return last;
}

static_assert(last_of("A") == "3" && last_of("B") == "2" && last_of("C") == "");

}  // namespace

TEST_CASE("Each element is converted when it is read") {
    CHECK(last_of("A") == "3");
    auto at = view.begin();
    CHECK((*at).second == "1");
    ++at;
    CHECK((*at).first == "B");
    ++at;
    CHECK((*at).second == "3");
    CHECK(++at == view.end());
}

TEST_CASE("A range without elements ends where it begins") {
    const View none(entries.data(), entries.data());
    CHECK(none.begin() == none.end());
    CHECK(!(view.begin() == view.end()));
}
