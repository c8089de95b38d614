// SPDX-License-Identifier: MIT
/// \file
/// `Explanation`: the decision about a request, with all that led to it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxyfix/base/result.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/strip.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/explain/advice.hpp"
#include "proxyfix/http/forwarded.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/request/environ.hpp"

namespace proxyfix::inline v0 {

/// What happened to a value.
enum class Standing : std::uint8_t {
    passed,       ///< A trusted proxy wrote it; the chosen one is further left.
    chosen,       ///< It was taken.
    rejected,     ///< It was read, and not taken.
    not_trusted,  ///< The peer, or a hop on the way, is not one of the proxies.
    ignored,      ///< It is left of what proxies wrote.
};

/// A value of a header.
struct ValueRow {
    std::size_t position = 0;  ///< 1 is the rightmost.
    std::string text{};        ///< The value, escaped.
    Standing standing{};       ///< What happened to it.
    std::string
        writer{};  ///< "the peer", an address, "a hop without an address"; empty: not known.
    std::string remark{};  ///< What else there is to say: "chosen", "malformed". May be empty.
};

/// The values of a header from the peer outwards, without some of very many, and how many there
/// are; of a header that is not read as a list, how many lines.
struct ValueRows {
    std::vector<ValueRow> rows{};  ///< The values that are shown, with ascending positions.
    std::size_t values = 0;        ///< How many values, or lines, there are.
};

/// A header line as it was received.
struct LineRow {
    std::string name,     ///< Escaped.
        value;            ///< Escaped.
    bool erased = false;  ///< By `Trust::strip`, before the handler is called.
};

/// What was decided about a field by a header.
struct Verdict {
    FieldDecision decision;  ///< The field, and its value or why there is none.
    std::string advice;      ///< What to change if it looks wrong; may be empty.
};

/// A header that is configured, or is there.
struct HeaderExplanation {
    std::string name,                 ///< "X-Forwarded-For".
        option;                       ///< The member of `Trust`: "x_for".
    unsigned n = 0;                   ///< Its value, the count; of `client_header` it is 1.
    std::string replaced_by{};        ///< Another header, if that is read instead.
    std::size_t hidden = 0;           ///< How many lines are above those in `lines`.
    std::vector<LineRow> lines{};     ///< The last 20.
    ValueRows values{};               ///< Who wrote which value.
    std::vector<Verdict> verdicts{};  ///< One, or three of Forwarded.
};

/// What `explain` says, part by part. Text of the request is escaped: printable ASCII.
struct Explanation {
    std::string_view fault;  ///< Of the `Trust`; empty if there is none. Else nothing was decided.
    std::string peer;        ///< Who connected.
    bool any_peer,           ///< Is there no list of proxies?
        peer_is_trusted;     ///< Is the peer one of them, or any?
    std::vector<HeaderExplanation> headers{};  ///< Those that are configured, or are there.
    std::array<FieldDecision, detail::Field::count>
        decision{};        ///< Client, scheme, host, port, prefix.
    bool refused = false;  ///< Was any header present but rejected?
};

namespace detail {

/// Whom a value names that has no address.
inline constexpr std::string_view no_address = "a hop without an address";

/// Whom an element of Forwarded names: its address, or `no_address`.
[[nodiscard]] inline std::string named_by(std::string_view element) {
    const auto parsed = ForwardedElement::parse(element);
    const auto client = parsed.and_then([](const ForwardedElement& e) { return e.client(); });
    return client ? to_string(client->address) : std::string(no_address);
}

/// Explains the decision about one request. It reads the decision, and decides nothing.
class Explainer {
  public:
    /// Of a request, which has these header lines in order of arrival.
    Explainer(const Policy& policy, const Received& received, const Resolution& r,
              const std::vector<Header>& lines)
        : trust_(policy.trust()),
          resolution_(r),
          lines_(lines),
          is_erased_(policy.table(), received, r),
          out_{"",
               escaped(received.peer),
               trust_.proxies.is_any(),
               trust_.proxies.contains_peer(received.peer),
               {},
               decisions_of(r),
               r.refused()} {
        const Table& table = policy.table();
        const unsigned hops = table.fields[Field::client].count;
        const bool ended_early = r.client && !table.is_single && r.client_position() < hops;
        if (ended_early && !trust_.proxies.contains(r.client->address)) {
            outsider_ = to_string(r.client->address);
        }
        if (table.is_single) {
            add(trust_.client_header, "client_header", 1, "", {Field::client});
        }
        const ForwardingHeader& forwarded = forwarding_headers[Field::count];
        add(forwarded.name, forwarded.option, trust_.forwarded, "",
            {Field::client, Field::proto, Field::host});
        for (std::size_t field = 0; field < Field::count; ++field) {
            const auto& [name, option, fault, count, widest] = forwarding_headers[field];
            std::string_view replaced_by;
            if (table.is_forwarded && field <= Field::host) replaced_by = "Forwarded";
            if (table.is_single && field == Field::client) {
                replaced_by = trust_.client_header.view();
            }
            add(name, option, replaced_by.empty() ? trust_.*count : 0, replaced_by, {field});
        }
    }

