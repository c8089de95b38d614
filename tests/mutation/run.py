#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks one rule of the library at a time, and demands that a named test notices.

usage: run.py [COMPILER]

Each mutant replaces one piece of text, which must occur exactly once, in a copy of the headers. Then
one test file is built against the copy and run. Compile-time tests are switched off for this: they
would hide which test of the program notices. Exit status 0 only if every mutant is killed, and the
test file passes without a mutant.
"""
import concurrent.futures
import html
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from itertools import repeat

from limits import limited

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPILER = sys.argv[1] if len(sys.argv) > 1 else "c++"
SECONDS = 600  # of the processor, for the tests of one file

WINDOW = "list.size() > bound ? bound + 1 : list.size();"
QUOTED = WINDOW + """
    if (list.find('"') != list.npos) {
        const auto in_quotes = [list](std::size_t at) {
            bool quoted = false;
            for (const char c : list.substr(SIDE)) quoted = quoted != (c == '"');
            return quoted;
        };
        std::size_t begin = list.size();
        while (begin > list.size() - window && (list[begin - 1] != ',' || in_quotes(begin - 1))) --begin;
        return begin;
    }"""
REACH = "if (stop.position > 0 || n > 1) return reach_far(n);"
READ_LEFT = "if (rest_.find('\\0') != rest_.npos) return Reason::malformed;\n        " + REACH
LEFT_END = "if (stop.line == lines_->count) return Reason::too_few_values;"
KEPT = "texts[count++ % most] = {line.data(), line.size()};"
COUNT = "field.count = is_single_field ? 1 : trust.*usual.count;"
OUTSIDE = "if (!is_trusted) break;"
WHOLE = "const bool is_whole = n == all_hops ? is_end_known : n <= trusted_hops + 1;"
REWRITE = "{\n        rewrite<std::remove_reference_t<R>>(request);\n"
TWICE = "        static_cast<void>(next_(request, args...));\n"

# name, header, text, its replacement, test file
MUTANTS = [
    # Values, from the right.
    ("count from the left", "http/list", REACH,
     """unsigned all = 1;
        for (const char c : rest_) all += c == ',' ? 1 : 0;
        n = all + 1 - n;
        """ + REACH, "captures_test"),
    ("honour quotes", "http/list", WINDOW, QUOTED.replace("SIDE", "0, at"), "attacks_test"),
    ("honour quotes from the right", "http/list", WINDOW, QUOTED.replace("SIDE", "at"),
     "forwarded_test"),
    ("drop empty values", "http/list", REACH,
     "while (rest_.ends_with(',')) rest_.remove_suffix(1);\n        " + REACH, "attacks_test"),
    ("fall back on the leftmost value", "http/list", LEFT_END,
     "if (stop.line == lines_->count) return Applied{};", "attacks_test"),
    ("read left of the chosen value", "http/list", REACH, READ_LEFT, "promises_test"),
    ("miss a comma among the first bytes", "http/list",
     "return begin + index_behind_last_equal(load_word(at), commas);", "return begin;", "list_test"),
    ("drop all lines but the last", "http/list", LEFT_END,
     "if (stop.line >= 1) return Reason::too_few_values;", "captures_test"),
    ("take the first line for the last", "http/list", "texts[(count - n) % most]",
     "texts[(n - 1) % most]", "captures_test"),
    ("take the first 16 lines for the last", "http/list", KEPT, "if (count < most) " + KEPT,
     "lines_test"),
    ("keep 15 lines", "http/list", "std::size_t most = 16;", "std::size_t most = 15;", "decide_test"),
    ("keep 17 lines", "http/list", "std::size_t most = 16;", "std::size_t most = 17;", "decide_test"),
    ("take the 16th line for the first", "http/list", "return Reason::chain_too_long;",
     "return Reason::too_few_values;", "decide_test"),
    # Header lines.
    ("compare names without their middle", "http/field_name", " && (last <= 8 || is_equal(8))", "",
     "field_name_test"),
    ("find only one of the names that end alike", "http/field_name", "i = rows_[i].next;",
     "i = most;", "field_name_test"),
    ("accept any text as a header name", "http/field_name", " && detail::is_token(text)", "",
     "field_name_test"),
    ("look for X-Forwarded-For instead of the client_header", "decision/policy",
     "is_single_field ? trust.client_header", "is_single_field ? trust.names.x_for", "decide_test"),
    ("count X-Forwarded-For though client_header is set", "decision/policy",
     "is_single(!trust.client_header.empty())", "is_single(false)", "decide_test"),
    ("fall back on X-Forwarded-For", "request/adapter",
     "    received.lines_in_order = Adapter<R>::lines_in_order;",
     """    if (table.is_single && received.headers[0].count == 0) {
        for (auto&& [name, value] : Adapter<R>::headers(request)) {
            if (forwarding_headers[0].usual_name.matches(std::string_view(name)))
                received.headers[0].add(std::string_view(value));
        }
    }
    received.lines_in_order = Adapter<R>::lines_in_order;""", "decide_test"),
    ("take the last line of client_header", "decision/decide",
     "if (lines.count > 1 || lines.from_last(1).size() > bound)",
     "if (lines.from_last(1).size() > bound)", "decide_test"),
    ("trust doubtful lines", "decision/field_reader", "received.quality == LineQuality::as_sent;",
     "received.quality != LineQuality::may_lack;", "environ_of_test"),
    ("trust lines of which some may be missing", "decision/field_reader",
     "received.quality == LineQuality::as_sent;", "received.quality != LineQuality::doubtful;",
     "environ_of_test"),
    ("take for absent what may have been dropped", "decision/field_reader",
     "header.count != 0 || received.quality == LineQuality::may_lack;", "header.count != 0;",
     "environ_of_test"),
    ("decide without a line though some may be missing", "decision/decide",
     "received.has_lines || received.quality == LineQuality::may_lack;", "received.has_lines;",
     "environ_of_test"),
    # Values that are taken in one go.
    ("take an address behind any byte", "decision/field_reader",
     "if (begin == 0 || rest[begin - 1] == ',') {", "if (begin != 1) {", "decide_test"),
    ("take an address behind several blanks for the leftmost value", "decision/field_reader",
     "values.take_from(begin);", "values.take_from(0);", "decide_test"),
    ("take the address of no host in one go", "decision/field_reader", "if (bits && *bits != 0) {",
     "if (bits) {", "decide_test"),
    ("take a name with two dots in a row in one go", "net/host",
     " || (others & others << 8) != 0", "", "decide_test"),
    ("take a name that begins with a dot in one go", "net/host",
     "(others & 0x80) == 0 && text.back()", "text.back()", "decide_test"),
    ("take a name that ends with a hyphen in one go", "net/host",
     " && text.back() >= 'A'", "", "decide_test"),
    ("take a label of 64 letters in one go", "net/host", "text.size() > 63) return false;",
     "text.size() > 64) return false;", "decide_test"),
    # Grammar.
    ("accept octal", "net/address", "octet < 100 || ", "", "ip_text_test"),
    ("accept octal of two digits", "net/address", "} else if (tens == 0) {",
     "} else if (false) {", "ip_text_test"),
    ("accept a leading zero", "base/text", " || leading_zero", "", "attacks_test"),
    ("accept port 0", "net/host", " || *number == 0", "", "attacks_test"),
    ("accept the address of no host", "net/endpoint", " || address->is_unspecified()", "",
     "attacks_test"),
    ("accept a name that ends in a number", "net/host", "return !is_numeric({begin, length});",
     "return true;", "attacks_test"),
    ("accept an empty segment of a prefix", "http/prefix", "segment.empty() || ", "",
     "attacks_test"),
    ("reject a scheme in capitals", "http/scheme",
     "if (!equals_ignore_case(text, to_string(scheme)))", "if (text != to_string(scheme))",
     "environ_test"),
    # Forwarded.
    ("accept a repeat in another case", "http/forwarded",
     "equals_ignore_case(name, \"proto\")", "name == \"proto\"", "forwarded_test"),
    ("accept for, proto or host twice", "http/forwarded",
     "if (known->given) return Reason::malformed;", "", "forwarded_test"),
    ("accept a quote inside a value", "base/byte_set", "|~/:<=>?@", "|~\\\"/:<=>?@",
     "forwarded_test"),
    ("accept a blank inside a value", "http/forwarded",
     "        if (text.front() != ';') return Reason::malformed;\n        text.remove_prefix(1);",
     "        if (text.front() == ';') text.remove_prefix(1);", "forwarded_test"),
    ("accept a parameter without '='", "http/forwarded", "equals == text.npos || ", "",
     "forwarded_test"),
    ("accept an empty element", "http/forwarded", "if (text.empty()) return Reason::malformed;", "",
     "forwarded_test"),
    ("accept IPv6 without brackets before an obfuscated port", "http/forwarded",
     "detail::parse_before_port(name)", "Address::parse(name)", "forwarded_test"),
    ("let an open quote end with the text", "http/forwarded",
     """        if (end >= text.size()) return Reason::malformed;
    } else""",
     """        if (end >= text.size()) text = "x", end = 0;
    } else""",
     "forwarded_test"),
    ("call anonymous malformed", "http/forwarded", "return Reason::anonymous;",
     "return Reason::malformed;", "forwarded_test"),
    ("accept two ports", "http/forwarded",
     "detail::client_endpoint(detail::parse_before_port(name), std::uint16_t{0})",
     "parse_endpoint(name)", "forwarded_test"),
    ("accept junk right of the chosen element", "decision/decide", "? element.has_value()", "? true",
     "forwarded_test"),
    ("take the scheme of the client's element", "decision/decide",
     "const unsigned count = table.fields[field].count;\n                if (position > count",
     "const unsigned count = n;\n                if (position > count", "forwarded_test"),
    ("trust the element of a bypass", "decision/decide",
     "if (found.parsed && position > chain.trusted)", "if (false)", "forwarded_test"),
    ("follow the chain where x_for is 0", "decision/decide", "n == 0 ? 1 : trusted_hops + 1",
     "trusted_hops + 1", "trusted_value_test"),
    ("read an element though a field is not configured", "decision/decide",
     "if (count == 0) return Reason::not_configured;\n    const unsigned position",
     "const unsigned position", "forwarded_test"),
    # Whom to trust.
    ("accept host bits", "net/network",
     "if (address->network(bits) != *address) return Reason::malformed;", "", "network_test"),
    ("let ::/0 hold IPv4", "net/networks", "const bool holds_v4 = range.first",
     "const bool holds_v4 = false && range.first", "networks_test"),
    ("do not merge", "net/networks", "const bool is_new = ranges_.empty() ||",
     "const bool is_new = true ||", "networks_test"),
    ("join across the end of the lower half", "net/networks",
     " && b.high() == a.high() + (carry ? 1 : 0)", "", "networks_test"),
    ("halve a list at its first word", "base/parsed",
     "text.find_first_of(separators, text.size() / 2)", "text.find_first_of(separators)",
     "config_test"),
    ("trust a peer on a unix-domain socket", "net/networks", "if (text.starts_with(\"unix:\")) return unix_domain_;",
     "if (text.starts_with(\"unix:\")) return true;",
     "networks_test"),
    ("take no peer for one on a unix-domain socket", "net/networks",
     'if (text.starts_with("unix:"))', 'if (text.empty() || text.starts_with("unix:"))',
     "networks_test"),
    ("trust a peer without text", "decision/field_reader",
     "table.trusts_any_peer || table.trust.proxies.contains_peer",
     "table.trusts_any_peer || received.peer.empty() || table.trust.proxies.contains_peer",
     "decide_test"),
    ("trust any peer", "decision/field_reader",
     "table.trusts_any_peer || table.trust.proxies.contains_peer",
     "true || table.trust.proxies.contains_peer", "properties/properties_test"),
    ("let a wildcard match the apex", "net/host", "return host.size() > pattern.size() &&",
     "if (equals_ignore_case(host, pattern.substr(1))) return true;\n"
     "        return host.size() > pattern.size() &&", "hosts_test"),
    ("let any host through", "decision/decide",
     "if (r.host && !trust.allowed_hosts.contains(r.host->host))", "if (false)", "environ_test"),
    ("make a Policy of a faulty Trust", "decision/policy", "if (!fault(trust).empty())", "if (false)",
     "trust_test"),
    ("let all_hops walk through any proxies", "decision/trust",
     "if (count == all_hops && trust.proxies.is_any()) {", "if (false) {", "trust_test"),
    ("accept two headers for the client", "decision/trust",
     "if (trust.forwarded && has_client_header)", "if (false)", "trust_test"),
    ("accept counts that no chain can reach", "decision/trust",
     "if (is_any_above_1 && !trust.proxies.is_any()) {", "if (false) {", "trust_test"),
    ("accept a name that has another meaning", "decision/trust",
     "if (has_another_meaning(name)) return header.cannot_be_named;", "", "trust_test"),
    ("accept two fields of one name", "decision/trust",
     "if (name == trust.names.*forwarding_headers[j].name)", "if (false)", "trust_test"),
    ("accept a name that is never read", "decision/trust",
     "if (trust.*header.count == 0) return header.named_but_ignored;", "", "trust_test"),
    ("accept names with Forwarded", "decision/trust",
     "if (trust.forwarded && header.is_in_forwarded)", "if (false)", "trust_test"),
    ("accept client_has_port alone", "decision/trust",
     "if (trust.client_has_port && !has_client_header)", "if (false)", "trust_test"),
    ("take an empty name for none", "http/field_name", "if (!is_name(text)) {",
     "if (!text.empty() && !is_name(text)) {", "field_name_test"),
    ("take any beside others", "net/networks",
     'if (word == "loopback") return loopback();',
     'if (word == "loopback") return loopback();\n    if (word == "any") return any();',
     "networks_test"),
    # A Trust as text.
    ("let a repeat override", "decision/trust_text", 'if (is_given[i]) return faulty("given twice");',
     "", "trust_text_test"),
    ("take the defaults of a Trust for what is not named", "decision/trust_text",
     "return {.x_for = 0, .x_proto = 0};", "return {};", "trust_text_test"),
    ("read a contradiction", "decision/trust_text", "if (contradiction.empty()) return trust;",
     "return trust;", "trust_text_test"),
    ("write a range of IPv4 and IPv6 as one", "net/networks", "last < last_v4 ? last : last_v4",
     "last", "networks_test"),
    # Other values.
    ("accept a zone anywhere", "net/endpoint", "bool is_zone = address->is_link_local_v6() && ",
     "bool is_zone = ", "endpoint_test"),
    ("accept an endless zone", "net/endpoint", " && zone.size() <= 15", "", "endpoint_test"),
    ("accept on and off everywhere", "decision/decide",
     "table.has_switch ? parse_scheme_or_switch : parse_scheme", "parse_scheme_or_switch",
     "decide_test"),
    ("keep the port in the address", "decision/decide", "reader.table.trust.client_has_port",
     "false", "decide_test"),
    ("reject an empty prefix", "http/prefix", "if (text.empty()) return text;",
     "if (text.empty()) return Reason::malformed;", "decide_test"),
    ("trust other headers past the chain", "decision/decide",
     ": follow_chain(reader, position).trusted;", ": position;", "trusted_value_test"),
    ("trust one of several lines", "decision/decide",
     "if (lines.count > 1 || lines.from_last(1).size() > bound)",
     "if (lines.from_last(1).size() > bound)", "trusted_value_test"),
    ("pass on control bytes", "decision/decide", "(c < ' ' && c != '\\t') || ", "",
     "trusted_value_test"),
    ("take an empty line for a value", "decision/decide",
     "if (value.empty()) return Reason::absent;", "", "trusted_value_test"),
    # The chain of addresses.
    ("skip a malformed hop", "decision/decide", OUTSIDE,
     "if (hop == Reason::malformed && position < 99) continue;\n            " + OUTSIDE,
     "chain_test"),
    ("take the leftmost instead of the first outside", "decision/decide", OUTSIDE,
     "if (n == all_hops ? !hop : !is_trusted) break;", "properties/properties_test"),
    ("a run off the left end has no client", "decision/decide",
     "if (position <= n && !is_past_leftmost) {", "if (position <= n) {", "chain_test"),
    ("do not walk on for higher counts", "decision/decide", " || position < farthest", "",
     "chain_test"),
    ("record where the walk stopped, not the client", "decision/decide",
     "                chain.stop = values.stop;\n            }\n",
     "            }\n            chain.stop = values.stop;\n", "chain_test"),
    ("trust the others after a bypass", "decision/decide", WHOLE,
     "const bool is_whole = is_end_known || n <= trusted_hops + 1;", "decide_test"),
    ("trust the peer's own after a bypass", "decision/decide",
     "if (is_whole) chain.trusted = n == 0 ? 1 : trusted_hops + 1;",
     "chain.trusted = is_whole ? trusted_hops + 1 : 1;", "decide_test"),
    ("trust other headers in any case", "decision/decide", "trusted = chain.trusted;",
     "trusted = unlimited;", "decide_test"),
    # What is written and recorded.
    ("let the port of the host override", "request/environ", "if (host && port != 0)",
     "if (host && port != 0 && host->port == 0)", "werkzeug_test"),
    ("let the port of an inner host override", "request/environ",
     "r.port ? *r.port : env.proxy.port ? env.server_port : 0", "r.port ? *r.port : 0",
     "environ_test"),
    ("keep the proxy's port", "request/environ",
     "if (r.client) replace(was.remote_port, env.remote_port, remote_port);",
     "if (remote_port != 0) replace(was.remote_port, env.remote_port, remote_port);",
     "environ_test"),
    ("keep the originals of the inner ProxyFix", "request/environ", "if (!first) first.emplace",
     "first.emplace", "promises_test"),
    ("skip the original peer", "request/environ", "return original(env).remote_addr;",
     "return env.remote_addr;", "environ_test"),
    ("let an Environ beside a request forget its peer", "request/environ_of",
     "return original(env).remote_addr;", "return env.remote_addr;", "adapters/cgi_test"),
    ("commit before everything is computed", "request/environ", "        ProxyRecord& was = env.proxy;\n"
     "        if", "        env.remote_addr = remote_addr;\n        script_name.reserve(100);\n"
     "        ProxyRecord& was = env.proxy;\n        if", "promises_test"),
    ("use an unchecked server name", "request/environ",
     "authority = Authority::parse(bracketed.empty() ? env.server_name : bracketed);",
     "authority = Authority{bracketed.empty() ? env.server_name : bracketed};", "environ_test"),
    ("keep the default port", "request/environ",
     "if (scheme && port == default_port(*scheme)) port = 0;", "", "environ_test"),
    ("miss what an inner ProxyFix rejects", "request/environ", "if (!may_be_cut || !is_cut) was.inner_refused = true;", "",
     "environ_test"),
    ("blame an inner ProxyFix for lines that were erased", "request/environ",
     "was.erased[field] || was.erased[detail::Field::client];", "was.erased[field];",
     "environ_test"),
    ("blame an inner ProxyFix for its own header alone", "request/environ",
     "was.erased[field] || was.erased[detail::Field::client];",
     "was.erased[detail::Field::client];", "environ_test"),
    ("excuse whatever an inner ProxyFix rejects", "request/environ",
     "why == Reason::hop_not_trusted || why == Reason::too_few_values;", "true;", "environ_test"),
    ("note a Forwarded header that is not read", "decision/strip", "table_->is_forwarded && ", "",
     "environ_test"),
    ("trust other headers though nothing is configured", "decision/decide",
     "if (table.trusts_any_peer && table.names.size() == 0) return Reason::not_configured;", "",
     "trusted_value_test"),
    ("keep a header under its own name", "decision/strip", "is_usual && table_->trust.strip",
     "false && table_->trust.strip", "strip_test"),
    ("record a rejection over what was applied", "request/environ",
     "if (!detail::refused(now)) return false;", "return true;", "promises_test"),
    ("record an absence over a rejection", "request/environ",
     "earlier.error() == Reason::not_configured || detail::refused(now)",
     "now.error() != Reason::not_configured", "strip_test"),
    ("record the outer client though the inner was applied", "request/environ",
     "if (now) return true;", "if (now) return !earlier;", "environ_test"),
    ("call the handler twice", "proxy_fix", "args) " + REWRITE, "args) " + REWRITE + TWICE,
     "attacks_test"),
    # What is erased.
    ("erase before applying", "proxy_fix",
     """                Adapter<R>::apply(request, resolution);
                Adapter<R>::erase(request, is_erased);""",
     """                Adapter<R>::erase(request, is_erased);
                Adapter<R>::apply(request, resolution);""",
     "strip_test"),
    ("do not ask whether lines can be erased", "proxy_fix",
     'detail::refuse("strip: this request cannot be erased from");', "", "proxy_fix_test"),
    ("erase the wrong end", "decision/strip", "received.headers[i].count - kept;",
     "kept;", "strip_test"),
    ("keep a line that begins with forged values", "decision/strip",
     "leftmost.at_line_start ? leftmost.line : 0", "leftmost.line", "strip_test"),
    ("keep Forwarded though host was rejected", "decision/strip",
     "if (is_first ? !outcomes[i] : refused(outcomes[i])) return 0;",
     "if (is_first && !outcomes[i]) return 0;", "strip_test"),
    # What is explained.
    ("print control bytes", "explain/advice", "byte >= ' ' && ", "", "advice_test"),
    ("let an explanation blame a proxy", "explain/explainer", " && (reached || position == stop)",
     "", "value_rows_test"),
    ("leave out the writer behind an empty value", "explain/explainer",
     "if (named.empty()) named = no_address;", "", "value_rows_test"),
    ("explain doubtful lines", "explain/explainer",
     "if (outcome == Reason::unreliable_lines) return found;", "", "environ_of_test"),
    # Adapters.
    ("pass a port that is none", "request/environ_of", "number > 0 && ", "",
     "adapters/httplib_test"),
    ("keep the authority of a target", "request/environ_of", "if (scheme > 0 &&", "if (false &&",
     "environ_of_test"),
    ("take any text for a scheme", "request/environ_of", "detail::scheme_bytes.contains(target[scheme])",
     "target[scheme] != ':'", "environ_of_test"),
    ("let a scheme begin with any byte", "request/environ_of", " && detail::is_letter(target[0])", "",
     "environ_of_test"),
    ("take two CGI variables of a name", "adapters/cgi", "lines_in_order = false",
     "lines_in_order = true", "adapters/cgi_test"),
    ("take a variable in lower case", "adapters/cgi", "c != '-' && (c < 'a' || c > 'z')",
     "c != '-'", "adapters/cgi_test"),
    ("take a variable with a hyphen", "adapters/cgi", "c != '-' && (c < 'a' || c > 'z')",
     "(c < 'a' || c > 'z')", "adapters/cgi_test"),
    ("take a variable that is no header", "adapters/cgi", "!variable.starts_with(start) || ", "",
     "adapters/cgi_test"),
    ("take HTTPS=off for https", "adapters/cgi", ' || equals_ignore_case(https, "off")', "",
     "adapters/cgi_test"),
    ("take the lines that civetweb kept of too many", "adapters/civetweb",
     "headers(request).size() >= std::size(",
     "headers(request).size() > std::size(", "adapters/civetweb_test"),
    ("keep what is to be erased of a Beast request", "adapters/beast",
     "request.erase(line) : std::next(line)", "std::next(line) : request.erase(line)",
     "adapters/beast_test"),
    ("keep what is to be erased of a POCO request", "adapters/poco", "if (!is_erased(name))",
     "if (is_erased(name))", "adapters/poco_test"),
    ("take a unix-domain peer for an address", "adapters/poco", "host = \"unix:\";",
     "host = \"127.0.0.1\";", "adapters/poco_test"),
    ("reject several lines of httplib", "adapters/httplib",
     "headers.key_comp();", "headers.no_comp();", "adapters/httplib_test"),
    ("take a client that has gone for a unix-domain peer", "adapters/httplib",
     "request.remote_addr.empty() && request.local_addr.empty()", "request.remote_addr.empty()",
     "adapters/httplib_test"),
    ("trust the trailers that httplib mixes in", "adapters/httplib", '"Transfer-Encoding"',
     '"Transfer-Coding"', "adapters/httplib_test"),
    ("trust the trailers that Beast mixes in", "adapters/beast",
     "field::transfer_encoding) > 0", "field::transfer_encoding) > 1", "adapters/beast_parser_test"),
    ("trust a parser that is done", "adapters/beast", "= parser.is_done();",
     "= !parser.is_done();", "adapters/beast_parser_test"),
    ("trust trailers that come early", "adapters/beast", ">= 108700", "> 108700",
     "adapters/beast_parser_test"),
]

PROPERTY_TEST = "properties/properties_test"

# For each property of tests/properties one break that it must catch: property, header, text, its
# replacement.
PROPERTIES = [
    ("Whatever the request, seven bytes left of the chosen value are loaded at most", "http/list",
     REACH, READ_LEFT),
    ("Whatever the request, nothing right of a line is read", "http/forwarded",
     "end < text.size() ? text[end] : '\\0'", "text.data()[end]"),
    ("Whatever the request, a header with a count of 0 may as well be gone", "decision/policy",
     COUNT, COUNT.replace("usual.count", "usual.count + (i == Field::prefix ? 1 : 0)")),
    ("Whatever the request, a value wider than its bound is not read through", "http/list",
     WINDOW, "list.size();"),
    ("Whatever the request, adding values or lines on the left changes nothing", "decision/field_reader",
     "if (!peer_is_trusted) return Reason::peer_not_trusted;",
     "if (!peer_is_trusted) return Reason::peer_not_trusted;\n"
     "        if (header.count > 3) return Reason::malformed;"),
    ("Whatever the request, what stands left of what is read may be anything", "http/list", WINDOW,
     QUOTED.replace("SIDE", "0, at")),
    ("Whatever the request, a header says nothing about the others", "decision/decide",
     "    if (r.host && !trust.allowed_hosts",
     "    if (!r.port && trust.x_port != 0) r.host = Reason::malformed;\n"
     "    if (r.host && !trust.allowed_hosts"),
    ("Whatever the request, blanks around values change nothing", "decision/field_reader",
     "return Authority{rest};", "return Authority{rest.substr(1)};"),
    ("Whatever the request, its lines may be split and joined at commas", "http/list", LEFT_END,
     "if (stop.line >= 1) return Reason::too_few_values;"),
    ("Whatever the request, wrapped twice is wrapped once", "request/environ",
     "if (!first) first.emplace", "first.emplace"),
    ("Whatever the request, a failed allocation leaves it as it was", "request/environ",
     "        std::string http_host = host",
     "        if (r.proto) env.url_scheme = url_scheme;\n        std::string http_host = host"),
    ("Whatever the request, a decision allocates nothing", "decision/decide",
     "    Resolution r = table.without_lines;",
     "    delete new int;\n    Resolution r = table.without_lines;"),
    ("Whatever the request, what is written is of the grammar", "http/prefix",
     "if (!detail::prefix_bytes.contains(c)) return Reason::malformed;", "static_cast<void>(c);"),
    ("Whatever the request, counts of 0 change nothing", "decision/policy", COUNT,
     COUNT.replace("trust", "i == Field::port && trust.x_port == 0 ? 1 : trust")),
    ("Whatever the request, the handler is called once", "proxy_fix",
     "args) const " + REWRITE, "args) const " + REWRITE + TWICE),
    ("Whatever the request, what is refused changes nothing", "request/environ",
     "if (r.client) replace(was.remote_port, env.remote_port, remote_port);",
     "replace(was.remote_port, env.remote_port, remote_port);"),
    ("Whatever the request, all is as the naive implementation has it",
     "decision/field_reader", "if (bits && *bits != 0) {",
     "if (bits && *bits == 0x06060606) return Reason::malformed;\n    if (bits && *bits != 0) {"),
    ("Whatever the request, fewer networks select no client further left", "decision/decide",
     "hop && table.trust.proxies.contains", "hop && !table.trust.proxies.contains"),
    ("Whatever the request, fewer networks trust no more", "decision/decide", WHOLE,
     "const bool is_whole = is_end_known || n <= trusted_hops + 1;"),
    ("Networks that contain every address give what counts alone give", "decision/decide",
     "n == 0 ? 1 : trusted_hops + 1;", "n == 0 ? 1 : trusted_hops;"),
    ("Whatever the request, a walk reads up to 16 lines", "http/list",
     "return Reason::chain_too_long;", "return Reason::too_few_values;"),
]

LIBRARIES = {
    "adapters/httplib_test": shlex.split(subprocess.run(
        ["pkg-config", "--cflags", "--libs", "cpp-httplib"], stdout=subprocess.PIPE,
        text=True).stdout),
    "adapters/poco_test": ["-lPocoNet", "-lPocoFoundation"],
    "adapters/civetweb_test": ["-lcivetweb"],
}


BUILD = [COMPILER, "-std=c++20", "-pthread", "-Dstatic_assert(...)=static_assert(true)"]


def prepare(directory):
    """Compiles what no mutant changes: Catch2's header, and the counting of allocations."""
    pch = ["-fpch-instantiate-templates"] if "clang" in COMPILER else []
    subprocess.run([*BUILD, *pch, "-w", "-x", "c++-header", ROOT / "tests" / "catch.hpp",
                    "-o", directory / "catch.hpp.gch"], check=True)
    subprocess.run([*BUILD, "-c", ROOT / "tests" / "allocation.cpp",
                    "-o", directory / "allocation.o"], check=True)


