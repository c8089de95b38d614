#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Breaks one rule of the library at a time, and demands that a named test notices.

usage: run.py [COMPILER]

Each mutant replaces one piece of text, which must occur exactly once, in a copy of the headers. Then
one test file is built against the copy and run. Compile-time tests are switched off for this: they
would hide which test of the program notices. Exit status 0 only if every mutant is killed, and the
test file passes without a mutant.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMPILER = sys.argv[1] if len(sys.argv) > 1 else "c++"

SCAN = "while (begin > leftmost && rest_[begin - 1] != ',') --begin;"
RETURN = "        return value;\n    }\n\n    /// Was the leftmost"

# name, header, text, its replacement, test file
MUTANTS = [
    ("count from the left", "list", "        const std::size_t end = rest_.size();",
     """        if (const std::size_t comma = rest_.find(','); true) {
            const std::string_view first = rest_.substr(0, comma);
            at_end_ = comma == rest_.npos;
            rest_ = at_end_ ? std::string_view() : rest_.substr(comma + 1);
            return trim(first);
        }
        const std::size_t end = rest_.size();""", "captures_test"),
    ("honour quotes", "list", SCAN,
     """const auto in_quotes = [this](std::size_t at) {
            bool quoted = false;
            for (const char c : rest_.substr(0, at)) quoted = quoted != (c == '"');
            return quoted;
        };
        while (begin > leftmost && (rest_[begin - 1] != ',' || in_quotes(begin - 1))) --begin;""",
     "attacks_test"),
    ("drop empty values", "list", RETURN,
     RETURN.replace("return value;", "return value.empty() ? next() : value;"), "attacks_test"),
    ("fall back on the leftmost value", "list",
     "        value = values.next();\n        if (!value) break;",
     "        const auto further = values.next();\n"
     "        if (!further && i > 0) break;\n        value = further;", "attacks_test"),
    ("accept a value one byte wider than its bound", "list", "end > bound_ ? end - bound_ : 0",
     "end > bound_ + 1 ? end - bound_ - 1 : 0", "resolve_test"),
    ("read left of the chosen value", "list", RETURN,
     RETURN.replace("return value;", "return rest_.find('\\0') == rest_.npos ? value : value;"),
     "promises_test"),
    ("accept octal", "text", " && !leading_zero", "", "attacks_test"),
    ("accept port 0", "grammar", " || *number == 0", "", "attacks_test"),
    ("let the port of the host override", "environ", "r.port ? *r.port : host->port",
     "host->port != 0 || !r.port ? host->port : *r.port", "werkzeug_test"),
    ("keep the proxy's port", "environ",
     "if (r.client) replace(was.remote_port, env.remote_port, r.client->port);",
     "if (r.client && r.client->port != 0)"
     " replace(was.remote_port, env.remote_port, r.client->port);", "environ_test"),
    ("keep the originals of the inner ProxyFix", "environ", "if (!first) first.emplace",
     "first.emplace", "promises_test"),
    ("skip the original peer", "environ", "return original(env).remote_addr;",
     "return env.remote_addr;", "environ_test"),
    ("commit before everything is computed", "environ",
     "if (r.client) remote_addr = to_string(r.client->address);",
     "if (r.client) env.remote_addr = remote_addr = to_string(r.client->address);",
     "promises_test"),
    ("drop all lines but the last", "field", "lines_read_ < lines_.count", "false",
     "captures_test"),
    ("take the first line for the last", "field", "field.last = std::string_view(value);",
     "if (field.count == 1) field.last = std::string_view(value);", "captures_test"),
    ("look at a header whose count is 0", "field", "if (n == 0) return Reason::not_configured;",
     "", "promises_test"),
    ("accept an empty segment of a prefix", "grammar", "segment.empty() || ", "", "attacks_test"),
    ("accept 0.0.0.0", "endpoint", " || address->is_unspecified()", "", "attacks_test"),
    ("accept a name that ends in a number", "authority", "return !is_numeric(label);",
     "return true;", "attacks_test"),
    ("apply the scheme as it came", "grammar", "if (equals_ignore_case(text, to_string(scheme)))",
     "if (text == to_string(scheme))", "environ_test"),
    ("call the handler twice", "proxy_fix", "return std::apply(",
     "static_cast<void>(next(request, args...)); return std::apply(", "attacks_test"),
    ("record a refusal over what was applied", "environ", "else if (!outcome && ", "else if (",
     "promises_test"),
    ("use an unchecked server name", "environ", "host = Authority::parse(bracketed.empty() ? env.server_name : bracketed);",
     "host = Authority{bracketed.empty() ? env.server_name : bracketed};", "environ_test"),
    # Trust by address.
    ("accept host bits", "network",
     "if (address->network(bits) != *address) return Reason::malformed;", "", "network_test"),
    ("let ::/0 hold IPv4", "networks", "if (!holds_v4) return insert(range);",
     "return insert(range);", "networks_test"),
    ("miss the first address of a range", "networks", "ranges_[i].first <= address",
     "ranges_[i].first < address", "networks_test"),
    ("do not merge", "networks", "if (begin == end) {", "if (true) {", "networks_test"),
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
]


def failing_tests(test, include, work):
    """The names of the tests that fail, or None if the program could not be built."""
    program = work / "program"
    built = subprocess.run(
        [COMPILER, "-std=c++20", "-Dstatic_assert(...)=static_assert(true)", f"-I{include}",
         ROOT / "tests" / f"{test}.cpp", ROOT / "tests" / "allocation.cpp", "-lCatch2WithMain",
         "-o", program], capture_output=True, text=True)
    if built.returncode != 0:
        print(built.stderr)
        return None
    ran = subprocess.run([program, "-r", "xml"], capture_output=True, text=True)
    cases = re.findall(r'<TestCase name="([^"]*)"(.*?)(?:</TestCase>|\Z)', ran.stdout, re.S)
    failed = [name for name, body in cases if 'OverallResult success="true"' not in body]
    return failed or ([] if ran.returncode == 0 else ["(the program crashed)"])


def main():
    faults = []
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        for test in sorted({mutant[4] for mutant in MUTANTS}):
            if failing_tests(test, ROOT / "include", work) != []:
                faults.append(f"{test} does not pass without a mutant")
        for name, header, old, new, test in MUTANTS:
            include = work / "include"
            shutil.rmtree(include, ignore_errors=True)
            shutil.copytree(ROOT / "include", include)
            path = include / "proxyfix" / f"{header}.hpp"
            text = path.read_text()
            if text.count(old) != 1:
                faults.append(f"{name}: occurs {text.count(old)} times in {header}.hpp: {old}")
                continue
            path.write_text(text.replace(old, new))
            failed = failing_tests(test, include, work)
            if not failed:
                faults.append(f"{name}: " + ("does not compile" if failed is None else "survived"))
                continue
            more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
            print(f"killed: {name}: {test}: {failed[0]}{more}", flush=True)
    print(f"{len(MUTANTS)} mutants, {len(MUTANTS) - len(faults)} killed")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
