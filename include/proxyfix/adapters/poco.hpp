// SPDX-License-Identifier: MIT
/// \file
/// POCO Net: `EnvironOf<Poco::Net::HTTPServerRequest&>`.
#pragma once

#ifndef Net_HTTPServerRequest_INCLUDED
#include <Poco/Net/HTTPServerRequest.h>
#endif

#include <cstdint>
#include <string>

#include "proxyfix/proxyfix.hpp"

/// A POCO request cannot be given another client address: the `Environ` beside it has it.
template <> struct proxyfix::Adapter<Poco::Net::HTTPServerRequest> {
    /// What `Adapter` and `FillsEnviron` ask for, and its parts: see there. \{
    using Request = Poco::Net::HTTPServerRequest;
    using Lines = Poco::Net::NameValueCollection;

    static constexpr bool lines_in_order = true;

    static const Lines& headers(const Request& request) noexcept { return request; }

    static void fill(Environ& env, const Request& request) {
        put(request.clientAddress(), env.remote_addr, env.remote_port);
        put(request.serverAddress(), env.server_name, env.server_port);
        if (request.secure()) env.url_scheme = "https";
        env.http_host = request.get("Host", "");
        set_target(env, request.getURI());
        env.request_method = request.getMethod();
    }

    /// POCO erases all lines of a name or none, so those that stay move into another collection.
    template <class IsErased> static void erase(Request& request, IsErased& is_erased) {
        Lines kept;
        for (const auto& [name, value] : request) {
            if (!is_erased(name)) kept.add(name, value);
        }
        static_cast<Lines&>(request).swap(kept);
    }
    /// \}

  private:
    static void put(const Poco::Net::SocketAddress& from, std::string& host, std::uint16_t& port) {
        host = "unix:";
        using Poco::Net::AddressFamily;
        if (from.family() != AddressFamily::IPv4 && from.family() != AddressFamily::IPv6) return;
        host = from.host().toString();
        port = from.port();
    }
};
