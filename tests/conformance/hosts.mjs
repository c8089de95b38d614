// SPDX-License-Identifier: MIT
// Answers each line of standard input: host and port of http://LINE/ as WHATWG URL has them, the
// port 0 if it is the default one; an empty line if that is no URL with this authority.
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer = '';
  try {
    const url = new URL(`http://${line}/`);
    answer = `${url.hostname}\x1f${url.port || 0}\x1f${url.username || url.pathname !== '/' ? 'more' : ''}`;
  } catch {
    answer = '';
  }
  console.log(answer);
}
