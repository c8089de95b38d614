// SPDX-License-Identifier: MIT
/// \file
/// Where the header that is asked for is not there: which others usually carry the same.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxyfix/base/text.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/decision/trust_text.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/request/environ.hpp"

namespace proxyfix::inline v0::detail {

/// A header that some senders write instead of a forwarding header.
struct OtherCarrier {
    std::string_view name;  ///< Of its lines.
    std::size_t field;      ///< What it carries.
    bool is_client_header,  ///< Read as `Trust::client_header`, and not by `Trust::names`?
        has_port;           ///< See `Trust::client_has_port`.
};
/// Those that are known.
inline constexpr std::array<OtherCarrier, 21> other_carriers{{
    {"X-Real-IP", Field::client, true, false},
    {"CF-Connecting-IP", Field::client, true, false},
    {"True-Client-IP", Field::client, true, false},
    {"Fastly-Client-IP", Field::client, true, false},
    {"Fly-Client-IP", Field::client, true, false},
    {"X-Client-IP", Field::client, true, false},
    {"X-Cluster-Client-IP", Field::client, true, false},
    {"X-Azure-ClientIP", Field::client, true, false},
    {"X-Envoy-External-Address", Field::client, true, false},
    {"CloudFront-Viewer-Address", Field::client, true, true},
    {"X-Original-Forwarded-For", Field::client, false, false},
    {"X-Forwarded-Ssl", Field::proto, false, false},
    {"Front-End-Https", Field::proto, false, false},
    {"X-Scheme", Field::proto, false, false},
    {"X-Forwarded-Scheme", Field::proto, false, false},
    {"X-Forwarded-Protocol", Field::proto, false, false},
    {"X-Url-Scheme", Field::proto, false, false},
    {"CloudFront-Forwarded-Proto", Field::proto, false, false},
    {"X-Original-Host", Field::host, false, false},
    {"X-Script-Name", Field::prefix, false, false},
    {"X-Forwarded-Context", Field::prefix, false, false},
}};

/// Do two names of headers differ in nothing but '-' and '_', and letter case?
[[nodiscard]] inline bool differ_in_underscores(std::string_view a, std::string_view b) {
    if (a.size() != b.size() || equals_ignore_case(a, b)) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const bool are_dashes = (a[i] == '-' || a[i] == '_') && (b[i] == '-' || b[i] == '_');
        if (to_lower(a[i]) != to_lower(b[i]) && !are_dashes) return false;
    }
    return true;
}

/// The header that a field is read from.
[[nodiscard]] inline const FieldName& name_of(std::size_t field, const Trust& trust) {
    const bool is_single = field == Field::client && !trust.client_header.empty();
    return is_single ? trust.client_header : trust.names.*forwarding_headers[field].name;
}

/// The carrier of this name and field, if there is one.
[[nodiscard]] inline const OtherCarrier* carrier_of(std::string_view line, std::size_t field) {
    for (const OtherCarrier& other : other_carriers) {
        if (other.field == field && equals_ignore_case(other.name, line)) return &other;
    }
    return nullptr;
}

/// May a field, which has a count, be read from lines of this name instead?
[[nodiscard]] inline bool may_carry(std::string_view line, std::size_t field, const Trust& trust) {
    return (field <= Field::host && forwarded_name.matches(line)) ||
           forwarding_headers[field].usual_name.matches(line) ||
           differ_in_underscores(line, name_of(field, trust).view()) ||
           carrier_of(line, field) != nullptr;
}

/// The `Trust` that reads a field from lines of this name instead. None if that would contradict
/// the rest of `trust`. Precondition: `may_carry`.
[[nodiscard]] inline std::optional<Trust> reading(std::string_view line, std::size_t field,
                                                  const Trust& trust) {
    const ForwardingHeader& header = forwarding_headers[field];
    const bool is_client = field == Field::client, is_in_forwarded = field <= Field::host,
               is_single = is_client && !trust.client_header.empty();
    const bool is_forwarded = is_in_forwarded && forwarded_name.matches(line),
               is_usual = header.usual_name.matches(line),
               is_alike = !is_usual && differ_in_underscores(line, name_of(field, trust).view());
    const OtherCarrier* const carrier = carrier_of(line, field);
    Trust changed = trust;
    changed.names.*header.name = header.usual_name;
    if (is_in_forwarded) changed.forwarded = is_forwarded;
    if (is_client) {
        changed.client_header = {};
        changed.client_has_port = false;
    }
    const bool becomes_single =
        is_alike ? is_single : carrier != nullptr && carrier->is_client_header;
    if (becomes_single) {
        changed.client_header = *FieldName::parse(line);
        changed.client_has_port = is_alike ? trust.client_has_port : carrier->has_port;
    } else {
        if (is_alike || carrier != nullptr) changed.names.*header.name = *FieldName::parse(line);
        if (changed.*header.count == 0) changed.*header.count = 1;  // as that of client_header
    }
    if (!fault(changed).empty()) return std::nullopt;
    return changed;
}

/// How a line of this name is read instead of the header of a field, which is not there: what is to
/// be changed in `trust`, in the words of `parse_trust`. Empty if there is nothing to advise.
[[nodiscard]] inline std::string use_of(std::string_view line, std::size_t field,
                                        const Trust& trust) {
    if (!may_carry(line, field, trust)) return "";
    const std::optional<Trust> changed = reading(line, field, trust);
    if (!changed) return "";
    const Trust unnamed{.x_for = 0, .x_proto = 0};
    std::string removed, set;
    for (const std::string_view name : member_names) {
        const std::string value = member_text(*changed, name);
        if (value == member_text(trust, name)) continue;
        if (value == member_text(unnamed, name)) {
            removed.append(removed.empty() ? "remove " : " and ").append(name);
        } else {
            set.append(set.empty() ? "" : "; ").append(name).append(" = ").append(value);
        }
    }
    return removed + (removed.empty() || set.empty() ? "" : ", and ") + set;
}

/// Which of these lines usually carry the same as a header that is not there, and how they are
/// read; at most three. Empty if there are none.
[[nodiscard]] inline std::string hints(const std::vector<Header>& lines, std::size_t field,
                                       const Trust& trust) {
    std::string text;
    std::vector<std::string_view> seen;
    std::size_t count = 0;
    for (const Header& line : lines) {
        bool is_seen = false;
        for (const std::string_view name : seen) {
            is_seen = is_seen || equals_ignore_case(name, line.name);
        }
        if (is_seen || !may_carry(line.name, field, trust)) continue;
        seen.push_back(line.name);
        const std::string use = use_of(line.name, field, trust);
        if (use.empty()) continue;
        text += ' ' + line.name +
                " is present: if one of your proxies overwrites it on every request, read it "
                "instead (" +
                use + ").";
        if (++count == 3) break;
    }
    return text;
}

}  // namespace proxyfix::inline v0::detail
