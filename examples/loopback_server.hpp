// SPDX-License-Identifier: MIT
/// \file
/// A small HTTP/1.1 server on POSIX sockets: loopback only, a thread a connection, one request a
/// connection. Survives bad, oversized and slow requests.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>
#include <semaphore>
#include <string>
#include <string_view>
#include <thread>

#include "request_head.hpp"

using Clock = std::chrono::steady_clock;

/// A file descriptor that closes itself.
class Socket {
  public:
    explicit Socket(int descriptor) : fd(descriptor) {}
    ~Socket() {
        if (fd >= 0) close(fd);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    const int fd;
};

/// Receives up to `size` bytes; 0 at the end of the stream, at the deadline, or if it broke.
inline std::size_t receive(int fd, char* buffer, std::size_t size, Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
    if (left <= 0 || poll(&ready, 1, static_cast<int>(left)) != 1) return 0;
    return static_cast<std::size_t>(std::max<ssize_t>(recv(fd, buffer, size, 0), 0));
}

inline void respond(int fd, std::string_view status, std::string_view body) {
    std::string text("HTTP/1.1 ");
    text.append(status).append("\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ");
    text.append(std::to_string(body.size())).append("\r\nConnection: close\r\n\r\n").append(body);
    // The response fits into the socket's buffer. A client that does not take it gets no more.
    static_cast<void>(send(fd, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
}

/// Reads one request head into an `Environ` that has the connection's members, and answers it.
void serve_one(int fd, proxyfix::Environ env, const auto& app, std::chrono::milliseconds timeout) {
    constexpr std::size_t max_head = 16'384, max_drained = 1'048'576;
    const Clock::time_point deadline = Clock::now() + timeout;
    std::string head;
    char buffer[4096];
    std::size_t end = std::string::npos, size = 1;
    while (end == std::string::npos && head.size() <= max_head && size > 0) {
        size = receive(fd, buffer, sizeof buffer, deadline);
        head.append(buffer, size);
        end = std::min(head.find("\r\n\r\n"), head.find("\n\n"));
    }
    if (end > max_head && head.size() > max_head) {
        respond(fd, "431 Request Header Fields Too Large",
                "the head of the request is too large\n");
    } else if (end == std::string::npos) {
        respond(fd, "408 Request Timeout", "no complete request arrived in time\n");
    } else {
        const auto fault = read_request_head(std::string_view(head).substr(0, end + 4), env);
        // A proxy relays all that follows a 2xx to CONNECT as it is, forged headers and all.
        if (head.starts_with("CONNECT ")) {
            respond(fd, "405 Method Not Allowed", "CONNECT is not served here\n");
        } else if (!fault.empty()) {
            respond(fd, "400 Bad Request", std::string(fault) + '\n');
        } else {
            respond(fd, "200 OK", app(env));
        }
    }
    // Read what the client still sends: closing at once could destroy the response on its way.
    shutdown(fd, SHUT_WR);
    for (std::size_t drained = 0; size > 0 && drained < max_drained; drained += size) {
        size = receive(fd, buffer, sizeof buffer, deadline);
    }
}

/// Serves `app`, a callable from `Environ&` to `std::string`, on 127.0.0.1 and `port` (0: any free
/// one). Prints the URL. Returns only if it cannot listen.
int serve_loopback(std::uint16_t port, const auto& app, std::chrono::milliseconds timeout) {
    const Socket listener(socket(AF_INET, SOCK_STREAM, 0));
    const int yes = 1;
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    socklen_t size = sizeof address;
    if (listener.fd < 0 || bind(listener.fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        listen(listener.fd, SOMAXCONN) != 0 ||
        getsockname(listener.fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        std::perror("cannot listen on 127.0.0.1");
        return 1;
    }
    const std::uint16_t server_port = ntohs(address.sin_port);
    std::cout << "http://127.0.0.1:" << server_port << "/\n" << std::flush;

    constexpr std::size_t max_connections = 64;
    static std::counting_semaphore<> free_threads(max_connections);
    std::deque<std::weak_ptr<Socket>> connections;  // the oldest first
    for (;;) {
        size = sizeof address;
        const auto client = std::make_shared<Socket>(
            accept(listener.fd, reinterpret_cast<sockaddr*>(&address), &size));
        std::erase_if(connections, [](const auto& one) { return one.expired(); });
        connections.push_back(client);
        if (connections.size() > max_connections) {
            // Silent clients hold up nobody: what the oldest has yet to send is not waited for.
            if (const auto oldest = connections.front().lock()) shutdown(oldest->fd, SHUT_RD);
            connections.pop_front();
        }
        free_threads.acquire();
        const auto run = [client, &app, timeout, server_port, address] {
            try {
                char text[INET_ADDRSTRLEN] = "";
                inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
                serve_one(client->fd,
                          {.remote_addr = text,
                           .remote_port = ntohs(address.sin_port),
                           .server_name = "127.0.0.1",
                           .server_port = server_port},
                          app, timeout);
            } catch (const std::exception& error) {
                std::cerr << error.what() << '\n';
            }
            free_threads.release();
        };
        try {
            std::thread(run).detach();
        } catch (const std::system_error& error) {
            std::cerr << error.what() << '\n';
            free_threads.release();
        }
    }
}
