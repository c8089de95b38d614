// SPDX-License-Identifier: MIT
/// \file
/// Values of forwarding headers to choose from: good ones, and what clients and broken proxies
/// send.
#pragma once

#include <string_view>

inline constexpr std::string_view addresses[] = {
    "10.0.0.9",           "[2001:db8::5]",   "10.0.0.8:80",       "10.0.0.17",
    " 10.0.1.9\t",        "::ffff:10.0.0.9", "fd00::9",           "[fd00::8]:443",
    "203.0.113.7",        "6.6.6.6",         "2001:db8::7",       "[2001:db8::6]:4711",
    "::ffff:10.0.0.9:80", "fe80::9%eth0",    "[fe80::9%en-1]:99", "2001:db8::7:4711"};
inline constexpr std::string_view junk[] = {
    "",
    "junk",
    "010.0.0.5",
    "127.1",
    "unknown",
    "\"",
    "fd00::9%eth0",
    "fe80::9%",
    "on",
    "\\",
    "\"10.0.0.9",
    "10.0.0.9\"",
    "\"\\\"",
    "for=6.6.6.6",
    "11111111111111111111111111111111111111111111111111111111111111111"};
inline constexpr std::string_view elements[] = {
    "for=10.0.0.9",
    "For=10.0.0.8;proto=https",
    "for=\"[fd00::9]:80\";host=inner.example",
    "for=10.0.0.17;proto=http;host=a.example",
    "for=203.0.113.7;proto=https;host=shop.example",
    "proto=wss;for=\"[2001:db8::7]\"",
    "for=\"6.6.6.6:99\";host=\"evil.example:80\"",
    "for=2001:db8::7; proto=https",
    "for=[fd00::9]:80;host=h.example:8443;by=10.0.0.2:1",
    "for=10.0.0.9;proto=http;proto-version=",
    "by=unknown;by=10.0.0.2;for=10.0.0.17;;"};
inline constexpr std::string_view faulty_elements[] = {"",
                                                       "for=unknown;proto=https",
                                                       "for=_x;host=shop.example",
                                                       "proto=https",
                                                       "for=1;proto=ws",
                                                       "\"",
                                                       "by=\"",
                                                       "for=\"6.6.6.6",
                                                       "for=6.6.6.6;for=6.6.6.6",
                                                       "for=10.0.0.9;x=\"\\",
                                                       "for=10.0.0.9 ",
                                                       "for=;proto=https;host=",
                                                       ";",
                                                       "for=6.6.6.6 by=x",
                                                       "evil.example\";proto=https"};
inline constexpr std::string_view schemes[] = {"https",  "http",      "WSS", "ws", "",
                                               "gopher", "\"https\"", "on",  "OFF"};
inline constexpr std::string_view hosts[] = {
    "shop.example",  "a.example:80",
    "evil.example",  "",
    "a b",           "[2001:db8::7]:80",
    "192.0.2.1",     "a-name-that-is-long.and-has.labels.example",
    "shop.example.", "SHOP.example",
    "x.shop.example"};
inline constexpr std::string_view ports[] = {"443", "80", "8443", "", "0", "65536"};
inline constexpr std::string_view prefixes[] = {
    "/", "/a", "/b/c/", "", "//evil", "/a-prefix/that-is-long", "/a\"b", "/<b>"};
inline constexpr std::string_view ids[] = {
    "4bf92f3577b34da6", "a\tb c",         " 7 ", "~", "", "\x7f", "\xc3\xa9",
    ":MIIB+/==:",       "By=a;Hash=\"b\""};
