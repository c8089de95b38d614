// SPDX-License-Identifier: MIT
/// \file
/// `playground`: all that the page shows of a request and a `Trust`, from text to JSON.
#pragma once

#include <algorithm>
#include <array>
#include <proxyfix/explain.hpp>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpp_text.hpp"
#include "decision_json.hpp"
#include "json.hpp"
#include "nginx_text.hpp"
#include "request_head.hpp"

/// What the fields of the page say.
struct Input {
    std::string peer, proxies, hosts, head;
    proxyfix::Trust trust{.x_for = 0, .x_proto = 0};
    std::vector<std::pair<std::string, std::string>> errors{};  ///< Field, what is wrong with it.
};

/// How many bytes a field may have: the library has no bound of its own for a list or a head.
inline std::size_t most_bytes(std::string_view field) {
    if (field == "head") return 1 << 20;
    return field == "proxies" || field == "allowed-hosts" ? 1 << 16 : 256;
}

inline std::string too_long(std::string_view field) {
    return "longer than " + std::to_string(most_bytes(field)) + " bytes";
}

/// The member of `Trust` that a field sets, as `parse_trust` names it: "names.x-for" is
/// "names.x_for".
inline std::string member_of(std::string_view field) {
    std::string name(field);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

/// Reads lines "x-for 1", in any order, an empty line, and the head of a request. A field that is
/// empty sets nothing, so an empty list means any proxies, or any hosts. Unlike `parse_trust` it
/// tells what is wrong with each field, and lets a `Trust` through that contradicts itself.
inline Input read_input(std::string_view text) {
    Input input;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
        if (line.empty()) break;
        const std::string_view field = line.substr(0, line.find(' '));
        const std::string_view value = trimmed(line.substr(field.size()));
        std::string wrong;
        if (value.size() > most_bytes(field)) {
            wrong = too_long(field);
        } else if (field == "peer") {
            input.peer = value;
            if (!is_peer(value)) wrong = "not an address: " + std::string(value);
        } else if (!value.empty()) {
            wrong = proxyfix::detail::set_member(input.trust, member_of(field), value);
            if (field == "proxies") input.proxies = value;
            if (field == "allowed-hosts") input.hosts = value;
        }
        if (!wrong.empty()) input.errors.emplace_back(field, proxyfix::detail::escaped(wrong));
    }
    const bool fits = text.size() <= most_bytes("head");
    if (!fits) input.errors.emplace_back("head", too_long("head"));
    input.head = complete_head(fits ? text : "");
    return input;
}

inline std::string json(const proxyfix::HeaderExplanation& header) {
    using proxyfix::Standing;
    const auto line = [](const proxyfix::LineRow& row) {
        return json_object(
            {{"name", json(row.name)}, {"value", json(row.value)}, {"erased", json(row.erased)}});
    };
    const auto standing = [](Standing value) {
        return value == Standing::passed        ? "passed"
               : value == Standing::chosen      ? "chosen"
               : value == Standing::rejected    ? "rejected"
               : value == Standing::not_trusted ? "not_trusted"
                                                : "ignored";
    };
    const auto value = [&](const proxyfix::ValueRow& row) {
        return json_object({{"position", json(row.position)},
                            {"text", json(row.text)},
                            {"standing", json(standing(row.standing))},
                            {"writer", json(row.writer)},
                            {"remark", json(row.remark)}});
    };
    const auto verdict = [](const proxyfix::Verdict& about) {
        return json_object({{"what", json(about.decision.field)},
                            {"applied", json(about.decision.outcome.has_value())},
                            {"text", json(about.decision.text())},
                            {"fault", json(about.fault)},
                            {"advice", json(about.advice)}});
    };
    return json_object({{"name", json(header.name)},
                        {"is_read", json(header.n != 0)},
                        {"counts", json(header.counts)},
                        {"replaced_by", json(header.replaced_by)},
                        {"hidden", json(header.hidden)},
                        {"lines", json_array(header.lines, line)},
                        {"values", json(header.values.values)},
                        {"rows", json_array(header.values.rows, value)},
                        {"verdicts", json_array(header.verdicts, verdict)}});
}

/// What the handler would see without `ProxyFix`, and what it sees.
inline std::string handler_json(const proxyfix::Environ& before, const proxyfix::Trust& trust) {
    proxyfix::Environ after = before;
    proxyfix::ProxyFix{[](proxyfix::Environ&) {}, trust}(after);
    using Row = std::array<std::string, 3>;
    const auto number = [](unsigned n) { return std::to_string(n); };
    const Row rows[] = {{"remote_addr", before.remote_addr, after.remote_addr},
                        {"remote_port", number(before.remote_port), number(after.remote_port)},
                        {"url_scheme", before.url_scheme, after.url_scheme},
                        {"http_host", before.http_host, after.http_host},
                        {"server_name", before.server_name, after.server_name},
                        {"server_port", number(before.server_port), number(after.server_port)},
                        {"script_name", before.script_name, after.script_name},
                        {"host(env)", host(before), host(after)},
                        {"url_root(env)", url_root(before), url_root(after)}};
    const auto row_json = [](const Row& row) {
        return json_array(
            row, [](const std::string& text) { return json(proxyfix::detail::escaped(text)); });
    };
    return json_array(rows, row_json);
}

/// The text of this `trust` as a shell sets it in the environment. A name may have `$` and '`'.
inline std::string trust_variable(const proxyfix::Trust& trust) {
    std::string text = "PROXYFIX_TRUST=\"";
    for (const char c : to_string(trust)) {
        if (c == '$' || c == '`') text += '\\';
        text += c;
    }
    return text + "\"\n";
}

/// What the page shows. The application listens at app.internal:8000, without TLS.
inline std::string playground(std::string_view text) {
    Input input = read_input(text);
    proxyfix::Environ env{.remote_addr = input.peer,
                          .remote_port = 40000,
                          .server_name = "app.internal",
                          .server_port = 8000};
    const std::string_view wrong = read_request_head(input.head, env);
    if (!wrong.empty()) input.errors.emplace_back("head", wrong);
    const auto error = [](const auto& about) {
        return json_object({{"field", json(about.first)}, {"message", json(about.second)}});
    };
    if (!input.errors.empty()) return json_object({{"errors", json_array(input.errors, error)}});

    const auto& [peer, proxies, hosts, head, trust, none] = input;
    const proxyfix::Explanation found = explanation_of(env, trust);
    const bool is_sound = found.fault.empty();
    const proxyfix::Resolution resolution =
        is_sound ? resolve(env, proxyfix::Policy(trust)) : proxyfix::Resolution();
    const auto nginx = [](const NginxText& part) {
        return json_object({{"title", json(part.title)},
                            {"first", json(part.first)},
                            {"last", json(part.last)},
                            {"text", json(part.text)}});
    };
    return json_object(
        {{"errors", "[]"},
         {"fault", json(found.fault)},
         {"peer", json(found.peer)},
         {"any_peer", json(found.any_peer)},
         {"peer_is_trusted", json(found.peer_is_trusted)},
         {"headers", json_array(found.headers, [](const auto& header) { return json(header); })},
         {"decision", decision_json(resolution)},
         {"handler", is_sound ? handler_json(env, trust) : "[]"},
         {"explanation", json(explain(env, trust))},
         {"cpp", json(is_sound ? trust_cpp(trust, proxies, hosts) : "")},
         {"variable", json(is_sound ? trust_variable(trust) : "")},
         {"nginx", is_sound ? json_array(nginx_texts(trust), nginx) : "[]"}});
}
