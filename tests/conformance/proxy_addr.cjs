// SPDX-License-Identifier: MIT
// Answers each line of standard input, a peer and the values of X-Forwarded-For joined: the address
// by three counts, and by networks, of the npm package proxy-addr.
const proxyAddr = require('proxy-addr');
const { createInterface } = require('node:readline');

const networks = proxyAddr.compile(['127.0.0.0/8', '10.0.0.0/8', 'fd00::/8']);
createInterface({ input: process.stdin, crlfDelay: Infinity }).on('line', (line) => {
  const [peer, list] = line.split('\x1f');
  const request = { connection: { remoteAddress: peer }, headers: { 'x-forwarded-for': list } };
  const byCount = [1, 2, 3].map((n) => proxyAddr(request, (_, i) => i < n));
  let byNetwork;
  try {
    byNetwork = proxyAddr(request, networks);
  } catch (error) {
    byNetwork = error.message;
  }
  console.log([...byCount, byNetwork].join('\x1f'));
});
