// SPDX-License-Identifier: MIT
/// \file
/// The module `proxyfix`, with every name of the headers but those of adapters/. docs/packaging.md
/// shows how to build it.
module;

#include <proxyfix/cgi_variables.hpp>
#include <proxyfix/environ_of.hpp>
#include <proxyfix/explain.hpp>
#include <proxyfix/proxyfix.hpp>

export module proxyfix;

export namespace proxyfix {

// adapter.hpp
using proxyfix::Adapter;
using proxyfix::ErasesNothing;
using proxyfix::has_doubtful_lines;
using proxyfix::HasAdapter;
using proxyfix::may_lack_lines;
using proxyfix::Readable;
using proxyfix::ReferenceOrView;
using proxyfix::Resolution;
using proxyfix::Rewritable;
using proxyfix::Strippable;

// address.hpp
using proxyfix::Address;
using proxyfix::AddressText;

// advice.hpp
using proxyfix::advice;
using proxyfix::count_text;
using proxyfix::escaped;
using proxyfix::more_proxies;
using proxyfix::Said;

// authority.hpp
using proxyfix::Authority;
using proxyfix::is_name;
using proxyfix::is_numeric;
using proxyfix::label_bytes;

// byte_set.hpp
using proxyfix::alphanumeric;
using proxyfix::ByteSet;

// cgi_variables.hpp
using proxyfix::CgiHeaderName;
using proxyfix::CgiVariables;

// client.hpp
using proxyfix::client_by_forwarded;
using proxyfix::client_by_single_header;
using proxyfix::client_by_x_for;
using proxyfix::find_client;
using proxyfix::ForwardedClient;
using proxyfix::ForwardedElements;

// config.hpp
using proxyfix::Fault;
using proxyfix::halve_words;
using proxyfix::Parsed;
using proxyfix::refuse;
using proxyfix::take_word;

// endpoint.hpp
using proxyfix::Endpoint;
using proxyfix::parse_endpoint;

// environ.hpp
using proxyfix::Environ;
using proxyfix::Header;
using proxyfix::Original;
using proxyfix::original;
using proxyfix::ProxyRecord;
using proxyfix::url_root;

// environ_of.hpp
using proxyfix::AdapterOf;
using proxyfix::EnvironOf;
using proxyfix::FillsEnviron;
using proxyfix::proxy_fix_for;
using proxyfix::set_target;
using proxyfix::TakesEnviron;
using proxyfix::to_port;
using proxyfix::WithEnviron;

// explain.hpp
using proxyfix::explain;

// explanation.hpp
using proxyfix::Explainer;
using proxyfix::Explanation;
using proxyfix::explanation_of;
using proxyfix::HeaderExplanation;
using proxyfix::LineRow;
using proxyfix::Verdict;

// field.hpp
using proxyfix::Bidirectional;
using proxyfix::FieldReader;
using proxyfix::FieldValues;
using proxyfix::unlimited;

// field_lines.hpp
using proxyfix::FieldLines;
using proxyfix::find_lines;
using proxyfix::NameFilter;

// field_name.hpp
using proxyfix::FieldName;

// forwarded.hpp
using proxyfix::ForwardedElement;
using proxyfix::take_forwarded_value;

// grammar.hpp
using proxyfix::default_port;
using proxyfix::is_prefix_byte;
using proxyfix::parse_port;
using proxyfix::parse_prefix;
using proxyfix::parse_scheme;
using proxyfix::prefix_bytes;
using proxyfix::Scheme;

// hops.hpp
using proxyfix::Hops;
using proxyfix::walk_hops;

// hosts.hpp
using proxyfix::HostPattern;
using proxyfix::Hosts;

// ip_text.hpp
using proxyfix::Ipv6Bits;
using proxyfix::parse_ipv4;
using proxyfix::parse_ipv6;
using proxyfix::write_ipv4;
using proxyfix::write_ipv6;

// layer.hpp
using proxyfix::Layer;
using proxyfix::operator|;
using proxyfix::layer;

// line_view.hpp
using proxyfix::LineView;

// list.hpp
using proxyfix::begin_of_last;
using proxyfix::nth_from_right;
using proxyfix::nth_of;
using proxyfix::use_nth_from_right;
using proxyfix::ValuesFromRight;

// network.hpp
using proxyfix::Network;

// networks.hpp
using proxyfix::Networks;

// proxy_fix.hpp
using proxyfix::checked;
using proxyfix::proxy_fix;
using proxyfix::ProxyFix;
using proxyfix::RewritableAs;

// resolve.hpp
using proxyfix::find_fields;
using proxyfix::FoundFields;
using proxyfix::resolve;
using proxyfix::resolve_forwarded;
using proxyfix::resolve_without_lines;
using proxyfix::resolve_x_forwarded;

// result.hpp
using proxyfix::Applied;
using proxyfix::complete;
using proxyfix::lacking;
using proxyfix::Outcome;
using proxyfix::outcome_of;
using proxyfix::Reason;
using proxyfix::refused;
using proxyfix::Result;
using proxyfix::to_string;

// sequence.hpp
using proxyfix::Sequence;

// strip.hpp
using proxyfix::Stripping;

// text.hpp
using proxyfix::digit_value;
using proxyfix::digit_values;
using proxyfix::equals_ignore_case;
using proxyfix::FixedText;
using proxyfix::is_token;
using proxyfix::parse_decimal;
using proxyfix::parse_digits;
using proxyfix::to_lower;
using proxyfix::token_bytes;
using proxyfix::trim;
using proxyfix::values_of_digits;

// trust.hpp
using proxyfix::all_hops;
using proxyfix::fault;
using proxyfix::forwarding_headers;
using proxyfix::highest_count;
using proxyfix::Strip;
using proxyfix::Trust;

// value_rows.hpp
using proxyfix::named_by;
using proxyfix::no_address;
using proxyfix::Standing;
using proxyfix::stop_of;
using proxyfix::value_rows;
using proxyfix::ValueRow;
using proxyfix::ValueRows;

// version.hpp
using proxyfix::version;

// word.hpp
using proxyfix::bytes_equal;
using proxyfix::index_behind_last;
using proxyfix::load_bytes;
using proxyfix::load_word;
using proxyfix::repeated;
using proxyfix::Word;

inline namespace literals {
using proxyfix::literals::operator""_ip;
using proxyfix::literals::operator""_net;
}  // namespace literals

}  // namespace proxyfix
