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

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPILER = sys.argv[1] if len(sys.argv) > 1 else "c++"

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
USE = "if (--n == 0) return use(trim({list.data() + begin, width}));"

# name, header, text, its replacement, test file
MUTANTS = [
    ("count from the left", "list", USE,
     """std::string_view all(list.data(), begin + width);
        while (--n > 0) all.remove_prefix(all.find(',') < all.size() ? all.find(',') + 1 : all.size());
        return use(trim(all.substr(0, all.find(','))));""", "captures_test"),
    ("honour quotes", "list", WINDOW, QUOTED.replace("SIDE", "0, at"), "attacks_test"),
    ("drop empty values", "list", USE,
     """if (width == 0 && begin > 0) {
            list = {list.data(), begin - 1};
            continue;
        }
        """ + USE, "attacks_test"),
    ("fall back on the leftmost value", "list", "if (begin == 0) return Reason::too_few_values;",
     "if (begin == 0) return use(trim({list.data(), width}));", "attacks_test"),
    ("accept a value one byte wider than its bound", "list",
     "if (width > bound) return Reason::malformed;", "if (width > bound + 1) return Reason::malformed;",
     "list_test"),
    ("read left of the chosen value", "list", USE,
     "if (n == 1 && list.find('\\0') != list.npos) return Reason::malformed;\n        " + USE,
     "promises_test"),
    ("miss a comma among the first bytes", "list",
     "return begin + index_behind_last(bytes_equal(load_word(at), ','));", "return begin;", "list_test"),
    ("compare names without their middle", "field_name", " && matches_at(middle, name)", "",
     "field_name_test"),
    ("hide the header that names the client", "resolve",
     "        filter.add(*fields[0].name);\n", "", "client_test"),
    ("miss that Forwarded is missing", "resolve", "missing(trust.x_proto | trust.forwarded)",
     "missing(trust.x_proto)", "resolve_test"),
    ("miss that the one address is missing", "resolve", " | trust.client_header.size()", "",
     "resolve_test"),
    ("accept octal", "text", " && !leading_zero", "", "attacks_test"),
    ("accept port 0", "grammar", " || *number == 0", "", "attacks_test"),
    ("let the port of the host override", "environ", "if (host && port != 0)",
     "if (host && port != 0 && host->port == 0)", "werkzeug_test"),
    ("let the port of an inner host override", "environ",
     "r.port ? *r.port : env.proxy.port ? env.server_port : 0", "r.port ? *r.port : 0",
     "environ_test"),
    ("accept counts that no chain can reach", "trust",
     "if (highest_count(trust) > 1 && !follows_chain && !trust.proxies.is_any()) {", "if (false) {",
     "trust_test"),
    ("let value_rows blame a proxy", "value_rows", " && (believed || position == stop)", "",
     "value_rows_test"),
    ("leave out the writer behind an empty value", "value_rows",
     "if (named.empty()) named = no_address;", "", "value_rows_test"),
    ("give the same advice three times", "explanation", "change == given", "false",
     "explanation_test"),
    ("print control bytes", "advice", "byte >= ' ' && ", "", "advice_test"),
    ("keep the proxy's port", "environ",
     "if (r.client) replace(was.remote_port, env.remote_port, r.client->port);",
     "if (r.client && r.client->port != 0)"
     " replace(was.remote_port, env.remote_port, r.client->port);", "environ_test"),
    ("keep the originals of the inner ProxyFix", "environ", "if (!first) first.emplace",
     "first.emplace", "promises_test"),
    ("skip the original peer", "environ", "return original(env).remote_addr;",
     "return env.remote_addr;", "environ_test"),
    ("commit before everything is computed", "environ",
     "        ProxyRecord& was = env.proxy;",
     "        env.remote_addr = remote_addr;\n        script_name.reserve(100);\n"
     "        ProxyRecord& was = env.proxy;",
     "promises_test"),
    ("drop all lines but the last", "field", "lines_read_ < lines_.count", "false",
     "captures_test"),
    ("take the first line for the last", "field_lines", "field.last = std::string_view(value);",
     "if (field.count == 1) field.last = std::string_view(value);", "captures_test"),
    ("accept an empty segment of a prefix", "grammar", "segment.empty() || ", "", "attacks_test"),
    ("accept 0.0.0.0", "endpoint", " || address->is_unspecified()", "", "attacks_test"),
    ("accept a name that ends in a number", "authority", " || !is_numeric({begin, length});",
     " || true;", "attacks_test"),
    ("apply the scheme as it came", "grammar", "if (!equals_ignore_case(text, to_string(scheme)))",
     "if (text != to_string(scheme))", "environ_test"),
    ("call the handler twice", "proxy_fix", "return std::apply(",
     "static_cast<void>(next(request, args...)); return std::apply(", "attacks_test"),
    ("record a refusal over what was applied", "environ", "else if (!outcome && ", "else if (",
     "promises_test"),
    ("use an unchecked server name", "environ", "host = Authority::parse(bracketed.empty() ? env.server_name : bracketed);",
     "host = Authority{bracketed.empty() ? env.server_name : bracketed};", "environ_test"),
    # Trust by address.
    ("accept host bits", "network",
     "if (address->network(bits) != *address) return Reason::malformed;", "", "network_test"),
    ("let ::/0 hold IPv4", "networks", "const bool holds_v4 = range.first",
     "const bool holds_v4 = false && range.first", "networks_test"),
    ("miss the first address of a range", "networks", "ranges_[i].first <= address",
     "ranges_[i].first < address", "networks_test"),
    ("do not merge", "networks", "const bool is_new = ranges_.empty() ||",
     "const bool is_new = true ||", "networks_test"),
    ("halve a list at its first word", "config", "text.find_first_of(separators, text.size() / 2)",
     "text.find_first_of(separators)", "config_test"),
    ("let a sequence grow by one", "sequence", "capacity = 2 * size_ + 1;", "capacity = size_ + 1;",
     "sequence_test"),
    ("do not join neighbours", "networks", "return b.low() == a.low()",
     "return false && b.low() == a.low()", "networks_test"),
    ("join across the end of the lower half", "networks", " && b.high() == a.high() + (carry ? 1 : 0)",
     "", "networks_test"),
    ("trust a peer without an address", "networks", "return unix_domain_;", "return true;",
     "networks_test"),
    # Hosts and names.
    ("let a wildcard match the apex", "hosts", "return host.size() > pattern.size() &&",
     "if (equals_ignore_case(host, pattern.substr(1))) return true;\n"
     "        return host.size() > pattern.size() &&", "hosts_test"),
    ("let a wildcard match a lookalike", "hosts", "pattern.remove_prefix(1);",
     "pattern.remove_prefix(2);", "hosts_test"),
    ("accept any text as a header name", "field_name", " && is_token(text)", "",
     "field_name_test"),
    # Decisions.
    ("skip a malformed hop", "hops",
     "if (!hop || !trust.proxies.contains(hop->address)) break;",
     """if (!hop && hop.error() == Reason::malformed && position < 99) continue;
        if (!hop || !trust.proxies.contains(hop->address)) break;""",
     "hops_test"),
    ("believe the others after a bypass", "hops",
     "const bool whole = n == all_hops ? known_end : n <= inside + 1;",
     "const bool whole = known_end || n <= inside + 1;",
     "client_test"),
    ("believe the peer's own after a bypass", "hops",
     "if (whole) hops.believed = inside + 1;",
     "hops.believed = whole ? inside + 1 : 1;",
     "client_test"),
    ("trust a peer without text", "resolve",
     "trust.proxies.is_any() || trust.proxies.contains_peer",
     "trust.proxies.is_any() || Adapter<R>::peer(request).empty() || trust.proxies.contains_peer",
     "client_test"),
    ("trust any peer", "resolve",
     "trust.proxies.is_any() || trust.proxies.contains_peer",
     "true || trust.proxies.contains_peer",
     "properties/properties_test"),
    ("trust a peer on a unix-domain socket", "networks",
     "return unix_domain_;",
     "return true;",
     "client_test"),
    ("fall back on X-Forwarded-For", "resolve",
     "    proxyfix::find_lines(headers, fields, filter);\n",
     """    proxyfix::find_lines(headers, fields, filter);
    if (fields[0].count == 0) {
        fields[0].name = &x_for;
        for (FieldLines& field : fields) field.count = 0;
        filter.add(x_for);
        proxyfix::find_lines(headers, fields, filter);
    }
""", "client_test"),
    ("fall back on X-Forwarded-Proto", "resolve", ".proto = element.and_then(scheme),",
     """.proto = element.and_then(scheme)
                         ? element.and_then(scheme)
                         : reader.read(fields[1], trust.x_proto, hops.believed, parse_scheme),""",
     "forwarded_test"),
    ("honour quotes from the right", "list", WINDOW, QUOTED.replace("SIDE", "at"), "forwarded_test"),
    ("do not validate the elements right of the chosen one", "client",
     "proxyfix::nth_of(elements, position)",
     "proxyfix::nth_of(elements.values, position).and_then(ForwardedElement::parse)",
     "forwarded_test"),
    ("accept a repeat in another case", "forwarded",
     "if (equals_ignore_case(name, earlier)) return",
     "if (name == earlier) return",
     "forwarded_test"),
    ("let an open quote end with the text", "forwarded",
     """        if (end >= text.size()) return Reason::malformed;
    } else""",
     """        if (end >= text.size()) text = "x", end = 0;
    } else""",
     "forwarded_test"),
    ("take the last line of client_header", "client",
     "if (field.count > 1 || field.last.size() > field.bound)",
     "if (field.last.size() > field.bound)",
     "client_test"),
    ("fall back on X-Forwarded-For without client_header", "client",
     """if (!trust.client_header.empty())
        return""",
     """if (!trust.client_header.empty() && field.count > 0)
        return""",
     "client_test"),
    ("erase nothing", "strip",
     """            --field.count;
            return true;""",
     """            --field.count;
            return false;""",
     "strip_test"),
    ("erase the wrong end", "strip",
     "field.count -= values.lines_read();",
     "field.count = values.lines_read() < field.count ? values.lines_read() : 0;",
     "strip_test"),
    ("keep a line that begins with forged values", "strip",
     "if (values.at_line_start()) field.count -= values.lines_read();",
     "field.count -= values.lines_read();",
     "strip_test"),
    ("keep Forwarded though host refused", "strip",
     " && !refused(r.host)",
     "",
     "strip_test"),
    ("erase before applying", "proxy_fix",
     """                Adapter<R>::apply(request, resolution);
                Adapter<R>::erase(request, is_erased);""",
     """                Adapter<R>::erase(request, is_erased);
                Adapter<R>::apply(request, resolution);""",
     "strip_test"),
    ("take the leftmost instead of the first outside", "hops",
     "if (!hop || !trust.proxies.contains(hop->address)) break;",
     "if (!hop || (n != all_hops && !trust.proxies.contains(hop->address))) break;",
     "properties/properties_test"),
    ("a run off the left end has no client", "hops",
     "if (position <= n && !past_leftmost) {",
     "if (position <= n) {",
     "hops_test"),
    ("take scheme and host of the n-th element", "client",
     "const auto element = element_at(hops.position);",
     "const auto element = element_at(trust.forwarded);",
     "forwarded_test"),
    ("believe the element of a bypass", "client",
     "if (element && hops.position > hops.believed) return {hops, Reason::hop_not_trusted};",
     "",
     "forwarded_test"),
    ("believe other headers in any case", "resolve",
     "believed = hops.believed;",
     "believed = unlimited;",
     "client_test"),
    ("let any host through", "resolve",
     "if (host && !trust.allowed_hosts.contains(host->host))",
     "if (false)",
     "environ_test"),
    ("do not walk on for higher counts", "hops",
     "position <= n || position < deepest",
     "position <= n",
     "client_test"),
    ("search each line from the end", "field",
     """            std::size_t to_pass =
                lines_read_ == 2 ? 2 : 1;""",
     """            line_ = std::end(headers_);
            std::size_t to_pass = lines_read_;""",
     "field_test"),
    ("believe all counts with client_header", "client",
     "trust.proxies.is_any() ? unlimited : 1",
     "unlimited",
     "client_test"),
    ("call anonymous malformed", "forwarded",
     "return Reason::anonymous;",
     "return Reason::malformed;",
     "forwarded_test"),
    ("accept two ports", "forwarded",
     "if (is_obfuscated(port) && parts->port != 0) return Reason::malformed;",
     "",
     "forwarded_test"),
    ("record an absence over a refusal", "environ",
     "(refused(result) || outcome == Reason::not_configured)",
     "result.error() != Reason::not_configured",
     "strip_test"),
    ("call absent what is not asked for", "hops",
     "Result<Endpoint> client = Reason::not_configured;",
     "Result<Endpoint> client = Reason::absent;",
     "client_test"),
    ("accept a trust that contradicts itself", "proxy_fix",
     "if (!fault(trust).empty())",
     "if (false)",
     "trust_test"),
    ("do not ask whether lines can be erased", "proxy_fix",
     'if (trust_.strip != Strip::keep) refuse("strip: this request cannot be erased from");',
     "",
     "proxy_fix_test"),
    ("let all_hops walk through any proxies", "trust",
     "if (walks_x_for && trust.proxies.is_any())",
     "if (false)",
     "trust_test"),
    ("accept two headers for the client", "trust",
     "if (trust.forwarded != 0 && !trust.client_header.empty())",
     "if (false)",
     "trust_test"),
    ("let an Environ beside a request forget its peer", "environ_of",
     "return original(env).remote_addr;", "return env.remote_addr;", "adapters/cgi_test"),
    ("copy no query", "environ_of", "target.substr(end_of_path + 1);", "target.substr(end_of_path);", "environ_of_test"),
    ("pass a port that is none", "environ_of", "number > 0 && ", "", "adapters/httplib_test"),
    ("compare the ends of a view only by type", "line_view", "return base_ == other.base_;",
     "return base_ == other.base_ || base_ + 1 == other.base_;", "line_view_test"),
    ("take two CGI variables of a name", "adapters/cgi", "lines_in_order = false",
     "lines_in_order = true", "adapters/cgi_test"),
    ("take a variable in lower case", "cgi_variables", "c != '-' && !(c >= 'a' && c <= 'z')",
     "c != '-'", "adapters/cgi_test"),
    ("take a variable with a hyphen", "cgi_variables", "c != '-' && !(c >= 'a' && c <= 'z')",
     "!(c >= 'a' && c <= 'z')", "adapters/cgi_test"),
    ("take a variable that is no header", "cgi_variables", "!variable.starts_with(start) || ", "",
     "adapters/cgi_test"),
    ("write past a long name", "cgi_variables", "variable.size() > start.size() + 63",
     "variable.size() > start.size() + 62", "cgi_variables_test"),
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
    ("refuse several lines of httplib", "adapters/httplib",
     "headers.key_comp();", "headers.no_comp();", "adapters/httplib_test"),
    ("take a client that has gone for a unix-domain peer", "adapters/httplib",
     "request.remote_addr.empty() && request.local_addr.empty()", "request.remote_addr.empty()",
     "adapters/httplib_test"),
    ("believe the trailers that httplib mixes in", "adapters/httplib", '"Transfer-Encoding"',
     '"Transfer-Coding"', "adapters/httplib_test"),
    ("believe the trailers that Beast mixes in", "adapters/beast",
     "field::transfer_encoding) > 0", "field::transfer_encoding) > 1", "adapters/beast_parser_test"),
    ("believe a parser that is done", "adapters/beast_parser", "= parser.is_done();",
     "= !parser.is_done();", "adapters/beast_parser_test"),
    ("believe trailers that come early", "adapters/beast_parser", ">= 108700", "> 108700",
     "adapters/beast_parser_test"),
    ("believe doubtful lines", "field", "return lines_are_doubtful || lines", "return lines",
     "environ_of_test"),
    ("believe lines of which some may be missing", "field", " || lines_may_lack", "", "environ_of_test"),
    ("take for absent what may have been dropped", "field", " && !lines_may_lack", "",
     "environ_of_test"),
    ("decide without a line though some may be missing", "resolve", "lines == 0 && !may_lack",
     "lines == 0", "environ_of_test"),
    ("call what nobody saw complete", "result", "return is_any_applied && ", "return ", "environ_test"),
    ("call complete what lacks a header", "result", "return !result && result.error() != Reason::not_configured;",
     "return false;", "environ_test"),
    ("explain doubtful lines", "value_rows", "reader.is_unordered(field)",
     "(field.count > 1 && !in_order)", "environ_of_test"),
    ("take no peer for one on a unix-domain socket", "networks",
     'if (text.starts_with("unix:"))', 'if (text.empty() || text.starts_with("unix:"))',
     "networks_test"),
    ("keep the authority of a target", "environ_of", "if (scheme > 0 &&", "if (false &&",
     "environ_of_test"),
    ("take any text for a scheme", "environ_of", "others.contains(target[scheme])",
     "target[scheme] != ':'", "environ_of_test"),
    ("let a scheme begin with any byte", "environ_of", " && first.contains(target[0])", "",
     "environ_of_test"),
]

