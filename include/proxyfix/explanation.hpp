// SPDX-License-Identifier: MIT
/// \file
/// `explanation_of`: the decision about a request, with all that led to it. Not part of the
/// umbrella.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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

/// A header line as it was received.
struct LineRow {
    std::string name,     ///< `escaped`.
        value;            ///< `escaped`.
    bool erased = false;  ///< By `Trust::strip`, before the handler is called.
};

/// One thing that a header says.
struct Verdict {
    Said said;           ///< What became of it.
    std::string advice;  ///< What to change if it looks wrong; may be empty.
};

/// A header that was asked for, or is there.
struct HeaderExplanation {
    std::string name,                 ///< "X-Forwarded-For".
        option;                       ///< The member of `Trust`: "x_for".
    unsigned n = 0;                   ///< Its value, the count; of `client_header` it is 1.
    std::string replaced_by{};        ///< Another header, if that is looked at instead.
    std::size_t hidden = 0;           ///< How many lines are above those in `lines`.
    std::vector<LineRow> lines{};     ///< The last 20.
    ValueRows values{};               ///< Who wrote which value.
    std::vector<Verdict> verdicts{};  ///< One, or three of Forwarded.
};

/// What `explain` says, part by part. Text of the request is `escaped`.
struct Explanation {
    std::string_view fault;                    ///< Of the `Trust`; empty if there is none.
    std::string peer;                          ///< Who connected.
    bool any_peer,                             ///< Is there no list of proxies?
        peer_is_trusted;                       ///< Is the peer one of them, or any?
    std::vector<HeaderExplanation> headers{};  ///< Those that were asked for, or are there.
    std::array<Said, 5> decision;              ///< Client, scheme, host, port, prefix.
    bool refused;                              ///< Was something there, and not believed?
};

/// Explains one request, for `explanation_of`.
template <Readable R> class Explainer {
  public:
    /// Explains it. `r` is what `resolve` says about the request and the trust.
    Explainer(const R& request, const Trust& trust, const Resolution& r)
        : trust_(trust),
          headers_(Adapter<R>::headers(request)),
          reader_{headers_, trust.proxies.contains_peer(Adapter<R>::peer(request)),
                  proxyfix::has_doubtful_lines<R>(request), proxyfix::may_lack_lines<R>(request)},
          is_erased_(headers_, trust, r),
          out_{fault(trust),
               escaped(Adapter<R>::peer(request)),
               trust.proxies.is_any(),
               reader_.peer_is_trusted,
               {},
               decision_of(r),
               r.refused()} {
        const unsigned hops = trust.forwarded != 0 ? trust.forwarded : trust.x_for;
        const bool walks = trust.forwarded != 0 || trust.client_header.empty();
        if (walks && r.client_position < hops && r.client &&
            !trust.proxies.contains(r.client->address)) {
            outsider_ = to_string(r.client->address);
        }
        const auto& [client, proto, host, port, prefix] = out_.decision;
        const std::string_view single = trust.client_header.view();
        const bool by_forwarded = trust.forwarded != 0, by_x_for = !by_forwarded && single.empty();
        const std::string_view instead = by_forwarded ? "Forwarded" : by_x_for ? "" : single;
        const std::string_view forwarded = by_forwarded ? "Forwarded" : "";
        if (!single.empty())
            add(trust.client_header, "client_header", by_forwarded ? 0 : 1, forwarded, {client});
        add("Forwarded", "forwarded", trust.forwarded, "", {client, proto, host});
        add("X-Forwarded-For", "x_for", by_x_for ? trust.x_for : 0, instead, {client});
        add("X-Forwarded-Proto", "x_proto", by_forwarded ? 0 : trust.x_proto, forwarded, {proto});
        add("X-Forwarded-Host", "x_host", by_forwarded ? 0 : trust.x_host, forwarded, {host});
        add("X-Forwarded-Port", "x_port", trust.x_port, "", {port});
        add("X-Forwarded-Prefix", "x_prefix", trust.x_prefix, "", {prefix});
    }

    /// The explanation, moved out.
    [[nodiscard]] Explanation result() && { return std::move(out_); }

  private:
    using Headers =
        std::remove_reference_t<decltype(Adapter<R>::headers(std::declval<const R&>()))>;

    static std::array<Said, 5> decision_of(const Resolution& r) {
        const std::string_view path = !r.prefix ? "" : r.prefix->empty() ? "/" : *r.prefix;
        return {{{"client", outcome_of(r.client), r.client ? to_string(*r.client) : ""},
                 {"scheme", outcome_of(r.proto), std::string(r.proto ? to_string(*r.proto) : "")},
                 {"host", outcome_of(r.host), r.host ? to_string(*r.host) : ""},
                 {"port", outcome_of(r.port), r.port ? std::to_string(*r.port) : ""},
                 {"prefix", outcome_of(r.prefix), std::string(path)}}};
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
    void add(const FieldName& header, std::string_view option, unsigned n,
             std::string_view replaced_by, std::initializer_list<Said> said) {
        const FieldLines field = find(header);
        if (field.count == 0 && n == 0) return;
        constexpr std::size_t most_lines = 20;
        HeaderExplanation& part = out_.headers.emplace_back(HeaderExplanation{
            std::string(header.view()), std::string(option), n, std::string(replaced_by)});
        part.hidden = field.count > most_lines ? field.count - most_lines : 0;
        std::size_t passed = 0;
        for (auto&& [name, value] : headers_) {
            if (!header.matches(std::string_view(name))) continue;
            const bool erased = is_erased_(header.view());
            if (passed++ < part.hidden) continue;
            part.lines.push_back(
                {escaped(std::string_view(name)), escaped(std::string_view(value)), erased});
        }
        if (!replaced_by.empty()) return;
        part.values = proxyfix::value_rows(reader_, field, n, trust_, *said.begin(), outsider_);
        std::string given;
        for (const Said& what : said) {
            const Outcome outcome = n == 0 ? Reason::not_configured : what.outcome;
            std::string change =
                n != 0 && what.what == "client" && !outsider_.empty()
                    ? "If " + outsider_ + " is a proxy of yours, add it to proxies."
                    : advice(outcome, option, n, part.values.values);
            part.verdicts.push_back({what, change == given ? "" : change});
            given = std::move(change);
        }
    }

    const Trust& trust_;
    decltype(Adapter<R>::headers(std::declval<const R&>())) headers_;
    FieldReader<Headers, Adapter<R>::lines_in_order> reader_;
    Stripping is_erased_;
    std::string outsider_;  // the client's address, if a walk ended early since it is no proxy's
    Explanation out_;
};

/// Each field line of a request as it was received, which value was written by whom, which was
/// chosen, what was refused and why, and what to change if it looks wrong. Decides as `resolve`
/// does, but reads everything.
template <Readable R>
[[nodiscard]] Explanation explanation_of(const R& request, const Trust& trust) {
    return Explainer<R>(request, trust, proxyfix::resolve(request, trust)).result();
}

}  // namespace proxyfix
