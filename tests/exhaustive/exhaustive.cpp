// SPDX-License-Identifier: MIT
// usage: exhaustive [LENGTH [GRAMMAR]]
// Compares the parsers with naive ones on every row of up to LENGTH symbols, 8 unless given, of an
// alphabet of nine, and with every two bytes in certain places.
// Exit status: 0 no difference, 1 some, 2 usage.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "enumerate.hpp"

namespace {

const std::string almost_a_label(61, 'a'), long_segment = '/' + std::string(1015, 'a');

const std::vector<Alphabet> alphabets = {
    {"address", naive::compare_address, each("0125.:fg ")},
    {"address",
     naive::compare_address,
     {"1:", ":", "::", "0", "0:", "ffff", "1.2.3.4", "256", "."}},
    {"endpoint",
     naive::compare_endpoint,
     {"[", "]", "::1", "1.2.3.4", ":", "80", "0", "65535", "0.0.0.0"}},
    {"endpoint",
     naive::compare_endpoint,
     {"[", "]", "fe80::1", "%", "eth0", ".", ":80", "1.2.3.4", "::"}},
    {"ported",
     naive::compare_endpoint_and_port,
     {"[", "]", "2001:db8", "::", ":", "9985", "1.2.3.4", "fe80::", "%a"}},
    {"scheme", naive::compare_scheme, each("onftpsFhw")},
    {"network", naive::compare_network, {"10.0.0.0", "::", "ffff", ":", "/", "0", "1", "2", "8"}},
    {"authority", naive::compare_authority, each("a01.:-[]x")},
    {"authority",
     naive::compare_authority,
     {"a", ".", "-", "_", "0x", "9", ":80", "[::1]", almost_a_label + '.'}},
    {"list", naive::compare_list, each(", \t\"\\a1;=")},
    {"line", naive::compare_addresses_of_line, {"1", "25", "6", "0", ".", ",", " ", "1.2.3", ":"}},
    {"line", naive::compare_hosts_of_line, {"a", "bcdefg", ".", "-", "0x", ",", " ", "_", "[Z"}},
    {"line",
     naive::compare_hosts_of_line,
     {"a", "z", "A", "Z", ".", "-", "abcdef", std::string(55, 'b'), ","}},
    {"line", naive::compare_others_of_line, {"https", "on", "ws", "/a", "8", "/", ",", " ", "\t"}},
    {"prefix", naive::compare_prefix, each("/.a~%?\\:@")},
    {"prefix",
     naive::compare_prefix,
     {"/", ".", "/..", "a", "//", "%2e", "\"", "abcdefg", long_segment}},
    {"forwarded", naive::compare_forwarded, each("=;\"\\aB ,[")},
    {"forwarded",
     naive::compare_forwarded,
     {"for=", "host=", ";", "\"", "\\", "1.2.3.4", "_a", ":80", "[::1]"}},
    {"forwarded",
     naive::compare_forwarded,
     {"proto=", "For=", "unknown", "http", "s", "\"", "\\", ";", "\t"}},
    {"forwarded",
     naive::compare_forwarded,
     {"for=", "_a", "fe80::1", "%a", ":", "[", "]", "; ", "\""}}};

/// Two bytes, whatever they are, between two texts.
struct AnyTwoBytes {
    const char* name;
    naive::Agreement (*compare)(std::string_view);
    std::string before, behind;
};
const std::vector<AnyTwoBytes> places = {
    {"address", naive::compare_address, "2001:db8::", ""},
    {"endpoint", naive::compare_endpoint, "fe80::1%", ""},
    {"endpoint", naive::compare_endpoint, "FEBF::1%12345678901234", ""},
    {"endpoint", naive::compare_endpoint, "[fe80::1%a", "b]:80"},
    {"endpoint", naive::compare_endpoint, "fe80::1%a", ":80"},
    {"endpoint", naive::compare_endpoint, "fec0::1%", ""},
    {"endpoint", naive::compare_endpoint, "::ffff:1.2.3.4", ":80"},
    {"ported", naive::compare_endpoint_and_port, "2001:db8::7", ":80"},
    {"ported", naive::compare_endpoint_and_port, "fe80::7%", ":80"},
    {"scheme", naive::compare_scheme, "o", ""},
    {"authority", naive::compare_authority, "a", "b:80"},
    {"list", naive::compare_list, "a,b", "c,d"},
    {"line", naive::compare_addresses_of_line, "9.9.9.9", "1.2.3.4"},
    {"line", naive::compare_hosts_of_line, "abcdefg", "hijklmn"},
    {"line", naive::compare_hosts_of_line, "abcdefghijkl", ""},
    {"line", naive::compare_hosts_of_line, "", "abcdefghijkl"},
    {"line", naive::compare_others_of_line, "http", "https"},
    {"prefix", naive::compare_prefix, "", ""},
    {"prefix", naive::compare_prefix, "/a", "b"},
    {"forwarded", naive::compare_forwarded, "", "for=1.2.3.4"},
    {"forwarded", naive::compare_forwarded, "for", "1.2.3.4;proto=https"},
    {"forwarded", naive::compare_forwarded, "for=", "1.2.3.4;proto=https"},
    {"forwarded", naive::compare_forwarded, "for=1.2.3.4", "proto=https"},
    {"forwarded", naive::compare_forwarded, "for=1.2.3.4;by=a", "b;proto=https"},
    {"forwarded", naive::compare_forwarded, "for=1.2.3.4;by=\"", "\";proto=https"},
    {"forwarded", naive::compare_forwarded, "for=1.2.3.4;by=\"a", "b\";proto=https"},
    {"forwarded", naive::compare_forwarded, "for=1.2.3.4;by=\"a\"", "proto=https"},
    {"forwarded", naive::compare_forwarded, "host=\"a", "b\";proto=https"}};

Counts compare_places(std::string_view grammar) {
    Counts all;
    for (const auto& [name, compare, before, behind] : places) {
        if (!grammar.empty() && grammar != name) continue;
        const Alphabet alphabet{name, compare, {}};
        for (unsigned bytes = 0; bytes < 0x10000; ++bytes) {
            const std::string both{static_cast<char>(bytes >> 8), static_cast<char>(bytes & 0xff)};
            compare_one(alphabet, before + both + behind, all);
        }
        for (unsigned byte = 0; byte < 0x100; ++byte)
            compare_one(alphabet, before + static_cast<char>(byte) + behind, all);
        compare_one(alphabet, before + behind, all);
    }
    return all;
}

}  // namespace

int main(int argc, char** argv) {
    const int length = argc > 1 ? std::atoi(argv[1]) : 8;
    const std::string_view grammar = argc > 2 ? argv[2] : "";
    Counts all;
    bool vacuous = false;
    for (const Alphabet& alphabet : alphabets) {
        const bool is_asked_for = grammar.empty() || grammar == alphabet.name;
        if (!is_asked_for || length < 1 || length > 12 || argc > 3) continue;
        const Counts counts = compare_all(alphabet, static_cast<std::size_t>(length));
        all += counts;
        counts.print(alphabet.name);
        vacuous = vacuous || counts.accepted == 0;
    }
    if (all.strings == 0) {
        std::puts("usage: exhaustive [LENGTH [GRAMMAR]]");
        return 2;
    }
    const Counts any_bytes = compare_places(grammar);
    any_bytes.print("any bytes");
    all += any_bytes;
    std::printf("exhaustive: %llu strings, %llu differences\n",
                static_cast<unsigned long long>(all.strings),
                static_cast<unsigned long long>(all.different));
    return vacuous || all.different != 0 ? 1 : 0;
}
