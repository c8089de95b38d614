// SPDX-License-Identifier: MIT
/// \file
/// The module `proxyfix`: the list of the public names, but for the adapters of web frameworks.
/// docs/packaging.md shows how to build it.
module;

#include <proxyfix/adapters/cgi.hpp>
#include <proxyfix/explain.hpp>
#include <proxyfix/proxyfix.hpp>

export module proxyfix;

export namespace proxyfix::inline v0 {

// Whom to trust.
using proxyfix::all_hops;
using proxyfix::fault;
using proxyfix::Fault;
using proxyfix::FieldName;
using proxyfix::HeaderNames;
using proxyfix::HostPattern;
using proxyfix::Hosts;
using proxyfix::Network;
using proxyfix::Networks;
using proxyfix::parse_trust;
using proxyfix::Parsed;
using proxyfix::Policy;
using proxyfix::Sequence;
using proxyfix::Strip;
using proxyfix::Trust;

// The middleware.
using proxyfix::Layer;
using proxyfix::layer;
using proxyfix::operator|;
using proxyfix::proxy_fix;
using proxyfix::proxy_fix_for;
using proxyfix::ProxyFix;

// The request as the handler sees it.
using proxyfix::Environ;
using proxyfix::Header;
using proxyfix::host;
using proxyfix::Original;
using proxyfix::original;
using proxyfix::ProxyRecord;
using proxyfix::url_root;

// Requests of frameworks, and of your own.
using proxyfix::Adapter;
using proxyfix::CgiVariables;
using proxyfix::EnvironOf;
using proxyfix::equals_ignore_case;
using proxyfix::FillsEnviron;
using proxyfix::LineView;
using proxyfix::Readable;
using proxyfix::Rewritable;
using proxyfix::set_target;
using proxyfix::Strippable;
using proxyfix::to_port;

// The decision.
using proxyfix::Applied;
using proxyfix::FieldDecision;
using proxyfix::Outcome;
using proxyfix::outcome_of;
using proxyfix::Reason;
using proxyfix::Resolution;
using proxyfix::resolve;
using proxyfix::Result;
using proxyfix::to_string;
using proxyfix::trusted_line;
using proxyfix::trusted_value;

// The decision, explained.
using proxyfix::explain;
using proxyfix::Explanation;
using proxyfix::explanation_of;
using proxyfix::HeaderExplanation;
using proxyfix::LineRow;
using proxyfix::Standing;
using proxyfix::ValueRow;
using proxyfix::ValueRows;
using proxyfix::Verdict;

// Values and their parsers.
using proxyfix::Address;
using proxyfix::AddressText;
using proxyfix::Authority;
using proxyfix::default_port;
using proxyfix::Endpoint;
using proxyfix::ForwardedElement;
using proxyfix::nth_from_right;
using proxyfix::parse_endpoint;
using proxyfix::parse_port;
using proxyfix::parse_prefix;
using proxyfix::parse_scheme;
using proxyfix::Scheme;

using proxyfix::version;

inline namespace literals {
using proxyfix::literals::operator""_ip;
using proxyfix::literals::operator""_net;
}  // namespace literals

}  // namespace proxyfix::inline v0
