// SPDX-License-Identifier: MIT
// Requests to try. A `capture` is one that real proxies sent, as tests/captures.hpp has it. What a
// field does not say is 0, no, or empty.
'use strict';

const examples = [
  {
    group: 'Real proxies', title: 'HAProxy, then nginx',
    capture: 'F. haproxy, then nginx, which rewrites all but For',
    fields: {peer: '127.0.0.3', 'x-for': '2', 'x-proto': '1', 'x-host': '1', 'x-port': '1'},
    head: [
      'Host: shop.example',
      'X-Forwarded-For: 6.6.6.6, 7.7.7.7, 127.0.0.9, 127.0.0.2',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: shop.example',
      'X-Forwarded-Port: 39201',
    ],
  },
  {
    group: 'Real proxies', title: 'HAProxy, then nginx, known by their addresses',
    capture: 'F, by the addresses of both proxies',
    fields: {peer: '127.0.0.3', 'x-for': 'all', 'x-proto': '1', 'x-host': '1', 'x-port': '1', proxies: '127.0.0.2/31'},
    head: [
      'Host: shop.example',
      'X-Forwarded-For: 6.6.6.6, 7.7.7.7, 127.0.0.9, 127.0.0.2',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: shop.example',
      'X-Forwarded-Port: 39201',
    ],
  },
  {
    group: 'Real proxies', title: 'HAProxy adds a second line',
    capture: 'B. haproxy adds a second line',
    fields: {peer: '127.0.0.2', 'x-for': '1', 'x-proto': '1', 'x-host': '1', 'x-port': '1'},
    head: [
      'host: shop.example',
      'x-forwarded-for: 6.6.6.6',
      'x-forwarded-proto: http',
      'x-forwarded-host: shop.example',
      'x-forwarded-port: 39203',
      'x-forwarded-for: 127.0.0.9',
    ],
  },
  {
    group: 'Real proxies', title: 'nginx, then HAProxy: values on two lines',
    capture: 'G. nginx, then haproxy: the trusted values stand on two lines',
    fields: {peer: '127.0.0.2', 'x-for': '2', 'x-proto': '1', 'x-host': '1', 'x-port': '1'},
    head: [
      'host: shop.example',
      'x-forwarded-for: 6.6.6.6, 127.0.0.9',
      'x-forwarded-proto: http',
      'x-forwarded-host: shop.example',
      'x-forwarded-port: 39203',
      'x-forwarded-for: 127.0.0.3',
    ],
  },
  {
    group: 'Real proxies', title: 'nginx alone',
    capture: 'D. nginx',
    fields: {peer: '127.0.0.3', 'x-for': '1', 'x-proto': '1', 'x-host': '1', 'x-port': '1'},
    head: [
      'Host: shop.example',
      'X-Forwarded-For: 6.6.6.6, 127.0.0.9',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: shop.example',
      'X-Forwarded-Port: 39201',
    ],
  },
  {
    group: 'Real proxies', title: 'Two HAProxies: the client bypassed one of them',
    capture: 'H, by the addresses of both proxies: the client came past one of them',
    fields: {peer: '127.0.0.2', 'x-for': '2', proxies: '127.0.0.2, 127.0.0.4'},
    head: [
      'x-forwarded-for: 6.6.6.6',
      'x-forwarded-for: 127.0.0.9',
    ],
  },
  {
    group: 'Real proxies', title: 'Apache httpd never sets Proto',
    capture: 'I. apache never sets Proto, and appends Host',
    fields: {peer: '127.0.0.1', 'x-for': '1', 'x-host': '1'},
    head: [
      'Host: 127.0.0.1:39000',
      'X-Forwarded-For: 6.6.6.6, 127.0.0.1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: evil, 127.0.0.1:39121',
      'X-Forwarded-Server: localhost',
    ],
  },
  {
    group: 'Real proxies', title: 'Caddy passes on Port and Prefix of the client',
    capture: 'J. caddy overwrites For, Host and Proto, and passes the client\'s Port and Prefix',
    fields: {peer: '127.0.0.1', 'x-for': '1', 'x-proto': '1', 'x-host': '1'},
    head: [
      'Host: 127.0.0.1:39111',
      'X-Forwarded-For: 127.0.0.1',
      'X-Forwarded-Host: 127.0.0.1:39111',
      'X-Forwarded-Port: 1',
      'X-Forwarded-Prefix: /e',
      'X-Forwarded-Proto: http',
    ],
  },
  {
    group: 'Real proxies', title: 'nginx, and a client with IPv6',
    capture: 'K. IPv6 through nginx',
    fields: {peer: '127.0.0.3', 'x-for': '1', 'x-host': '1'},
    head: [
      'X-Forwarded-For: ::1',
      'X-Forwarded-Host: [::1]:39101',
    ],
  },
  {
    group: 'Real proxies', title: 'nginx, counted too far',
    capture: 'L, counted too far: the empty value is no address',
    fields: {peer: '127.0.0.3', 'x-for': '2'},
    head: [
      'X-Forwarded-For: , 127.0.0.1',
    ],
  },
  {
    group: 'Real proxies', title: 'HAProxy, by Forwarded',
    capture: 'N. Forwarded by haproxy',
    fields: {peer: '127.0.0.2', 'x-for': '1', 'x-proto': '1', 'x-host': '1', forwarded: 'yes'},
    head: [
      'forwarded: for=127.0.0.9;proto=http;host="shop.example"',
    ],
  },
  {
    group: 'Other senders', title: 'A CDN before an API gateway, by Forwarded',
    fields: {peer: '10.0.0.2', 'x-for': '2', 'x-proto': '1', 'x-host': '1', forwarded: 'yes'},
    head: [
      'Host: app.internal',
      'Forwarded: for=203.0.113.7, for=192.0.2.139;host=api.example;proto=https',
    ],
  },
  {
    group: 'Other senders', title: 'X-Forwarded-Ssl: on',
    fields: {peer: '10.0.0.2', 'x-for': '1', 'x-proto': '1', 'names.x-proto': 'X-Forwarded-Ssl'},
    head: [
      'Host: shop.example',
      'X-Forwarded-For: 203.0.113.7',
      'X-Forwarded-Ssl: on',
    ],
  },
  {
    group: 'Other senders', title: 'CloudFront-Viewer-Address: an address and a port',
    fields: {peer: '10.0.0.2', 'client-header': 'CloudFront-Viewer-Address', 'client-has-port': 'yes'},
    head: [
      'Host: shop.example',
      'CloudFront-Viewer-Address: 2001:db8:f:abcd::9:9985',
    ],
  },
  {
    group: 'Other senders', title: 'The header that is asked for is not there',
    fields: {peer: '10.0.0.2', 'x-for': '1', 'x-proto': '1'},
    head: [
      'Host: shop.example',
      'X-Real-IP: 203.0.113.7',
      'X-Scheme: https',
    ],
  },
  {
    group: 'Attacks', title: 'The client opens a quote',
    fields: {peer: '10.0.0.2', 'x-for': '1'},
    head: [
      'X-Forwarded-For: 1.1.1.1, "6.6.6.6, 203.0.113.7',
    ],
  },
  {
    group: 'Attacks', title: 'A script for a host and a prefix',
    fields: {peer: '10.0.0.2', 'x-for': '1', 'x-host': '1', 'x-prefix': '1'},
    head: [
      'Host: app.internal',
      'X-Forwarded-For: 203.0.113.7',
      'X-Forwarded-Host: shop.example"><script>alert(1)</script>',
      'X-Forwarded-Prefix: //evil.example',
    ],
  },
  {
    group: 'Attacks', title: 'A host that is not ours',
    fields: {peer: '10.0.0.2', 'x-for': '1', 'x-host': '1', 'allowed-hosts': 'shop.example, *.shop.example'},
    head: [
      'Host: app.internal',
      'X-Forwarded-For: 203.0.113.7',
      'X-Forwarded-Host: evil.example',
    ],
  },
  {
    group: 'Attacks', title: 'The client bypassed all proxies',
    fields: {peer: '198.51.100.9', 'x-for': '1', 'x-proto': '1', proxies: '10.0.0.0/24'},
    head: [
      'Host: shop.example',
      'X-Forwarded-For: 6.6.6.6',
      'X-Forwarded-Proto: https',
    ],
  },
  {
    group: 'Attacks', title: 'A forged element of Forwarded',
    fields: {peer: '10.0.0.2', 'x-for': '1', 'x-proto': '1', forwarded: 'yes'},
    head: [
      'Forwarded: for=6.6.6.6;proto=https, for="',
    ],
  },
];
