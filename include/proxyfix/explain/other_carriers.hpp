// SPDX-License-Identifier: MIT
/// \file
/// Where the header that is asked for is not there: which others usually carry the same.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proxyfix/base/text.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/explain/advice.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/request/environ.hpp"

namespace proxyfix::inline v0::detail {

/// A header that some senders write instead of a forwarding header.
struct OtherCarrier {
    std::string_view name;  ///< Of its lines.
    std::size_t field;      ///< What it carries.
    std::string_view use;   ///< How it is read, before its name.
    std::string_view more;  ///< The same, behind its name.
};
/// How most of them are read.
inline constexpr std::string_view as_client_header = "set client_header = ";
/// Those that are known, by their field.
inline constexpr std::array<OtherCarrier, 23> other_carriers{{
    {"X-Real-IP", Field::client, as_client_header, ""},
    {"CF-Connecting-IP", Field::client, as_client_header, ""},
    {"CF-Connecting-IPv6", Field::client, as_client_header, ""},
    {"True-Client-IP", Field::client, as_client_header, ""},
    {"Fastly-Client-IP", Field::client, as_client_header, ""},
    {"Fly-Client-IP", Field::client, as_client_header, ""},
    {"X-Client-IP", Field::client, as_client_header, ""},
    {"X-Cluster-Client-IP", Field::client, as_client_header, ""},
    {"X-Azure-ClientIP", Field::client, as_client_header, ""},
    {"X-Envoy-External-Address", Field::client, as_client_header, ""},
    {"CloudFront-Viewer-Address", Field::client, as_client_header, " and client_has_port"},
    {"X-Original-Forwarded-For", Field::client, "set names.x_for = ", ""},
    {"X-Forwarded-Ssl", Field::proto, "set names.x_proto = ", ""},
    {"Front-End-Https", Field::proto, "set names.x_proto = ", ""},
    {"X-Scheme", Field::proto, "set names.x_proto = ", ""},
    {"X-Forwarded-Scheme", Field::proto, "set names.x_proto = ", ""},
    {"X-Forwarded-Protocol", Field::proto, "set names.x_proto = ", ""},
    {"X-Url-Scheme", Field::proto, "set names.x_proto = ", ""},
    {"CloudFront-Forwarded-Proto", Field::proto, "set names.x_proto = ", ""},
    {"X-Original-Host", Field::host, "set names.x_host = ", ""},
    {"X-Script-Name", Field::prefix, "set names.x_prefix = ", ""},
    {"X-Forwarded-Path", Field::prefix, "set names.x_prefix = ", ""},
    {"X-Forwarded-Context", Field::prefix, "set names.x_prefix = ", ""},
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

/// How a line of this name is read instead of the header that is `wanted`, in the words of
/// `parse_trust`; empty if it usually carries something else.
[[nodiscard]] inline std::string use_of(std::string_view line, std::size_t field,
                                        std::string_view wanted) {
    const ForwardingHeader& header = forwarding_headers[field];
    const std::string option(header.option), own_name = escaped(line, FieldName::max_size);
    if (equals_ignore_case(line, wanted)) return "";
    if (field <= Field::host && forwarded_name.matches(line)) return "set forwarded = yes";
    if (header.usual_name.matches(line)) {
        if (forwarded_name.matches(wanted)) return "leave forwarded out";
        return field == Field::client ? "leave names.x_for and client_header out"
                                      : "leave names." + option + " out";
    }
    if (differ_in_underscores(line, wanted)) return "set names." + option + " = " + own_name;
    for (const OtherCarrier& other : other_carriers) {
        if (other.field != field || !equals_ignore_case(other.name, line)) continue;
        return std::string(other.use).append(own_name).append(other.more);
    }
    return "";
}

/// Which of these lines usually carry the same as a header that is not there, and how they are
/// read; at most three. Empty if there are none.
[[nodiscard]] inline std::string hints(const std::vector<Header>& lines, std::size_t field,
                                       std::string_view wanted) {
    std::string text;
    std::size_t count = 0;
    for (const Header& line : lines) {
        const std::string use = use_of(line.name, field, wanted);
        const bool is_repeated = text.find(use + '.') != text.npos;
        if (use.empty() || is_repeated || ++count > 3) continue;
        text += ' ' + escaped(line.name, FieldName::max_size) +
                " is there: if a proxy of yours overwrites it on every request, " + use + '.';
    }
    return text;
}

}  // namespace proxyfix::inline v0::detail
