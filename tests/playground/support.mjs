// SPDX-License-Identifier: MIT
// What the tests of the page share.
import {execFile, spawnSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import vm from 'node:vm';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const folder = path.join(root, 'docs/playground');
export const work = fs.mkdtempSync(path.join(os.tmpdir(), 'playground-'));
process.on('exit', () => fs.rmSync(work, {recursive: true, force: true}));

// Something that the test needs is not there: that is a failure in CI, and elsewhere skips the test.
export function missing(what) {
  console.log(`skipped: ${what} is missing`);
  process.exit(process.env.CI ? 1 : 77);
}

export function need(...programs) {
  for (const program of programs)
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) missing(program);
}

export function run(program, args, input) {
  const {status, stdout, stderr, error} = spawnSync(program, args, {input, encoding: 'utf8', maxBuffer: 1 << 28});
  if (error && error.code !== 'EPIPE') throw error;  // a program may end without reading its input
  return {status, stdout, stderr};
}

// The same for what takes long: other tests go on meanwhile.
export function runBeside(program, args) {
  return new Promise((resolve) => {
    execFile(program, args, {encoding: 'utf8', maxBuffer: 1 << 28}, (error, stdout, stderr) => resolve({status: error ? error.code : 0, stdout, stderr}));
  });
}

export function demand(condition, message) {
  if (!condition) throw new Error(message);
}

export function demandSame(found, wanted, about) {
  const [is, should] = [found, wanted].map((value) => JSON.stringify(value, null, 1));
  demand(is === should, `${about}\nis:     ${is}\nshould: ${should}`);
}

// The cases that the program `cases` prints.
export function readCases(program) {
  const cases = run(program, []).stdout.trim().split('\n').map((line) => JSON.parse(line));
  const count = (kind) => cases.filter((one) => one.kind === kind).length;
  demand(count('capture') >= 19 && count('attack') >= 152 && count('more') >= 40, 'cases are missing');
  return cases;
}

// The function that the page calls, of these classic scripts.
export function loadScripts(expression, ...files) {
  const source = files.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
  return vm.runInThisContext(`(() => { ${source}\nreturn ${expression}; })()`);
}
