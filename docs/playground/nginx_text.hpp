// SPDX-License-Identifier: MIT
/// \file
/// The nginx configuration that a `Trust` matches, proxy by proxy.
#pragma once

#include <algorithm>
#include <proxyfix/proxyfix.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Lines for some proxies, of which 1 is next to the application.
struct NginxText {
    std::string title;
    unsigned first, last;  ///< Both are 0 for the http block, and `last` is `all_hops` for each.
    std::string text;
};

/// The chain of proxies that a `Trust` asks for.
struct NginxChain {
    proxyfix::Trust trust;  ///< Of headers that another one replaces the count is 0.
    unsigned length;        ///< How many proxies; `all_hops` if each may be the outermost.

    explicit NginxChain(const proxyfix::Trust& wanted) : trust(wanted) {
        if (trust.forwarded != 0) trust.x_for = trust.x_proto = trust.x_host = 0;
        if (!trust.client_header.empty()) trust.x_for = 0;
        length = std::max({1u, trust.forwarded, trust.x_for, trust.x_proto, trust.x_host,
                           trust.x_port, trust.x_prefix});
    }
    bool has_any_length() const { return length == proxyfix::all_hops; }
    bool may_be_outermost(unsigned at) const { return has_any_length() || at == length; }
};

/// The lines of one proxy.
class NginxLines {
  public:
    NginxLines(const NginxChain& chain, unsigned at) : chain_(chain), at_(at) {}

    void set(std::string_view header, std::string_view value) {
        text_.append("proxy_set_header ").append(header).append(" ").append(value).append(";\n");
    }
    void comment(std::string_view text) { text_.append("# ").append(text).append("\n"); }

    /// For a header with count `n`: the outermost proxy overwrites it, the next `n - 1` add to it,
    /// and those further in pass it on. Where each may be the outermost, none passes it on.
    void header(std::string_view name, unsigned n, std::string_view value,
                std::string_view received, std::string_view remark = "") {
        if (n == 0) return;
        const bool any = chain_.has_any_length();
        if (!any && at_ + n <= chain_.length) {
            passed_on_.append(passed_on_.empty() ? "" : ", ").append(name);
            return;
        }
        if (!remark.empty()) comment(remark);
        const bool overwrites = any ? n == 1 : at_ == chain_.length;
        if (overwrites) set(name, value);
        else set(name, '"' + std::string(received) + ", " + std::string(value) + '"');
    }

    /// The text, with what is to be known of all of it in front.
    std::string result() const {
        std::string text =
            "# In the location, beside proxy_pass: a location with a\n"
            "# proxy_set_header of its own inherits none.\n";
        if (chain_.has_any_length())
            text += "# Every one must have these lines: each may be where clients connect.\n";
        text += text_;
        if (!passed_on_.empty())
            text += "# Passed on as received, so without a line here:\n# " + passed_on_ + "\n";
        return text;
    }

  private:
    const NginxChain& chain_;
    unsigned at_;
    std::string text_, passed_on_;
};

/// The line for `Trust::client_header`, if nginx can set it.
inline void add_client_header(NginxLines& lines, const proxyfix::FieldName& name) {
    const std::string text(name.view());
    for (const std::string_view own : {"Connection", "Content-Length", "Expect", "Host",
                                       "Keep-Alive", "TE", "Transfer-Encoding", "Upgrade"}) {
        if (name.matches(own)) return lines.comment(text + " says something else: choose another.");
    }
    if (text.find('$') != text.npos)
        return lines.comment("nginx cannot set a header with a $ in its name.");
    const bool is_plain = std::all_of(text.begin(), text.end(), proxyfix::detail::is_prefix_byte);
    lines.set(is_plain ? text : '"' + text + '"', "$remote_addr");
}

