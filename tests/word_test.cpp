// SPDX-License-Identifier: MIT
#include "proxyfix/base/word.hpp"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "catch.hpp"
#include "guarded_text.hpp"

using namespace proxyfix;
using namespace proxyfix::detail;

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

static_assert(index_behind_last_equal(load_word("a,b,,c--"), repeated(',')) == 5);
static_assert(index_behind_last_equal(load_word(",,,,,,,,"), repeated(',')) == 8);
static_assert(index_behind_last_equal(load_word("--------"), repeated(',')) == 0);
static_assert(index_behind_last_equal(load_word(",abcdefg"), repeated(',')) == 1);
static_assert(index_behind_last_equal(load_word(",a,bcdef"), repeated(',')) == 3);
static_assert(index_behind_last_equal(load_word("abcdefgh"), load_word("abcdXXXX")) == 4);
static_assert(index_behind_last_equal(0, 0) == 8 &&
              index_behind_last_equal(0, repeated(0x80)) == 0);
static_assert(index_behind_last_equal(~Word{0}, repeated(0xff)) == 8 &&
              index_behind_last_equal(~Word{0}, repeated(0x7f)) == 0);

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
        for (unsigned byte = 0; byte < 256; ++byte) {
            // Neighbours that are equal, that differ in one bit, and at which a sum would carry.
            for (const unsigned beside : {wanted, wanted ^ 1, wanted ^ 0x80, (wanted + 1) & 0xff,
                                          (wanted - 1) & 0xff, 0u, 0x7fu, 0x80u, 0xffu}) {
                for (unsigned place = 0; place < 8; ++place) {
                    const Word here = Word{0xff} << 8 * place;
                    const Word word = (repeated(beside) & ~here) | Word{byte} << 8 * place;
                    std::size_t expected = byte == wanted ? place + 1 : 0;
                    if (beside == wanted) expected = place == 7 && byte != wanted ? 7 : 8;
                    if (index_behind_last_equal(word, repeated(wanted)) != expected) ++wrong;
                    if (index_behind_last_equal(repeated(wanted), word) != expected) ++wrong;
                }
            }
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("Behind the last of the bytes that are equal is its index") {
    for (unsigned equal = 0; equal < 256; ++equal) {
        Word bytes = 0;
        std::size_t behind = 0;
        for (unsigned place = 0; place < 8; ++place) {
            const bool is_equal = (equal >> place & 1) != 0;
            bytes |= Word{is_equal ? 0x2cu : 0x2du} << 8 * place;
            if (is_equal) behind = place + 1;
        }
        CAPTURE(equal);
        CHECK(index_behind_last_equal(bytes, repeated(0x2c)) == behind);
    }
}

TEST_CASE("Of ASCII, the bytes from a first to a last one are told, whatever stands beside them") {
    std::size_t wrong = 0;
    for (const auto& [first, last] :
         {std::pair('a', 'z'), {'-', '.'}, {'\1', '\1'}, {'0', '\x7e'}}) {
        for (unsigned byte = 0; byte < 0x80; ++byte) {
            for (const unsigned beside :
                 {0u, 1u, 0x2cu, 0x2du, 0x2eu, 0x2fu, 0x60u, 0x61u, 0x7fu}) {
                for (unsigned place = 0; place < 8; ++place) {
                    const Word here = Word{0xff} << 8 * place;
                    const Word word = (repeated(beside) & ~here) | Word{byte} << 8 * place;
                    Word expected = 0;
                    for (unsigned i = 0; i < 8; ++i) {
                        const auto c = static_cast<char>(word >> 8 * i & 0xff);
                        if (c >= first && c <= last) expected |= Word{0x80} << 8 * i;
                    }
                    if (bytes_in_range(word, first, last) != expected) ++wrong;
                    const Word not_ascii = word | Word{0x80} << 8 * place;
                    const Word high = Word{0x80} << 8 * place;
                    if ((bytes_in_range(not_ascii, first, last) & high) != 0) ++wrong;
                }
            }
        }
    }
    CHECK(wrong == 0);
}
