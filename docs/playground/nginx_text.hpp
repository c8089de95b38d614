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
    proxyfix::Trust trust;         ///< With `client_header`, `x_for` is 0.
    unsigned length = 1;           ///< How many proxies; `all_hops` if each may be the outermost.
    bool is_empty, has_forwarded;  ///< Is no header asked for? Is Forwarded?

    explicit NginxChain(const proxyfix::Trust& wanted) : trust(wanted) {
        if (!trust.client_header.empty()) trust.x_for = 0;
        const unsigned elements = std::max({trust.x_for, trust.x_proto, trust.x_host});
        const unsigned most = std::max({elements, trust.x_port, trust.x_prefix});
        length = std::max(length, most);
        is_empty = most == 0 && trust.client_header.empty();
        has_forwarded = trust.forwarded && elements != 0;
    }
    bool has_any_length() const { return length == proxyfix::all_hops; }
    bool may_be_outermost(unsigned at) const { return has_any_length() || at == length; }
};

/// Does nginx read a header of this name? By default it ignores those that have other bytes.
inline bool is_read_by_nginx(std::string_view name) {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return c == '-' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
               (c >= 'a' && c <= 'z');
    });
}

/// The variable of a header that nginx received: "$http_x_forwarded_for".
inline std::string nginx_variable_of(std::string_view name) {
    std::string variable = "$http_";
    for (const char c : name) variable += c == '-' ? '_' : proxyfix::detail::to_lower(c);
    return variable;
}

/// The lines of one proxy.
class NginxLines {
  public:
    NginxLines(const NginxChain& chain, unsigned at) : chain_(chain), at_(at) {}

    /// Sets a header, if nginx can.
    void set(std::string_view name, std::string_view value) {
        for (const std::string_view own : {"Connection", "Content-Length", "Expect", "Host",
                                           "Keep-Alive", "TE", "Transfer-Encoding", "Upgrade"}) {
            if (!proxyfix::equals_ignore_case(name, own)) continue;
            return comment(std::string(name) + " has a meaning of its own: choose another.");
        }
        if (name.find('$') != name.npos)
            return comment("nginx cannot set a header with a $ in its name.");
        const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) {
            return proxyfix::detail::prefix_bytes.contains(c);
        });
        set_line(is_plain ? std::string(name) : '"' + std::string(name) + '"', value);
    }
    void set_line(std::string_view name, std::string_view value) {
        text_.append("proxy_set_header ").append(name).append(" ").append(value).append(";\n");
    }
    void comment(std::string_view text) { text_.append("# ").append(text).append("\n"); }

    /// For a header with count `n`: the outermost proxy overwrites it, the next `n - 1` add to it,
    /// and those further in pass it on. Where each may be the outermost, none passes it on.
    void header(std::string_view name, unsigned n, std::string_view value,
                std::string_view remark = "") {
        if (n == 0) return;
        const bool any = chain_.has_any_length();
        if (!any && at_ + n <= chain_.length) return pass_on(name);
        if (!remark.empty()) comment(remark);
        const bool overwrites = any ? n == 1 : at_ == chain_.length;
        if (overwrites) set(name, value);
        else add(name, value);
    }

    /// A line that adds to what was received.
    void add(std::string_view name, std::string_view value) {
        if (is_received(name))
            set(name, '"' + nginx_variable_of(name) + ", " + std::string(value) + '"');
    }
    /// No line: what was received is left as it is.
    void pass_on(std::string_view name) {
        if (is_received(name)) passed_on_.append(passed_on_.empty() ? "" : ", ").append(name);
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
    /// Does nginx read this header when it receives it? Else a comment says so.
    bool is_received(std::string_view name) {
        if (is_read_by_nginx(name)) return true;
        comment("By its name, nginx ignores this header when it receives it. Choose another:");
        comment(name);
        return false;
    }

    const NginxChain& chain_;
    unsigned at_;
    std::string text_, passed_on_;
};

/// The line for the list of hops: each proxy adds to it.
inline void add_hops(NginxLines& lines, const NginxChain& chain, unsigned at) {
    const proxyfix::FieldName& name = chain.trust.names.x_for;
    const bool is_outermost = !chain.has_any_length() && at == chain.length;
    if (name == proxyfix::HeaderNames().x_for) {
        lines.set(name.view(), "$proxy_add_x_forwarded_for");
    } else if (is_outermost) {
        lines.set(name.view(), "$remote_addr");
    } else {
        lines.add(name.view(), "$remote_addr");
    }
}

/// The lines for Forwarded, to which each proxy adds an element.
inline void add_forwarded(NginxLines& lines, const NginxChain& chain, unsigned at) {
    const auto inner = [&](const std::string& option, unsigned n, const std::string& what) {
        const std::string count = std::to_string(n);
        if (n == 0 || n >= chain.length) return;
        lines.comment(option + " is " + count + ": " + what + " is read from what proxy " + count +
                      " writes.");
    };
    inner("x_proto", chain.trust.x_proto, "the scheme");
    inner("x_host", chain.trust.x_host, "the host");
    if (chain.trust.x_host != 0) {
        lines.comment("The host cannot be derived: $host may hold a quote.");
        lines.comment("Add yours, as in ;host=shop.example");
    }
    const std::string before = chain.has_any_length()       ? "${forwarded_before}"
                               : chain.may_be_outermost(at) ? ""
                                                            : "$http_forwarded, ";
    lines.set("Forwarded", '"' + before + "for=$forwarded_for;proto=$scheme\"");
}

/// The line for `Trust::client_header`.
inline void add_client_header(NginxLines& lines, const NginxChain& chain, unsigned at) {
    const proxyfix::Trust& trust = chain.trust;
    const std::string_view name = trust.client_header.view();
    if (chain.may_be_outermost(at)) {
        lines.set(name, trust.client_has_port ? "$remote_addr:$remote_port" : "$remote_addr");
    } else {
        lines.pass_on(name);
    }
}

/// The lines of proxy `at`.
inline std::string nginx_text_of(const NginxChain& chain, unsigned at) {
    const proxyfix::Trust& trust = chain.trust;
    const proxyfix::HeaderNames& names = trust.names;
    NginxLines lines(chain, at);
    if (trust.x_for != 0 && trust.x_for < chain.length) {
        lines.comment("x_for is " + std::to_string(trust.x_for) + ": proxy " +
                      std::to_string(trust.x_for + 1) + " is taken for the client.");
    }
    if (chain.has_forwarded) add_forwarded(lines, chain, at);
    else if (trust.x_for != 0) add_hops(lines, chain, at);
    if (!trust.client_header.empty()) add_client_header(lines, chain, at);
    if (!trust.forwarded) {
        lines.header(names.x_proto.view(), trust.x_proto, "$scheme",
                     chain.has_any_length()
                         ? "The scheme at proxy 1: with all_hops each one writes it."
                         : "");
        lines.header(names.x_host.view(), trust.x_host, "$host");
        if (chain.has_any_length() && trust.x_host != 0) {
            lines.comment("So that the next one knows the host, too.");
            lines.set_line("Host", "$host");
        }
    }
    lines.header(names.x_port.view(), trust.x_port, "$server_port",
                 "Write the public port if it is another.");
    lines.header(names.x_prefix.view(), trust.x_prefix, "/app",
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
    if (chain.is_empty) return {};
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
    if (chain.has_forwarded)
        texts.insert(texts.begin(),
                     {"nginx, in the http block of each", 0, 0, nginx_http_text(chain)});
    return texts;
}
