// SPDX-License-Identifier: MIT
/// \file
/// `Environ`: a plain request environment, like that of CGI and WSGI.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxyfix/base/attributes.hpp"
#include "proxyfix/base/byte_set.hpp"
#include "proxyfix/base/result.hpp"
#include "proxyfix/decision/resolution.hpp"
#include "proxyfix/http/scheme.hpp"
#include "proxyfix/net/address.hpp"
#include "proxyfix/net/endpoint.hpp"
#include "proxyfix/net/host.hpp"
#include "proxyfix/request/adapter.hpp"

namespace proxyfix::inline v0 {

/// One header line, without the line end (RFC 9110, 5).
struct Header {
    std::string name{},  ///< In any letter case.
        value{};         ///< With the blanks around it, or without.
};

/// What `ProxyFix` did to an `Environ`: what happened to each field, and the values it replaced.
/// Text that was rejected is not here.
struct ProxyRecord {
    Result<Endpoint> client = Reason::not_configured;  ///< X-Forwarded-For, or what replaces it
    Outcome proto = Reason::not_configured;            ///< X-Forwarded-Proto
    Outcome host = Reason::not_configured;             ///< X-Forwarded-Host
    Outcome port = Reason::not_configured;             ///< X-Forwarded-Port
    Outcome prefix = Reason::not_configured;           ///< X-Forwarded-Prefix

    /// What the server set, if it was replaced; else empty. `original(env)` has them all. \{
    std::optional<std::string> remote_addr{}, url_scheme{}, http_host{}, server_name{},
        script_name{};
    std::optional<std::uint16_t> remote_port{}, server_port{};
    /// \}

    /// Did an inner `ProxyFix` reject what an outer one had applied? The value of the outer one
    /// stays. Where lines of the header or of the chain of addresses had been erased, values that
    /// are too few and hops that are not trusted do not count.
    bool inner_refused = false;
    /// Of which headers an outer `ProxyFix` erased lines (`Trust::strip`), in the order above.
    std::array<bool, detail::Field::count> erased{};

