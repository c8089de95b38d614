// SPDX-License-Identifier: MIT
/// \file
/// A `Trust` from the options of a command line. Shared by the examples.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <map>
#include <optional>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>

inline constexpr std::string_view trust_usage =
    "  --x-for N, --x-proto N, --x-host N, --x-port N, --x-prefix N\n"
    "                        how many values of this header your proxies add; 0 unless given.\n"
    "                        --x-for all: follow the chain while addresses are in --proxies\n"
    "  --forwarded           --x-for, --x-proto and --x-host count elements of Forwarded\n"
    "  --proxies LIST        their addresses: '10.0.0.0/24, loopback'; any unless given\n"
    "  --allowed-hosts LIST  'shop.example, *.shop.example'; any unless given\n"
    "  --names.x-proto NAME  instead of X-Forwarded-Proto; so for the other four\n"
    "  --client-header NAME  a header with the client's address, instead of X-Forwarded-For\n"
    "  --client-has-port     its value always ends in ':port', IPv6 without brackets too\n"
    "  --strip WHICH         erase header lines: keep (the default), untrusted, all\n"
    "  --trust TEXT          all of these: 'x_for=2; x_proto=1; proxies=10.0.0.2, loopback'.\n"
    "                        Options after it change it\n";

/// No header is trusted until an option says so.
inline const proxyfix::Trust no_trust{.x_for = 0, .x_proto = 0};

/// A number of at most 65535; or nothing, after a message that names the text.
inline std::optional<unsigned> parse_number(std::string_view option, std::string_view text) {
    unsigned number = 0;
    static_cast<void>(std::from_chars(text.data(), text.data() + text.size(), number));
    if (number <= 65535 && std::to_string(number) == text) return number;
    std::cerr << option << ": not a number of 0 to 65535: '" << text << "'\n";
    return std::nullopt;
}

/// The value behind the option at `i`, which is then at the value; or nothing, after a message.
inline std::optional<std::string_view> take_value(int argc, char** argv, int& i) {
    if (i + 1 < argc) return argv[++i];
    std::cerr << argv[i] << ": the value is missing\n";
    return std::nullopt;
}

/// The options of a `Trust`, as words of `parse_trust`: `--x-for 2` is `x_for=2`, and `--forwarded`
/// is `forwarded=yes`. Of a name that is given twice, the last one counts.
class TrustOptions {
  public:
    /// Takes the option at `i`, and its value, at which `i` is then. False, after a message, if
    /// there is no such option or no value.
    bool take(int argc, char** argv, int& i) {
        const std::string_view option = argv[i];
        if (const auto equals = option.find('='); equals != option.npos) {
            std::cerr << option << ": write " << option.substr(0, equals) << ' '
                      << option.substr(equals + 1) << '\n';
            return false;
        }
        if (std::ranges::find(options, option) == options.end()) {
            std::cerr << option << ": there is no such option\n";
            return false;
        }
        const bool is_switch = option == "--forwarded" || option == "--client-has-port";
        const auto value =
            is_switch ? std::optional<std::string_view>("yes") : take_value(argc, argv, i);
        if (!value) return false;
        if (option == "--trust") return take_text(*value);
        if (value->find(';') != value->npos) {
            std::cerr << option << ": a ';' in '" << *value << "'\n";
            return false;
        }
        std::string name(option.substr(2)), text(*value);
        for (char& c : name) c = c == '-' ? '_' : c;
        for (char& c : text) c = c == '\n' || c == '\r' ? ' ' : c;  // a list from a file
        words_[name] = text;
        return true;
    }

    /// The trust; or nothing, after a message that names the text which is wrong.
    std::optional<proxyfix::Trust> trust() const {
        std::string text;
        for (const auto& [name, value] : words_) {
            text.append(text.empty() ? "" : "; ").append(name).append("=").append(value);
        }
        return parse(text);
    }

  private:
    static constexpr std::array<std::string_view, 17> options{
        "--x-for",         "--x-proto",        "--x-host",          "--x-port",
        "--x-prefix",      "--names.x-for",    "--names.x-proto",   "--names.x-host",
        "--names.x-port",  "--names.x-prefix", "--forwarded",       "--proxies",
        "--allowed-hosts", "--client-header",  "--client-has-port", "--strip",
        "--trust"};

    static std::optional<proxyfix::Trust> parse(std::string_view text) {
        const auto trust = proxyfix::parse_trust(text);
        if (trust) return *trust;
        std::cerr << trust.error() << '\n';
        return std::nullopt;
    }

    bool take_text(std::string_view text) {
        const auto trust = parse(text);
        if (!trust) return false;
        words_.clear();
        const std::string words = to_string(*trust);
        for (std::string_view rest = words; !rest.empty();) {
            const std::string_view word = rest.substr(0, rest.find("; "));
            rest.remove_prefix(std::min(rest.size(), word.size() + 2));
            const std::size_t equals = word.find('=');
            words_[std::string(word.substr(0, equals))] = word.substr(equals + 1);
        }
        return true;
    }

    std::map<std::string, std::string> words_;
};