    /// The explanation, moved out.
    [[nodiscard]] Explanation result() && { return std::move(out_); }

  private:
    /// A header: its lines, its values with their writers, what was decided by it, and what to
    /// change.
    void add(const FieldName& name, std::string_view option, unsigned n,
             std::string_view replaced_by, std::initializer_list<std::size_t> fields) {
        std::vector<const Header*> found;
        for (const Header& line : lines_) {
            if (name.matches(line.name)) found.push_back(&line);
        }
        if (found.empty() && n == 0) return;
        constexpr std::size_t most_lines = 20;
        HeaderExplanation& part = out_.headers.emplace_back(HeaderExplanation{
            std::string(name.view()), std::string(option), n, std::string(replaced_by)});
        part.hidden = found.size() > most_lines ? found.size() - most_lines : 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const bool erased = is_erased_(found[i]->name);
            if (i < part.hidden) continue;
            part.lines.push_back({escaped(found[i]->name), escaped(found[i]->value), erased});
        }
        if (!replaced_by.empty()) return;
        part.values = rows_of(found, option, n, *fields.begin());
        std::string given;
        for (const std::size_t field : fields) {
            const FieldDecision& decision = out_.decision[field];
            const Outcome outcome = n == 0 ? Reason::not_configured : decision.outcome;
            std::string change =
                n != 0 && field == Field::client && !outsider_.empty()
                    ? "If " + outsider_ + " is a proxy of yours, add it to proxies."
                    : advice(outcome, option, n, part.values.values);
            part.verdicts.push_back({{decision.field, outcome, outcome ? decision.value : ""},
                                     change == given ? "" : change});
            given = std::move(change);
        }
    }

    /// The rows of a header with this count, by which the field was decided about.
    [[nodiscard]] ValueRows rows_of(const std::vector<const Header*>& lines,
                                    std::string_view option, unsigned n, std::size_t field) const {
        ValueRows found{.values = lines.size()};
        const Outcome outcome = out_.decision[field].outcome;
        if (n == 0 || lines.empty() || outcome == Reason::unreliable_lines) return found;
        // Where nothing was read, n is where it would have been.
        const std::size_t read = resolution_.stops[field].position, stop = read == 0 ? n : read;
        const bool names_client = field == Field::client, forwarded = option == "forwarded";
        const std::string trusted = !names_client   ? ""
                                    : out_.any_peer ? "taken for a proxy of yours"
                                                    : "one of the proxies";
        const bool reached = outcome != Reason::hop_not_trusted;
        std::string writer = names_client ? "the peer" : "a proxy of yours";
        const auto add_row = [&](std::size_t position, std::string text) {
            ValueRow row{position, std::move(text), Standing::not_trusted, "", "not trusted"};
            if (out_.peer_is_trusted && position > stop) {
                row.standing = Standing::ignored;
                row.remark = "ignored: anybody may have written it";
            } else if (out_.peer_is_trusted && (reached || position == stop)) {
                const bool chosen = position == stop && outcome;
                row.standing = position < stop ? Standing::passed
                               : chosen        ? Standing::chosen
                                               : Standing::rejected;
                if (reached) row.writer = writer;
                row.remark = position < stop                      ? trusted
                             : !chosen                            ? std::string(to_string(outcome))
                             : names_client && !outsider_.empty() ? "chosen, not one of the proxies"
                                                                  : "chosen";
            }
            found.rows.push_back(std::move(row));
        };
        if (option == "client_header") {
            add_row(1, escaped(lines.back()->value));
            return found;  // not a list
        }

        found.values = 0;
        for (std::size_t i = lines.size(); i-- > 0;) {
            Lines line;
            line.count = 0;
            line.add(lines[i]->value);
            ValuesFromRight from_right(line, std::string_view::npos);
            for (auto value = from_right.nth(1); value; value = from_right.nth(1)) {
                const std::size_t position = ++found.values;
                const bool shown = position <= 8 || (position + 2 >= stop && position <= stop + 2);
                std::string text = escaped(*value);
                std::string named = !names_client ? writer : forwarded ? named_by(*value) : text;
                if (named.empty()) named = no_address;
                if (shown) add_row(position, std::move(text));
                writer = std::move(named);
            }
        }
        return found;
    }

    const Trust& trust_;
    const Resolution& resolution_;
    const std::vector<Header>& lines_;
    Stripping is_erased_;
    std::string outsider_;  // the client's address, if a walk ended early since it is no proxy's
    Explanation out_;
};

}  // namespace detail

}  // namespace proxyfix::inline v0
