// SPDX-License-Identifier: MIT
#include "proxyfix/replacement.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "allocation.hpp"
#include "catch.hpp"

using namespace proxyfix;

namespace {

/// How many bytes a string holds without an allocation.
const std::size_t in_place = std::string().capacity();

#if defined(__clang__) && __clang_major__ < 16 && __cplusplus > 202002L
constexpr bool short_texts_allocate = true;  // in this mode libstdc++'s strings do
#else
constexpr bool short_texts_allocate = false;
#endif

const std::string long_text = "a text that is longer than any string holds in place";

}  // namespace

static_assert(noexcept(std::declval<Replacement&>().write(
    std::declval<std::optional<std::string>&>(), std::declval<std::string&>())));
static_assert(!std::is_convertible_v<std::string_view, Replacement> &&
              !std::is_convertible_v<Authority, Replacement>);

TEST_CASE("A replacement allocates when it is made, once and only for a text that needs it") {
    for (std::size_t size = 0; size <= 2 * in_place; ++size) {
        CAPTURE(size);
        const std::string text(size, 'x');
        std::string written;
        std::optional<std::string> first;
        const std::size_t before = allocation_count();
        Replacement replacement(text);
        const std::size_t made = allocation_count();
        if (!short_texts_allocate) CHECK(made - before == (size > in_place ? 1u : 0u));
        CHECK(made - before <= 1);
        replacement.write(first, written);
        if (!short_texts_allocate) CHECK(allocation_count() == made);
        CHECK(written == text);
        CHECK(first == "");
    }
}

TEST_CASE("An authority is replaced by its text") {
    const std::string name(in_place - 3, 'a');
    for (const std::string& host : {std::string("a"), name, name + "bcd", name + "bcde"}) {
        for (const int number : {0, 1, 80, 65535}) {
            const auto port = static_cast<std::uint16_t>(number);
            CAPTURE(host, port);
            const Authority authority{host, port};
            const std::string expected = to_string(authority);
            std::string written = "app.internal";
            std::optional<std::string> first;
            const std::size_t before = allocation_count();
            Replacement replacement(authority);
            const std::size_t made = allocation_count();
            if (!short_texts_allocate)
                CHECK(made - before == (expected.size() > in_place ? 1u : 0u));
            replacement.write(first, written);
            if (!short_texts_allocate) CHECK(allocation_count() == made);
            CHECK(written == expected);
            CHECK(first == "app.internal");
        }
    }
}

TEST_CASE("What is replaced is moved and not copied") {
    for (const std::string& text : {std::string("short"), std::string(), long_text}) {
        std::string field(100, 'y');
        const char* const characters = field.data();
        std::optional<std::string> first;
        Replacement replacement(text);
        const std::size_t before = allocation_count();
        replacement.write(first, field);
        if (!short_texts_allocate) CHECK(allocation_count() == before);
        CHECK(first == std::string(100, 'y'));
        CHECK(first->data() == characters);
        CHECK(field == text);
    }
}

TEST_CASE("What an earlier replacement kept is not replaced") {
    for (const std::string& text : {std::string("short"), long_text}) {
        std::string field = "second";
        std::optional<std::string> first = "first";
        Replacement(text).write(first, field);
        CHECK(first == "first");
        CHECK(field == text);
        first = "";
        Replacement(long_text).write(first, field);
        CHECK(first == "");
        CHECK(field == long_text);
    }
}

TEST_CASE("If there is no memory, a replacement is not made, or is written all the same") {
    if (short_texts_allocate) return;
    const std::string short_text(in_place, 'x'), longer(in_place + 1, 'x');
    for (const std::string& text : {short_text, longer, long_text}) {
        std::string field = "a host that is longer than any string holds in place";
        std::optional<std::string> first;
        std::optional<Replacement> replacement;
        bool failed = false;
        try {
            const FailingAllocations failing(0);
            replacement.emplace(text);
        } catch (const std::bad_alloc&) {
            failed = true;
        }
        CHECK(failed == (text.size() > in_place));
        CHECK(field == "a host that is longer than any string holds in place");
        CHECK_FALSE(first);
        if (failed) replacement.emplace(text);
        {
            const FailingAllocations failing(0);
            replacement->write(first, field);
        }
        CHECK(field == text);
        CHECK(first == "a host that is longer than any string holds in place");
    }
}
