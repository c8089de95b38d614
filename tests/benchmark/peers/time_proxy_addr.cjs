// SPDX-License-Identifier: MIT
// usage: node time_proxy_addr.cjs CASES SECONDS count|network
// Times the npm package proxy-addr, which is told how many proxies there are, as Express does it, or
// which networks they are in.
const { readFileSync } = require('node:fs');
const proxyAddr = require('proxy-addr');

const VARIANTS = 64; // of a case, unless its requests are long

// As Node's http makes it: names in lower case, lines of one name joined.
function requestOf({ peer, headers }) {
  const request = { headers: {}, socket: { remoteAddress: peer } };
  for (const [spelled, value] of headers) {
    const name = spelled.toLowerCase();
    const before = request.headers[name];
    request.headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return request;
}

let used = 0; // what is found is used, or the compiler would leave it out

function batch(handle, requests) {
  const start = process.hrtime.bigint();
  for (const request of requests) used += handle(request).length;
  return Number(process.hrtime.bigint() - start);
}

// The nanoseconds of a request, in the fastest of each of some small batches.
function time(seconds, requests, whole, empty) {
  const size = requests.length === VARIANTS ? 8 : 1;
  const batches = [];
  for (let i = 0; i < requests.length; i += size) {
    batches.push({ requests: requests.slice(i, i + size), whole: Infinity, empty: Infinity });
  }
  const end = performance.now() + seconds * 1000;
  do {
    for (const least of batches) {
      least.whole = Math.min(least.whole, batch(whole, least.requests));
      least.empty = Math.min(least.empty, batch(empty, least.requests));
    }
  } while (performance.now() < end);
  const mean = (what) => batches.reduce((sum, least) => sum + least[what], 0) / requests.length;
  return { whole: mean('whole'), empty: mean('empty') };
}

function check(name, { client }, found) {
  if (client !== null && found !== client) throw new Error(`${name}: ${found}, not ${client}`);
}

const [path, seconds, how] = process.argv.slice(2);
const cases = readFileSync(path, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
  .filter(({ counts }) => how === 'network' || counts !== null);
for (const result of [() => {}, console.log]) { // the first pass is for the compiler
  for (const { name, counts, networks, requests: asked } of cases) {
    const trust = how === 'count' ? (_, i) => i < counts.x_for : proxyAddr.compile(networks);
    const whole = (request) => proxyAddr(request, trust);
    const empty = (request) => request.socket.remoteAddress;
    const requests = asked.map(requestOf);
    requests.forEach((request, i) => check(name, asked[i], whole(request)));
    result(JSON.stringify({ case: name, ...time(Number(seconds), requests, whole, empty) }));
  }
}
if (used === 0) throw new Error('nothing was found');
