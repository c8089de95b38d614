// SPDX-License-Identifier: MIT
/// \file
/// `Trust`: how many proxies are believed, per header.
#pragma once

namespace proxyfix {

/// For each header, how many of your own proxies append to it on every request, from the
/// application outwards, up to and including the first one that overwrites it. The value that is
/// believed is the n-th from the right: the outermost of these proxies wrote it. 0: the header is
/// not looked at.
///
/// A count too high believes the client; a count too low gives a proxy's address.
struct Trust {
    unsigned x_for = 1;     ///< X-Forwarded-For: the client's address.
    unsigned x_proto = 1;   ///< X-Forwarded-Proto: the scheme.
    unsigned x_host = 0;    ///< X-Forwarded-Host: the host, perhaps with a port.
    unsigned x_port = 0;    ///< X-Forwarded-Port: the port that the client connected to.
    unsigned x_prefix = 0;  ///< X-Forwarded-Prefix: the path that the application is mounted at.
};

}  // namespace proxyfix