/// The lines of proxy `at`.
inline std::string nginx_text_of(const NginxChain& chain, unsigned at) {
    const proxyfix::Trust& trust = chain.trust;
    NginxLines lines(chain, at);
    const bool is_outermost = chain.may_be_outermost(at);
    const unsigned hops = trust.forwarded != 0 ? trust.forwarded : trust.x_for;
    if (hops != 0 && hops < chain.length) {
        const std::string option = trust.forwarded != 0 ? "forwarded" : "x_for";
        lines.comment(option + " is " + std::to_string(hops) + ": proxy " +
                      std::to_string(hops + 1) + " is taken for the client.");
    }
    if (trust.forwarded != 0) {
        lines.comment("The host cannot be derived: $host may hold a quote.");
        lines.comment("Add yours, as in ;host=shop.example");
        const std::string before = chain.has_any_length() ? "${forwarded_before}"
                                   : is_outermost         ? ""
                                                          : "$http_forwarded, ";
        lines.set("Forwarded", '"' + before + "for=$forwarded_for;proto=$scheme\"");
    }
    if (trust.x_for != 0) lines.set("X-Forwarded-For", "$proxy_add_x_forwarded_for");
    if (!trust.client_header.empty()) {
        if (is_outermost) add_client_header(lines, trust.client_header);
        else lines.comment("client_header is passed on as received.");
    }
    lines.header(
        "X-Forwarded-Proto", trust.x_proto, "$scheme", "$http_x_forwarded_proto",
        chain.has_any_length() ? "The scheme at proxy 1: with all_hops each one writes it." : "");
    lines.header("X-Forwarded-Host", trust.x_host, "$host", "$http_x_forwarded_host");
    if (chain.has_any_length() && trust.x_host != 0) {
        lines.comment("So that the next one knows the host, too.");
        lines.set("Host", "$host");
    }
    lines.header("X-Forwarded-Port", trust.x_port, "$server_port", "$http_x_forwarded_port",
                 "Write the public port if it is another.");
    lines.header("X-Forwarded-Prefix", trust.x_prefix, "/app", "$http_x_forwarded_prefix",
                 "The prefix cannot be derived: write what is stripped.");
    return lines.result();
}

/// What Forwarded needs in the http block.
inline std::string nginx_http_text(const NginxChain& chain) {
    std::string text =
        "# An IPv6 address stands in brackets and quotes; a unix-domain socket has none.\n"
        "map $remote_addr $forwarded_for {\n"
        "    default $remote_addr;\n"
        "    ~^unix: unknown;\n"
        "    ~:      '\"[$remote_addr]\"';\n"
        "}\n";
    if (chain.has_any_length()) {
        text +=
            "# What was received, with a comma behind it.\n"
            "map $http_forwarded $forwarded_before {\n"
            "    \"\"      \"\";\n"
            "    default \"$http_forwarded, \";\n"
            "}\n";
    }
    return text;
}

/// Which proxies, in words.
inline std::string nginx_title(const NginxChain& chain, unsigned first, unsigned last) {
    if (chain.has_any_length()) return "nginx as each of your proxies";
    if (chain.length == 1) return "nginx as your proxy";
    const std::string from = std::to_string(first);
    if (first != last) return "nginx as proxies " + from + " to " + std::to_string(last);
    return "nginx as proxy " + from + (first == 1 ? ", next to the application" : "") +
           (first == chain.length ? ", where clients connect" : "");
}

/// The configurations from the application outwards; neighbours that are alike are one.
inline std::vector<NginxText> nginx_texts(const proxyfix::Trust& wanted) {
    const NginxChain chain(wanted);
    const proxyfix::Trust& trust = chain.trust;
    if (std::max({trust.forwarded, trust.x_for, trust.x_proto, trust.x_host, trust.x_port,
                  trust.x_prefix}) == 0 &&
        trust.client_header.empty()) {
        return {};
    }
    std::vector<NginxText> texts;
    if (chain.has_any_length()) {
        texts.push_back({"", 1, chain.length, nginx_text_of(chain, 1)});
    } else {
        for (unsigned at = 1; at <= chain.length; ++at) {
            std::string text = nginx_text_of(chain, at);
            if (!texts.empty() && texts.back().text == text) texts.back().last = at;
            else texts.push_back({"", at, at, std::move(text)});
        }
    }
    for (NginxText& part : texts) part.title = nginx_title(chain, part.first, part.last);
    if (trust.forwarded != 0)
        texts.insert(texts.begin(),
                     {"nginx, in the http block of each", 0, 0, nginx_http_text(chain)});
    return texts;
}
