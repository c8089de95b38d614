// SPDX-License-Identifier: MIT
#include "proxyfix/word.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include "catch.hpp"
#include "guarded_text.hpp"

using namespace proxyfix;

namespace {

/// Every byte, and eight of them once more.
constexpr std::array<char, 264> all_bytes = [] {
    std::array<char, 264> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 37 & 0xff);
    return bytes;
}();

/// The words from each byte on, as the compiler loads them.
constexpr std::array<Word, 257> words = [] {
    std::array<Word, 257> loaded{};
    for (std::size_t i = 0; i < loaded.size(); ++i) loaded[i] = load_word(all_bytes.data() + i);
    return loaded;
}();

}  // namespace

static_assert(load_bytes("abcdefgh") == load_word("abcdefgh"));
static_assert(load_word("abcdefgh") == 0x6867'6665'6463'6261, "the first byte is the lowest");
static_assert(load_word("\xff\0\0\0\0\0\0\x80") == 0x8000'0000'0000'00ff);
static_assert(repeated(0) == 0 && repeated(0x2c) == 0x2c2c'2c2c'2c2c'2c2c);
static_assert(repeated(0xff) == ~Word{0});

static_assert(bytes_equal(load_word("a,b,,c--"), ',') == 0x0000'0080'8000'8000);
static_assert(bytes_equal(load_word(",,,,,,,,"), ',') == repeated(0x80));
static_assert(bytes_equal(load_word("--------"), ',') == 0);
static_assert(bytes_equal(0, '\0') == repeated(0x80) && bytes_equal(0, '\x80') == 0);
static_assert(bytes_equal(~Word{0}, '\xff') == repeated(0x80) && bytes_equal(~Word{0}, 0x7f) == 0);

static_assert(index_behind_last(0) == 0 && index_behind_last(repeated(0x80)) == 8);
static_assert(index_behind_last(bytes_equal(load_word(",abcdefg"), ',')) == 1);
static_assert(index_behind_last(bytes_equal(load_word(",a,bcdef"), ',')) == 3);

TEST_CASE("A word that is loaded at run time is the one that the compiler loads") {
    for (std::size_t i = 0; i < words.size(); ++i) {
        CAPTURE(i);
        CHECK(load_word(all_bytes.data() + i) == words[i]);
        CHECK(load_bytes(all_bytes.data() + i) == words[i]);
    }
}

TEST_CASE("To load a word reads eight bytes and no more") {
    const GuardedText guarded;
    CHECK(load_word(guarded.at_end("abcdefgh").data()) == 0x6867666564636261);
    CHECK(load_word(guarded.at_begin("abcdefgh").data()) == 0x6867666564636261);
    CHECK(load_bytes(guarded.at_end("abcdefgh").data()) == 0x6867666564636261);
    CHECK(load_bytes(guarded.at_begin("abcdefgh").data()) == 0x6867666564636261);
}

TEST_CASE("A byte is found in every place, whatever stands beside it") {
    std::size_t wrong = 0;
    for (unsigned wanted = 0; wanted < 256; ++wanted) {
        const char c = static_cast<char>(wanted);
        for (unsigned byte = 0; byte < 256; ++byte) {
            // Neighbours that are equal, that differ in one bit, and at which a sum would carry.
            for (const unsigned beside : {wanted, wanted ^ 1, wanted ^ 0x80, (wanted + 1) & 0xff,
                                          (wanted - 1) & 0xff, 0u, 0x7fu, 0x80u, 0xffu}) {
                const Word others = beside == wanted ? repeated(0x80) : 0;
                for (unsigned place = 0; place < 64; place += 8) {
                    const Word here = Word{0xff} << place;
                    const Word word = (repeated(beside) & ~here) | Word{byte} << place;
                    const Word expected =
                        (others & ~here) | (byte == wanted ? Word{0x80} << place : 0);
                    if (bytes_equal(word, c) != expected) ++wrong;
                }
            }
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("What is behind the last byte that was found has its index") {
    for (unsigned found = 0; found < 256; ++found) {
        Word bytes = 0;
        std::size_t behind = 0;
        for (unsigned place = 0; place < 8; ++place) {
            if ((found >> place & 1) == 0) continue;
            bytes |= Word{0x80} << 8 * place;
            behind = place + 1;
        }
        CAPTURE(found);
        CHECK(index_behind_last(bytes) == behind);
    }
}
