// SPDX-License-Identifier: MIT
/// \file
/// `explain`: the decision about a request as text for people. Not part of the umbrella.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "proxyfix/adapter.hpp"
#include "proxyfix/advice.hpp"
#include "proxyfix/field.hpp"
#include "proxyfix/field_lines.hpp"
#include "proxyfix/resolve.hpp"
#include "proxyfix/result.hpp"
#include "proxyfix/strip.hpp"
#include "proxyfix/text.hpp"
#include "proxyfix/trust.hpp"
#include "proxyfix/value_rows.hpp"

namespace proxyfix {

/// Writes the explanation of one request, for `explain`.
template <Readable R> class Explanation {
  public:
    /// Writes it. `r` is what `resolve` says about the request and the trust.
    Explanation(const R& request, const Trust& trust, const Resolution& r)
        : trust_(trust),
          headers_(Adapter<R>::headers(request)),
          reader_{headers_, trust.proxies.contains_peer(Adapter<R>::peer(request)),
                  proxyfix::has_doubtful_lines<R>(request)},
          is_erased_(headers_, trust, r),
          peer_(escaped(Adapter<R>::peer(request))) {
        const unsigned hops = trust.forwarded != 0 ? trust.forwarded : trust.x_for;
        const bool walks = trust.forwarded != 0 || trust.client_header.empty();
        if (walks && r.client_position < hops && r.client &&
            !trust.proxies.contains(r.client->address)) {
            outsider_ = to_string(r.client->address);
        }
        const Said client{"client", outcome_of(r.client), r.client ? to_string(*r.client) : ""};
        const Said proto{"scheme", outcome_of(r.proto),
                         std::string(r.proto ? to_string(*r.proto) : "")};
        const Said host{"host", outcome_of(r.host), r.host ? to_string(*r.host) : ""};
        const Said port{"port", outcome_of(r.port), r.port ? std::to_string(*r.port) : ""};
        const std::string_view path = !r.prefix ? "" : r.prefix->empty() ? "/" : *r.prefix;
        const Said prefix{"prefix", outcome_of(r.prefix), std::string(path)};
        const std::string_view single = trust.client_header.view();
        const bool by_forwarded = trust.forwarded != 0, by_x_for = !by_forwarded && single.empty();
        const std::string_view instead = by_forwarded ? "Forwarded" : by_x_for ? "" : single;
        const std::string_view forwarded = by_forwarded ? "Forwarded" : "";

        if (!fault(trust).empty()) line({"The trust contradicts itself: ", fault(trust), "\n"});
        line({"peer: ", peer_.empty() ? "(no address)" : peer_,
              trust.proxies.is_any()    ? " (any peer is trusted)"
              : reader_.peer_is_trusted ? " (one of the proxies)"
                                        : " (not one of the proxies: nothing is believed)"});
        if (!single.empty())
            section(trust.client_header, "client_header", by_forwarded ? 0 : 1, forwarded,
                    {client});
        section("Forwarded", "forwarded", trust.forwarded, "", {client, proto, host});
        section("X-Forwarded-For", "x_for", by_x_for ? trust.x_for : 0, instead, {client});
        section("X-Forwarded-Proto", "x_proto", by_forwarded ? 0 : trust.x_proto, forwarded,
                {proto});
        section("X-Forwarded-Host", "x_host", by_forwarded ? 0 : trust.x_host, forwarded, {host});
        section("X-Forwarded-Port", "x_port", trust.x_port, "", {port});
        section("X-Forwarded-Prefix", "x_prefix", trust.x_prefix, "", {prefix});
        line({"\ndecision"});
        for (const Said& said : {client, proto, host, port, prefix}) {
            line({"   ", said.what, std::string(8 - said.what.size(), ' '), said.text()});
        }
        line({r.refused() ? "   Something was refused." : "   Nothing was refused."});
    }

    /// The explanation: lines of text, each with its end.
    [[nodiscard]] std::string text() && { return std::move(out_); }

  private:
    using Headers =
        std::remove_reference_t<decltype(Adapter<R>::headers(std::declval<const R&>()))>;

    void line(std::initializer_list<std::string_view> texts) {
        for (const std::string_view text : texts) out_ += text;
        out_ += '\n';
    }

    FieldLines find(const FieldName& name) {
        for (const FieldLines& field : proxyfix::find_fields(headers_, trust_)) {
            if (*field.name == name) return field;
        }
        std::array<FieldLines, 1> field{{{&name}}};
        proxyfix::find_lines(headers_, field, NameFilter(name));
        return field[0];
    }

    /// A header: its lines, its values with their writers, what became of it, and what to change.
    void section(const FieldName& header, std::string_view option, unsigned n,
                 std::string_view replaced_by, std::initializer_list<Said> said) {
        const FieldLines field = find(header);
        const std::string_view name = header.view();
        if (field.count == 0 && n == 0) return;
        out_ += '\n';
        constexpr std::size_t most_lines = 20;
        const std::size_t hidden = field.count > most_lines ? field.count - most_lines : 0;
        if (hidden > 0) {
            const std::string_view more = hidden == 1 ? " more line of " : " more lines of ";
            line({"(", std::to_string(hidden), more, name, ")"});
        }
        std::size_t passed = 0;
        for (auto&& [line_name, value] : headers_) {
            if (!header.matches(std::string_view(line_name))) continue;
            const bool erased = is_erased_(name);
            if (passed++ < hidden) continue;
            line({escaped(std::string_view(line_name)), ": ", escaped(std::string_view(value)),
                  erased ? "   (erased: strip)" : ""});
        }
        if (field.count == 0) line({name, ": not there"});
        if (!replaced_by.empty()) return line({"   not looked at: ", replaced_by, " replaces it"});
        if (option == "client_header") line({"   client_header"});
        else line({"   ", option, " = ", count_text(n)});
        const ValueRows rows =
            proxyfix::value_rows(reader_, field, n, trust_, *said.begin(), outsider_);
        out_ += rows.text;
        std::string given;
        for (const Said& what : said) {
            if (n != 0) line({"   ", what.what, " ", what.text()});
            const Outcome outcome = n == 0 ? Reason::not_configured : what.outcome;
            const std::string change =
                n != 0 && what.what == "client" && !outsider_.empty()
                    ? "If " + outsider_ + " is a proxy of yours, add it to proxies."
                    : advice(outcome, option, n, rows.values);
            if (change != given && !change.empty()) line({"   ", change});
            given = change;
        }
    }

    const Trust& trust_;
    decltype(Adapter<R>::headers(std::declval<const R&>())) headers_;
    FieldReader<Headers, Adapter<R>::lines_in_order> reader_;
    Stripping is_erased_;
    std::string peer_;
    std::string outsider_;  // the client's address, if a walk ended early since it is no proxy's
    std::string out_;
};

/// A picture of the decision about a request: each field line as it was received, which value was
/// written by whom, which was chosen, what was refused and why, and what to change if it looks
/// wrong. Text of the request is `escaped`. Decides as `resolve` does, but reads everything.
template <Readable R> [[nodiscard]] std::string explain(const R& request, const Trust& trust) {
    return Explanation<R>(request, trust, proxyfix::resolve(request, trust)).text();
}

}  // namespace proxyfix
