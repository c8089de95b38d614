// SPDX-License-Identifier: MIT
// node wasm.mjs CASES
// The WebAssembly in the repository answers each case as the source does, compiled natively, and so does
// what build.sh makes of the source. By the compiler that made the file in the repository, the same file
// is made.
import fs from 'node:fs';
import path from 'node:path';
import {demandSame, demand, folder, loadScripts, need, readCases, run, work} from './support.mjs';

const cases = readCases(process.argv[2]);

async function compare(file, name) {
  const library = loadScripts('library', file, path.join(folder, 'library.js'));
  for (const {kind, name: title, fields, answer} of cases)
    demandSame(await library.ask(fields), answer, `${name} answers something else (docs/playground/build.sh builds it): ${kind} ${title} ${JSON.stringify(fields)}`);
  console.log(`${name}: ${cases.length} answers are those of the native library`);
}

const committed = path.join(folder, 'proxyfix_wasm.js');
await compare(committed, 'docs/playground/proxyfix_wasm.js');
need('em++');
const rebuilt = path.join(work, 'rebuilt.js');
const {status, stderr} = run('sh', [path.join(folder, 'build.sh'), rebuilt]);
demand(status === 0, stderr);
await compare(rebuilt, 'the rebuilt file');
const [version] = run('em++', ['--version']).stdout.match(/\d+\.\d+\.\d+/);
if (version === '3.1.6') {
  demand(fs.readFileSync(committed).equals(fs.readFileSync(rebuilt)), 'docs/playground/proxyfix_wasm.js is not what docs/playground/build.sh makes of the source: run it');
  console.log('the rebuilt file is the one in the repository');
} else {
  console.log(`em++ is ${version} and not 3.1.6: the bytes are not compared`);
}