def failing_tests(test, include, work, prepared, only=()):
    """The names of the tests that fail, or None if the program could not be built."""
    program = work / "program"
    built = subprocess.run(
        [*BUILD, f"-I{include}", "-include", prepared / "catch.hpp",
         ROOT / "tests" / f"{test}.cpp", prepared / "allocation.o", "-lCatch2WithMain",
         *LIBRARIES.get(test, []), "-o", program], capture_output=True, text=True)
    if built.returncode != 0:
        print(built.stderr)
        return None
    ran = subprocess.run(
        [*limited(SECONDS), program, "-r", "xml", *(name.replace(",", "\\,") for name in only)],
        capture_output=True, text=True)
    cases = re.findall(r'<TestCase name="([^"]*)"(.*?)(?:</TestCase>|\Z)', ran.stdout, re.S)
    if only and [html.unescape(name) for name, _ in cases] != only:
        print(f"no such test: {only}")
        return None
    failed = [name for name, body in cases if 'OverallResult success="true"' not in body]
    return failed or ([] if ran.returncode == 0 else ["(the program crashed)"])


def verdict(mutant, prepared):
    """The line to print about a mutant, and whether it was killed."""
    name, header, old, new, test, *only = mutant
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        include = work / "include"
        shutil.copytree(ROOT / "include", include)
        path = include / "proxyfix" / f"{header}.hpp"
        text = path.read_text()
        if text.count(old) != 1:
            return f"{name}: occurs {text.count(old)} times in {header}.hpp: {old}", False
        path.write_text(text.replace(old, new))
        failed = failing_tests(test, include, work, prepared, only)
        if not failed:
            return f"{name}: " + ("does not compile" if failed is None else "survived"), False
        more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        return f"killed: {name}: {test}: {failed[0]}{more}", True


def passes_unchanged(test, prepared):
    with tempfile.TemporaryDirectory() as directory:
        return failing_tests(test, ROOT / "include", pathlib.Path(directory), prepared) == []


def main():
    faults = []
    with tempfile.TemporaryDirectory() as directory, \
            concurrent.futures.ThreadPoolExecutor(1 + (os.cpu_count() or 1)) as pool:  # some wait
        prepared = pathlib.Path(directory)
        prepare(prepared)
        mutants = MUTANTS + [(f"break for a property, in {header}.hpp", header, old, new, PROPERTY_TEST, name)
                             for name, header, old, new in PROPERTIES]
        tests = sorted({mutant[4] for mutant in mutants})
        for test, passes in zip(tests, pool.map(passes_unchanged, tests, repeat(prepared))):
            if not passes:
                faults.append(f"{test} does not pass without a mutant")
        killed = 0
        for line, is_killed in pool.map(verdict, mutants, repeat(prepared)):
            killed += is_killed
            print(line, flush=True)
            if not is_killed:
                faults.append(line)
    print(f"{len(mutants)} mutants, {killed} killed")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
