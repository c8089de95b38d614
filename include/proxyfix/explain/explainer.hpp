// SPDX-License-Identifier: MIT
/// \file
/// `Explainer`: explains a decision, part by part.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxyfix/base/result.hpp"
#include "proxyfix/base/text.hpp"
#include "proxyfix/decision/policy.hpp"
#include "proxyfix/decision/received.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/strip.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/explain/advice.hpp"
#include "proxyfix/explain/explanation.hpp"
#include "proxyfix/explain/fault.hpp"
#include "proxyfix/explain/other_carriers.hpp"
#include "proxyfix/http/field_name.hpp"
#include "proxyfix/http/forwarded.hpp"
#include "proxyfix/http/list.hpp"
#include "proxyfix/request/environ.hpp"

namespace proxyfix::inline v0::detail {

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
          table_(policy.table()),
          received_(received),
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
        const unsigned hops = table_.fields[Field::client].count;
        const bool ended_early = r.client && !table_.is_single && r.client_position() < hops;
        if (ended_early && !trust_.proxies.contains(r.client->address)) {
            outsider_ = to_string(r.client->address);
        }
        if (table_.is_single) add(trust_.client_header, "client_header", {Field::client});
        add(forwarded_name, "forwarded", {Field::client, Field::proto, Field::host});
        for (std::size_t field = 0; field < Field::count; ++field) {
            const ForwardingHeader& header = forwarding_headers[field];
            const FieldName& name = trust_.names.*header.name;
            if (table_.is_forwarded && field <= Field::host) {
                add_replaced(name, header.option, forwarded_name);
            } else if (table_.is_single && field == Field::client) {
                add_replaced(name, header.option, trust_.client_header);
            } else {
                add(name, header.option, {field});
                if (!is_configured(header.usual_name)) {
                    add_replaced(header.usual_name, header.option, name);
                }
            }
        }
    }

    /// The explanation, moved out.
    [[nodiscard]] Explanation result() && { return std::move(out_); }

  private:
    /// The lines of a header, if there are any or it has a count.
    HeaderExplanation* add_lines(const FieldName& name, std::string_view option, unsigned n,
                                 std::vector<const Header*>& found) {
        for (const Header& line : lines_) {
            if (name.matches(line.name)) found.push_back(&line);
        }
        if (found.empty() && n == 0) return nullptr;
        constexpr std::size_t most_lines = 20;
        HeaderExplanation& part = out_.headers.emplace_back(
            HeaderExplanation{std::string(name.view()), std::string(option), n});
        part.hidden = found.size() > most_lines ? found.size() - most_lines : 0;
        for (std::size_t i = 0; i < found.size(); ++i) {
            const bool erased = is_erased_(found[i]->name);
            if (i < part.hidden) continue;
            part.lines.push_back({escaped(found[i]->name), escaped(found[i]->value), erased});
        }
        return &part;
    }

    /// Is this the name of a forwarding header, as configured?
    [[nodiscard]] bool is_configured(const FieldName& name) const {
        for (const ForwardingHeader& header : forwarding_headers) {
            if (trust_.names.*header.name == name) return true;
        }
        return false;
    }

    /// A header that is ignored, since another one is read instead.
    void add_replaced(const FieldName& name, std::string_view option, const FieldName& by) {
        std::vector<const Header*> found;
        HeaderExplanation* const part = add_lines(name, option, 0, found);
        if (part != nullptr) part->replaced_by = by.view();
    }

    /// A header: its lines, its values with their writers, what was decided by it, and what to
    /// change.
    void add(const FieldName& name, std::string_view option,
             std::initializer_list<std::size_t> fields) {
        const bool forwarded = option == "forwarded", single = option == "client_header";
        std::vector<std::size_t> read;  // those of the fields that have a count
        unsigned highest = 0;
        for (const std::size_t field : fields) {
            const unsigned count = table_.fields[field].count;
            if (count == 0 || (forwarded && !table_.is_forwarded)) continue;
            read.push_back(field);
            highest = count > highest ? count : highest;
        }
        const bool is_read = !read.empty();
        if (!is_read) read = fields;
        const unsigned n = is_read ? table_.fields[read[0]].count : 0;
        std::vector<const Header*> found;
        HeaderExplanation* const part = add_lines(name, option, n, found);
        if (part == nullptr) return;
        part->counts = single ? "client_header" : forwarded ? "forwarded = no" : "";
        const bool has_elements = forwarded && table_.is_forwarded;
        if (has_elements) part->counts = "forwarded = yes";
        for (const std::size_t field : read) {
            if (single || (forwarded && !is_read)) continue;
            part->counts += part->counts.empty() ? "" : ", ";
            part->counts.append(forwarding_headers[field].option).append(" = ");
            part->counts += count_text(table_.fields[field].count);
        }
        const std::vector<std::string_view> values = single ? last_of(found) : split(found);
        const std::size_t number = single ? found.size() : values.size();
        part->values.values = found.size();
        if (is_read && !found.empty()) part->values = rows_of(values, number, option, read[0]);
        std::string given;  // each advice once
        for (const std::size_t field : read) {
            const FieldDecision& decision = out_.decision[field];
            const unsigned count = table_.fields[field].count;
            const Outcome outcome = is_read ? decision.outcome : Reason::not_configured;
            const auto own_option = has_elements ? forwarding_headers[field].option : option;
            // What is left of the outermost field is the client's, which is said once.
            const std::size_t seen = outcome && count < highest ? count : number;
            if (outcome && count == highest) highest = all_hops;
            std::string change = advice(outcome, own_option, count, seen);
            if (is_read && field == Field::client && !outsider_.empty()) {
                change = "If " + outsider_ + " is one of your proxies, add it to proxies.";
            }
            if (outcome == Reason::absent && found.empty()) {
                const std::string others = hints(lines_, field, trust_);
                change += !others.empty() ? others
                          : single        ? " If none of them sets it, leave client_header out."
                                   : " If none of them sets it, set " + std::string(own_option) +
                                         " to 0.";
            }
            part->verdicts.push_back({{decision.field, outcome, outcome ? decision.value : ""},
                                      is_read ? fault_of(field) : "",
                                      given.find(change) == given.npos ? change : ""});
            given += change + '\n';
        }
    }

    /// The last line as the only value, without the blanks around it.
    static std::vector<std::string_view> last_of(const std::vector<const Header*>& lines) {
        if (lines.empty()) return {};
        return {trim(lines.back()->value)};
    }

    /// The values of a header from the right to the left, without the blanks around them.
    static std::vector<std::string_view> split(const std::vector<const Header*>& lines) {
        std::vector<std::string_view> values;
        for (std::size_t i = lines.size(); i-- > 0;) {
            Lines line;
            line.count = 0;
            line.add(lines[i]->value);
            ValuesFromRight from_right(line, std::string_view::npos);
            for (auto value = from_right.nth(1); value; value = from_right.nth(1)) {
                values.push_back(*value);
            }
        }
        return values;
    }

    /// Which part of the value that a field was read from is malformed, and what is wrong with it.
    [[nodiscard]] std::string fault_of(std::size_t field) const {
        if (out_.decision[field].outcome != Reason::malformed) return "";
        const auto& [header, count] = table_.fields[field];
        const Lines& lines = received_.headers[header];
        const std::size_t widest = table_.widest_values[header];
        const bool single = table_.is_single && field == Field::client;
        if (single && lines.count > 1) return "the header is on more than one line";
        Result<std::string_view> value = lines.from_last(1);
        if (!single) value = ValuesFromRight(lines, widest).nth(resolution_.stops[field].position);
        if (!value || value->size() > widest) {
            return "more than " + std::to_string(widest) + " bytes";
        }
        return fault_of_value(field, trim(*value), table_.is_forwarded,
                              single && trust_.client_has_port);
    }

    /// The rows of a header by which the field was decided about.
    [[nodiscard]] ValueRows rows_of(const std::vector<std::string_view>& values, std::size_t number,
                                    std::string_view option, std::size_t field) const {
        ValueRows found{.values = number};
        const Outcome outcome = out_.decision[field].outcome;
        if (outcome == Reason::unreliable_lines) return found;
        const unsigned n = table_.fields[field].count;
        const std::string fault = fault_of(field);
        // Where nothing was read, n is where it would have been.
        const std::size_t read = resolution_.stops[field].position, stop = read == 0 ? n : read;
        const bool names_client = field == Field::client, forwarded = option == "forwarded";
        const std::string trusted = !names_client   ? ""
                                    : out_.any_peer ? "assumed to be one of your proxies"
                                                    : "one of the proxies";
        std::size_t leftmost = stop;  // that is read
        if (forwarded) {
            for (const std::size_t other : {Field::proto, Field::host}) {
                const std::size_t position = resolution_.stops[other].position;
                leftmost = position > leftmost ? position : leftmost;
            }
        }
        const bool reached = outcome != Reason::hop_not_trusted;
        std::string writer = names_client ? "the peer" : "a proxy of yours";
        for (std::size_t position = 1; position <= values.size(); ++position) {
            const std::string_view value = values[position - 1];
            std::string text = escaped(value);
            std::string named = !names_client ? writer : forwarded ? named_by(value) : text;
            if (named.empty()) named = no_address;
            const bool shown = position <= 8 || (position + 2 >= stop && position <= stop + 2);
            if (shown) {
                ValueRow row{position, std::move(text), Standing::not_trusted, "", "not trusted"};
                if (out_.peer_is_trusted && position > leftmost) {
                    row.standing = Standing::ignored;
                    row.remark = "ignored: anybody may have written it";
                } else if (out_.peer_is_trusted && position > stop) {
                    row.standing = Standing::passed;
                    row.writer = writer;
                    row.remark = trusted;
                } else if (out_.peer_is_trusted && (reached || position == stop)) {
                    const bool chosen = position == stop && outcome;
                    row.standing = position < stop ? Standing::passed
                                   : chosen        ? Standing::chosen
                                                   : Standing::rejected;
                    if (reached) row.writer = writer;
                    row.remark =
                        position < stop ? trusted
                        : !chosen
                            ? std::string(to_string(outcome)) + (fault.empty() ? "" : ": " + fault)
                        : names_client && !outsider_.empty() ? "chosen, not one of the proxies"
                                                             : "chosen";
                }
                if (forwarded && position != stop) row.remark += read_here(position);
                found.rows.push_back(std::move(row));
            }
            writer = std::move(named);
        }
        return found;
    }

    /// Which other fields are read from an element of Forwarded that is not the client's.
    [[nodiscard]] std::string read_here(std::size_t position) const {
        std::string text;
        for (const std::size_t field : {Field::proto, Field::host}) {
            const Stop& stop = resolution_.stops[field];
            if (stop.position != position) continue;
            if (!out_.decision[field].outcome) continue;
            text.append("; the ").append(out_.decision[field].field).append(" is read here");
        }
        return text;
    }

    const Trust& trust_;
    const Table& table_;
    const Received& received_;
    const Resolution& resolution_;
    const std::vector<Header>& lines_;
    Stripping is_erased_;
    std::string outsider_;  // the client's address, if a walk ended early since it is no proxy's
    Explanation out_;
};

}  // namespace proxyfix::inline v0::detail
