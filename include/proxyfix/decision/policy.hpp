// SPDX-License-Identifier: MIT
/// \file
/// `Policy`: a `Trust` that does not contradict itself, as a table.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/parsed.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/decision/trust.hpp"
#include "proxyfix/http/field_name.hpp"

namespace proxyfix::inline v0 {

namespace detail {

static_assert(forwarding_headers.size() == Field::count &&
                  forwarding_headers[Field::client].count == &Trust::x_for,
              "One header for each field, in the order of the fields");
static_assert(NameTable::most == Field::count, "A NameTable has room for the header of each field");

/// What a decision looks up of a `Trust`.
///
///     headers                          fields
///     0  X-Forwarded-For       64      client  header 0, count 1
///     1  X-Forwarded-Proto     64      proto   header 1, count 1
///                                      host    count 0: not configured
///
/// With Forwarded, the fields client, proto and host share one header, each with its own count.
struct Table {
    /// A field, and the value that it is read from.
    struct FieldRow {
        std::size_t header{};  ///< The index of the header.
        unsigned count{};      ///< At which position from the right, or `all_hops`; 0: none.
    };

    Trust trust;        ///< What the table was made of.
    NameTable names{};  ///< Of the headers whose lines are looked for.
    std::array<std::size_t, Field::count> widest_values{};  ///< Of each header, in bytes.
    std::array<FieldRow, Field::count> fields{};            ///< In the order of `Resolution`.
    bool trusts_any_peer;                                   ///< Is there no list of proxies?
    bool is_forwarded;             ///< Are three fields read from Forwarded?
    bool is_single;                ///< Is header 0 the `Trust::client_header`?
    bool has_switch;               ///< Is the scheme perhaps `on` or `off`?
    unsigned highest_count = 0;    ///< Of the fields behind the client.
    unsigned highest_element = 0;  ///< Of those of them that are in Forwarded.
    Resolution without_lines{};    ///< What is decided if none of the headers is there.

    /// The table of a trust, which must not contradict itself.
    PROXYFIX_OUTLINE constexpr explicit Table(Trust&& sound_trust) noexcept
        : trust(std::move(sound_trust)),
          trusts_any_peer(trust.proxies.is_any()),
          is_forwarded(trust.forwarded),
          is_single(!trust.client_header.empty()),
          has_switch(trust.names.x_proto != forwarding_headers[Field::proto].usual_name) {
        std::array<Reason, Field::count> reasons{};
        for (std::size_t i = 0; i < Field::count; ++i) {
            const ForwardingHeader& usual = forwarding_headers[i];
            const bool is_single_field = is_single && i == Field::client;
            FieldRow& field = fields[i];
            field.count = is_single_field ? 1 : trust.*usual.count;
            reasons[i] = field.count == 0 ? Reason::not_configured : Reason::absent;
            if (field.count == 0) continue;
            if (i != Field::client && field.count != all_hops && field.count > highest_count) {
                highest_count = field.count;
            }
            // The fields that are in Forwarded come first, and share its row.
            const bool is_element = is_forwarded && usual.is_in_forwarded;
            if (is_element) highest_element = highest_count;
            field.header = is_element ? 0 : names.size();
            if (field.header == names.size()) {
                widest_values[field.header] = is_element ? widest_element : usual.widest_value;
                names.add(is_element        ? forwarded_name
                          : is_single_field ? trust.client_header
                                            : trust.names.*usual.name);
            }
        }
        without_lines = unresolved(reasons);
    }
};

}  // namespace detail

/// A `Trust` that does not contradict itself, prepared for any number of requests. Made once, at
/// start-up: `ProxyFix` holds one and hands it out, and `resolve` takes it.
class Policy {
  public:
    /// Of a trust. If it contradicts itself, throws `std::invalid_argument` with its `fault`, or
    /// where exceptions are switched off prints it and aborts. Converts from a temporary.
    PROXYFIX_OUTLINE constexpr Policy(Trust&& trust) : table_(checked(std::move(trust))) {}
    /// The same, of a copy.
    constexpr explicit Policy(const Trust& trust) : Policy(Trust(trust)) {}

    /// What it was made of.
    [[nodiscard]] constexpr const Trust& trust() const& noexcept { return table_.trust; }
    const Trust& trust() const&& = delete;  ///< Of a temporary, the reference would dangle.

    /// What a decision looks up. Not for users.
    [[nodiscard]] constexpr const detail::Table& table() const& noexcept { return table_; }
    const detail::Table& table() const&& = delete;  ///< Of a temporary, the reference would dangle.

  private:
    static constexpr Trust&& checked(Trust&& trust) {
        if (!fault(trust).empty()) detail::refuse(std::string(fault(trust)));
        return std::move(trust);
    }

    detail::Table table_;
};

}  // namespace proxyfix::inline v0