PROPERTY_TEST = "properties/properties_test"

# For each property of tests/properties one break that it must catch: property, header, text, its
# replacement.
PROPERTIES = [
    ("Whatever the request, seven bytes left of the chosen value are loaded at most", "list", USE,
     "if (n == 1 && list.find('\\0') != list.npos) return Reason::malformed;\n        " + USE),
    ("Whatever the request, nothing right of a line is read", "forwarded",
     "end < text.size() ? text[end] : '\\0'", "text.data()[end]"),
    ("Whatever the request, a header with a count of 0 may as well be gone", "resolve",
     "trust.x_prefix, believed,", "trust.x_prefix + 1, believed,"),
    ("Whatever the request, a value wider than its bound is not read through", "list",
     WINDOW, "list.size();"),
    ("Whatever the request, adding values or lines on the left changes nothing", "field",
     "if (field.count == 0 && !lines_may_lack) return Reason::absent;",
     "if (field.count == 0 && !lines_may_lack) return Reason::absent;\n"
     "        if (field.count > 3) return Reason::malformed;"),
    ("Whatever the request, what stands left of what is read may be anything", "field_lines",
     "field.last = std::string_view(value);",
     "if (field.count == 1 || value.size() < 40) field.last = std::string_view(value);"),
    ("Whatever the request, a header says nothing about the others", "resolve",
     "    if (!by_count) r.client = hops.client;",
     "    if (!r.port && trust.x_port != 0) r.host = Reason::malformed;\n"
     "    if (!by_count) r.client = hops.client;"),
    ("Whatever the request, its lines may be split and joined at commas", "field",
     "lines_read_ < lines_.count", "false"),
    ("Whatever the request, wrapped twice is wrapped once", "environ", "if (!first) first.emplace",
     "first.emplace"),
    ("Whatever the request, a failed allocation leaves it as it was", "environ",
     "        std::string http_host = host",
     "        if (r.proto) env.url_scheme = url_scheme;\n        std::string http_host = host"),
    ("Whatever the request, a decision allocates nothing", "resolve",
     "    const FoundFields fields =", "    delete new int;\n    const FoundFields fields ="),
    ("Whatever the request, what is written is of the grammar", "grammar",
     "if (!is_prefix_byte(c)) return Reason::malformed;", "static_cast<void>(c);"),
    ("Whatever the request, counts of 0 change nothing", "resolve",
     "trust.x_port, believed,", "trust.x_port == 0 ? 1 : trust.x_port, believed,"),
    ("Whatever the request, the handler is called once", "proxy_fix", "return std::apply(",
     "static_cast<void>(next(request, args...)); return std::apply("),
    ("Whatever the request, what is refused changes nothing", "environ",
     "if (r.client) replace(was.remote_port, env.remote_port, r.client->port);",
     "replace(was.remote_port, env.remote_port, r.client ? r.client->port : std::uint16_t{0});"),
    ("Whatever the request, all is as the naive implementation has it",
     "endpoint", "if (*bits == 0)", "if (*bits == 0x06060606)"),
    ("Whatever the request, fewer networks select no client further left", "hops",
     "if (!hop || !trust.proxies.contains(hop->address)) break;",
     "if (!hop || trust.proxies.contains(hop->address)) break;"),
    ("Whatever the request, fewer networks believe no more", "hops",
     "const bool whole = n == all_hops ? known_end : n <= inside + 1;",
     "const bool whole = known_end || n <= inside + 1;"),
    ("Networks that contain every address give what counts alone give", "hops",
     "if (whole) hops.believed = inside + 1;", "if (whole) hops.believed = inside;"),
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
    ran = subprocess.run([program, "-r", "xml", *(name.replace(",", "\\,") for name in only)], capture_output=True, text=True)
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