    /// Was any header present but rejected?
    [[nodiscard]] bool refused() const noexcept {
        return inner_refused ||
               detail::refused(detail::Outcomes{client, proto, host, port, prefix});
    }
    /// Was at least one field applied, every other one not configured, and nothing rejected? A
    /// Forwarded element without a host is not complete. False as long as no `ProxyFix` saw the
    /// request.
    [[nodiscard]] bool complete() const noexcept {
        return !inner_refused &&
               detail::complete(detail::Outcomes{client, proto, host, port, prefix});
    }
};

/// One line for a log: "client applied, proto too_few_values, host not_configured, port
/// not_configured, prefix not_configured". If an inner `ProxyFix` rejected what an outer one had
/// applied, ", inner refused" is behind it.
[[nodiscard]] inline std::string to_string(const ProxyRecord& record) {
    std::string text("client ");
    text.append(to_string(record.client)).append(", proto ").append(to_string(record.proto));
    text.append(", host ").append(to_string(record.host));
    text.append(", port ").append(to_string(record.port));
    text.append(", prefix ").append(to_string(record.prefix));
    return text.append(record.inner_refused ? ", inner refused" : "");
}

/// A request as the application sees it: variables of CGI (RFC 3875, 4.1) and WSGI (PEP 3333). The
/// server fills them in from its connection; `ProxyFix` rewrites the first seven. For one request
/// only: before the next one, assign `env.proxy = {}` as well.
struct Environ {
    std::string remote_addr{};           ///< The client's address; at first, that of the TCP peer.
    std::uint16_t remote_port = 0;       ///< The client's port, 0: unknown.
    std::string url_scheme = "http";     ///< The scheme of the URL, in lower case.
    std::string http_host{};             ///< The Host field, "example.com:8080"; may be empty.
    std::string server_name{};           ///< The host, without a port.
    std::uint16_t server_port = 0;       ///< The port that the client connected to, 0: unknown.
    std::string script_name{};           ///< Where the application is mounted: "" or "/app".
    std::string path_info{};             ///< The rest of the path.
    std::string query_string{};          ///< What follows '?', without it.
    std::string request_method = "GET";  ///< The method: GET, POST, ...
    std::vector<Header> headers{};       ///< All header lines, in order of arrival.
    ProxyRecord proxy{};                 ///< Written by `ProxyFix`.
};

/// The members that `ProxyFix` rewrites, as the server first set them. Views of the `Environ`.
struct Original {
    /// The member of this name in `Environ`, as the server set it. \{
    std::string_view remote_addr;
    std::uint16_t remote_port;
    std::string_view url_scheme, http_host, server_name;
    std::uint16_t server_port;
    std::string_view script_name;
    /// \}
};

/// What the server first saw, through any number of nested `ProxyFix`.
[[nodiscard]] inline Original original(const Environ& env) noexcept {
    const auto first = [](const auto& saved, const auto& now) -> const auto& {
        return saved ? *saved : now;
    };
    const ProxyRecord& was = env.proxy;
    return {first(was.remote_addr, env.remote_addr), first(was.remote_port, env.remote_port),
            first(was.url_scheme, env.url_scheme),   first(was.http_host, env.http_host),
            first(was.server_name, env.server_name), first(was.server_port, env.server_port),
            first(was.script_name, env.script_name)};
}
Original original(const Environ&& env) = delete;  ///< its views would dangle

/// The host that the application is reached by, "example.com" or "example.com:8080": `http_host`,
/// or, if that is empty or malformed, `server_name` (IPv6 in brackets) and `server_port`; without
/// the default port of `url_scheme`. If neither is valid, it is empty. Compare this one with names
/// that you know, by `equals_ignore_case`: proxies write a default port or leave it out.
[[nodiscard]] inline std::string host(const Environ& env) {
    std::string bracketed;
    auto authority = Authority::parse(env.http_host);
    std::uint16_t port = authority ? authority->port : env.server_port;
    if (!authority && Address::parse_v6(env.server_name)) bracketed = '[' + env.server_name + ']';
    if (!authority) authority = Authority::parse(bracketed.empty() ? env.server_name : bracketed);
    const auto scheme = parse_scheme(env.url_scheme);
    if (scheme && port == default_port(*scheme)) port = 0;
    return authority ? to_string(Authority{authority->host, port}) : std::string();
}

/// The URL of the application's root, "https://example.com/prefix/": the scheme, `host(env)` and
/// the path. Without a valid host it is the path alone. Bytes of `script_name` that a path cannot
/// hold are percent-encoded (RFC 3986, 2.1). `url_scheme` is the server's own, and not checked.
[[nodiscard]] inline std::string url_root(const Environ& env) {
    std::string url = proxyfix::host(env);
    if (!url.empty()) url.insert(0, env.url_scheme + "://");
    std::string_view path = env.script_name;
    while (path.starts_with('/')) path.remove_prefix(1);
    while (path.ends_with('/')) path.remove_suffix(1);
    url += '/';
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr std::string_view digits = "0123456789ABCDEF";
        if (detail::prefix_bytes.contains(c) || c == '/') url += c;
        else url.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    if (!path.empty()) url += '/';
    return url;
}

namespace detail {

/// Notes of which headers lines were erased, if what erased them tells.
template <class IsErased> void note_erased(ProxyRecord& record, const IsErased& is_erased) {
    if constexpr (requires { is_erased.erased(); }) {
        for (std::size_t i = 0; i < record.erased.size(); ++i) {
            record.erased[i] = record.erased[i] || is_erased.erased()[i];
        }
    }
}

}  // namespace detail

/// How `ProxyFix` reads and rewrites an `Environ`, or a type derived from it. To replace it for
/// such a type, specialise `Adapter` for that very type.
template <std::derived_from<Environ> R> struct Adapter<R> {
    /// What `Adapter` asks for: see there. \{
    static constexpr bool lines_in_order = true;
    static std::string_view peer(const Environ& env) noexcept { return original(env).remote_addr; }
    static const std::vector<Header>& headers(const Environ& env) noexcept { return env.headers; }
    template <class IsErased> static void erase(Environ& env, IsErased& is_erased) {
        std::erase_if(env.headers,
                      [&is_erased](const Header& line) { return is_erased(line.name); });
        detail::note_erased(env.proxy, is_erased);
    }

    /// All or nothing: what allocates comes first, and the rest does not throw.
    static void apply(Environ& env, const Resolution& r) {
        // X-Forwarded-Port overrides the port of the host, even if an outer ProxyFix applied it.
        const std::uint16_t port = r.port ? *r.port : env.proxy.port ? env.server_port : 0;
        std::uint16_t server_port = port == 0 && r.host ? r.host->port : port;
        Result<Authority> host = r.host;
        if (!host && r.port) host = Authority::parse(env.http_host);
        if (host && port != 0) host = Authority{host->host, port};

        const Endpoint client = r.client ? *r.client : Endpoint{Address(0, 0)};
        std::uint16_t remote_port = client.port;
        std::string remote_addr = r.client ? to_string(client.address) : std::string();
        std::string url_scheme = r.proto ? std::string(to_string(*r.proto)) : std::string();
        std::string http_host = host ? to_string(*host) : std::string();
        std::string server_name = r.host ? std::string(r.host->host) : std::string();
        std::string script_name = r.prefix ? std::string(*r.prefix) : std::string();

        ProxyRecord& was = env.proxy;
        if (r.client) replace(was.remote_addr, env.remote_addr, remote_addr);
        if (r.client) replace(was.remote_port, env.remote_port, remote_port);
        if (r.proto) replace(was.url_scheme, env.url_scheme, url_scheme);
        if (host) replace(was.http_host, env.http_host, http_host);
        if (r.host) replace(was.server_name, env.server_name, server_name);
        if (server_port != 0) replace(was.server_port, env.server_port, server_port);
        if (r.prefix) replace(was.script_name, env.script_name, script_name);
        using detail::Field;
        record(was, Field::client, was.client, r.client);
        record(was, Field::proto, was.proto, r.proto);
        record(was, Field::host, was.host, r.host);
        record(was, Field::port, was.port, r.port);
        record(was, Field::prefix, was.prefix, r.prefix);
    }
    /// \}

  private:
    /// Moves `value` into `field`, and keeps what it replaces unless an outer `ProxyFix` kept an
    /// older one.
    template <class T>
    PROXYFIX_OUTLINE static void replace(std::optional<T>& first, T& field, T& value) noexcept {
        if (!first) first.emplace(std::move(field));
        field = std::move(value);
    }

    /// What an outer `ProxyFix` applied stays applied. What it rejected stays rejected until a
    /// value is applied: the header may be gone, since it was stripped, or not be looked at again.
    template <class Record, class Now>
    static void record(ProxyRecord& was, std::size_t field, Record& earlier,
                       const Now& now) noexcept {
        if (is_news(was, field, earlier, now)) earlier = now;
    }
    /// Does `now` replace what was recorded earlier? If not, notes whether an inner `ProxyFix`
    /// rejected something.
    PROXYFIX_OUTLINE static bool is_news(ProxyRecord& was, std::size_t field,
                                         const Outcome& earlier, const Outcome& now) noexcept {
        if (now) return true;
        if (!earlier) return earlier.error() == Reason::not_configured || detail::refused(now);
        if (!detail::refused(now)) return false;
        // Lines that are gone make values too few or hops unknown, and nothing else.
        const Reason why = now.error();
        const bool may_be_cut = why == Reason::hop_not_trusted || why == Reason::too_few_values;
        const bool is_cut = was.erased[field] || was.erased[detail::Field::client];
        if (!may_be_cut || !is_cut) was.inner_refused = true;
        return false;
    }
};

}  // namespace proxyfix::inline v0
