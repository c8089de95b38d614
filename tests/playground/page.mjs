// SPDX-License-Identifier: MIT
// node page.mjs CASES INSPECT COMPILER
// Opens the page from disk in Chromium, offline, and demands that it decides as inspect does, that hostile
// text stays text, that nothing is requested, that it can be used by the keyboard and by a screen reader,
// and that what is to be copied compiles and passes nginx -t.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import {createRequire} from 'node:module';
import net from 'node:net';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {demand, demandSame, folder, loadScripts, missing, need, readCases, root, run, work} from './support.mjs';

const [casesProgram, inspect, compiler] = process.argv.slice(2);
const address = pathToFileURL(path.join(folder, 'index.html')).href;
const cases = readCases(casesProgram);
const fieldNames = Object.keys(cases[0].fields).concat('proxies', 'allowed-hosts', 'client-header', 'strip');

need('chromium', 'npm', 'nginx');
const packages = path.join(work, 'npm');
const installed = run('npm', ['install', '--prefix', packages, '--silent', '--no-audit', '--no-fund', '--no-package-lock',
                              '--ignore-scripts', 'playwright-core@1', 'axe-core@4']);
if (installed.status !== 0) missing('one of the npm packages playwright-core and axe-core');
const require = createRequire(path.join(packages, 'node_modules/'));
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const browser = await require('playwright-core').chromium.launch({
  executablePath: run('sh', ['-c', 'command -v chromium']).stdout.trim(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync'],
});

// A page whose faults are collected: requests of other files, messages of the console, exceptions, dialogs.
const faults = [];
async function open(options = {}, fragment = '') {
  const context = await browser.newContext({offline: true, ...options});
  const page = await context.newPage();
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(pathToFileURL(folder).href)) faults.push(`requests ${url.slice(0, 200)}`);
  });
  page.on('console', (message) => faults.push(`console: ${message.text().slice(0, 500)}`));
  page.on('pageerror', (error) => faults.push(`exception: ${error}`));
  page.on('dialog', (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await page.goto(address + fragment);
  await settled(page);
  return page;
}

const settled = (page) => page.waitForSelector('#results[aria-busy=false]', {state: 'attached', timeout: 20000});

// Sets all fields at once, as by typing. A text area holds lines that end in LF.
async function setFields(page, fields) {
  await page.evaluate(async ({names, values}) => {
    for (const name of names) document.getElementById(name).value = values[name] ?? '';
    if (!document.getElementById('strip').value) document.getElementById('strip').value = 'keep';
    document.getElementById('head').dispatchEvent(new Event('input', {bubbles: true}));
    const results = document.getElementById('results');
    while (results.getAttribute('aria-busy') === 'true') await new Promise((resolve) => setTimeout(resolve, 5));
  }, {names: fieldNames, values: fields});
}

// Types what differs from what is there.
async function typeFields(page, fields) {
  for (const name of fieldNames) {
    const field = page.locator(`#${name}`), text = fields[name] ?? '';
    if (name === 'strip') await field.selectOption(text || 'keep');
    else if (await field.inputValue() !== text) await field.fill(text);
  }
  await settled(page);
}

// What the page shows.
const shown = (page) => page.evaluate(() => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((found) => found.textContent);
  const decision = {};
  for (const cell of document.querySelectorAll('[data-outcome]')) decision[cell.dataset.outcome] = {outcome: cell.textContent};
  for (const box of document.querySelectorAll('#chain [data-what]')) {
    const name = box.dataset.what === 'scheme' ? 'proto' : box.dataset.what;
    if (box.classList.contains('chosen') && decision[name]) decision[name].value = box.querySelector('code').textContent;
  }
  return {
    decision,
    errors: [...document.querySelectorAll('.error')].filter((error) => error.textContent !== '').map(({id, textContent}) => ({id, textContent})),
    results: !document.getElementById('results').hidden,
    status: texts('#status')[0],
    fault: texts('.fault'),
    boxes: [...document.querySelectorAll('#chain .value')].map((box) => [
      box.closest('tr').querySelector('th').firstChild.textContent,
      document.querySelectorAll('#chain .hops b')[box.closest('td').cellIndex - 1].textContent,
      box.querySelector('code').textContent, box.querySelector('.note').textContent]),
    handler: [...document.querySelectorAll('#handler table:first-of-type tbody tr')].map((row) => [...row.children].map((cell) =>
      (cell.querySelector('code')?.textContent ?? cell.textContent).replace(' changed', ''))),
    advice: texts('#advice li'),
    explanation: texts('#explanation')[0],
    cpp: texts('#cpp'),
    nginx: texts('[id^=nginx-]'),
    width: document.documentElement.scrollWidth - innerWidth,
    chainWidth: document.getElementById('chain').scrollWidth - document.getElementById('chain').clientWidth,
  };
});

// What inspect says of the same.
function inspected(fields) {
  const {head, ...options} = fields;
  const flags = Object.entries(options).filter(([, value]) => value !== '').flatMap(([name, value]) => [`--${name}`, value]);
  return run(inspect, ['--json', ...flags], head);
}

function demandAsInspected(page, fields, about) {
  const {status, stdout, stderr} = inspected(fields);
  if (page.errors.length > 0 || page.fault.length > 0) {
    const said = page.errors.length > 0 ? page.errors[0].textContent.slice(2) : page.fault[0].match(/itself: (.*?)\. ProxyFix/)[1];
    demand(status === 2 && stderr.includes(said), `${about}: inspect exits with ${status}: ${stderr}; the page says: ${said}`);
    demand(page.cpp.length === 0 || !page.results, `${about}: something to copy`);
    return;
  }
  demand(status === 0 || status === 1, `${about}: inspect exits with ${status}: ${stderr}`);
  const {client_position, refused, ...decision} = JSON.parse(stdout);
  if (decision.prefix.value === '') decision.prefix.value = '/';
  demandSame(page.decision, decision, about);
  demand(page.status.includes(refused ? 'Something was refused.' : 'Nothing was refused.'), `${about}: ${page.status}`);
  if (client_position > 0) demand(page.status.includes(`The client is ${decision.client.value}.`), `${about}: ${page.status}`);
}

const snippets = [];
function demandAsAnswered(page, {answer, fields}, about) {
  if (answer.errors.length > 0) return;
  const empty = (value) => value === '' ? '(empty)' : value;
  const member = (value) => value === '0' ? '0 (not known)' : empty(value);
  demandSame(page.explanation, answer.explanation, about);
  demandSame(page.handler, answer.handler.map((row) => row.map(member)), about);
  const marks = {chosen: '✓ ', refused: '✗ ', passed: '→ ', not_believed: '? ', not_read: '– '};
  for (const {name, rows} of answer.headers) {
    for (const {position, text, standing, writer, remark} of rows) {
      const words = standing === 'not_read' ? 'not read' : remark || 'of a proxy of yours';
      const wanted = [name, writer === '' ? /^(Client|Peer)$/ : new RegExp(`^Proxy ${position}$`), empty(text), marks[standing] + words];
      demand(page.boxes.some((box) => wanted[1].test(box[1]) && box[0] === wanted[0] && box[2] === wanted[2] && box[3] === wanted[3]),
             `${about}: no box is ${wanted}`);
    }
  }
  for (const {name, verdicts} of answer.headers) {
    for (const {text, advice} of verdicts) {
      demand(page.advice.some((one) => one.startsWith(`${name} `) && one.includes(advice)) || advice === '', `${about}: not advised: ${name} ${advice}`);
      const why = page.advice.some((one) => one.startsWith(`${name} The `) && one.includes(' has to be '));
      demand(text !== 'unchanged: malformed' || why, `${about}: it is not said why ${name} is malformed`);
    }
  }
  demandSame([page.cpp, page.nginx], [answer.cpp ? [answer.cpp] : [], answer.nginx.map(({text}) => text)], about);
  if (answer.cpp) snippets.push({about, fields, cpp: page.cpp[0], nginx: page.nginx, decision: answer.decision});
}

async function testDecisions() {
  const page = await open();
  for (const one of cases) {
    const about = `${one.kind} ${one.name} ${JSON.stringify(one.fields).slice(0, 300)}`;
    if (one.kind === 'more' && one.fields.strip === 'some') continue;  // a list cannot be set to that
    const isTyped = one.kind === 'capture';
    await page.evaluate((hidden) => { document.body.hidden = hidden; }, !isTyped);  // painting takes most of the time
    await (isTyped ? typeFields : setFields)(page, one.fields);
    const found = await shown(page);
    demandAsInspected(found, one.fields, about);
    demandAsAnswered(found, one, about);
  }
  demand(snippets.length > 150, `only ${snippets.length} cases have something to copy`);
}

// Examples that say they are captures are.
async function testExamples() {
  const examples = loadScripts('examples', path.join(folder, 'examples.js'));
  const page = await open();
  for (const [i, {title, capture}] of examples.entries()) {
    await page.selectOption('#example', String(i));
    await page.waitForFunction(() => document.getElementById('results').getAttribute('aria-busy') === 'false');
    const fields = await page.evaluate((names) => Object.fromEntries(names.map((name) => [name, document.getElementById(name).value])), fieldNames);
    demandAsInspected(await shown(page), fields, title);
    if (!capture) continue;
    const {fields: wanted} = cases.find(({name}) => name === capture);
    for (const name of fieldNames) {
      const usual = name === 'strip' ? 'keep' : '';
      demandSame(fields[name].trim(), (wanted[name] ?? usual).trim(), `${title}: ${name}`);
    }
    const before = await shown(page);
    await page.waitForFunction(() => location.hash === fragment());
    await page.reload();  // now of the link alone
    await settled(page);
    demandSame(await shown(page), before, `the link of ${title}`);
  }
}

// Elements that the page makes of an answer. A script or an image is none of them.
const tags = 'A B BUTTON CAPTION CODE DETAILS DIV H2 H3 LI P PRE SECTION SMALL SPAN STRONG SUMMARY TABLE TBODY TD TH THEAD TR UL'.split(' ');

async function demandHarmless(page, about) {
  const found = await page.evaluate(() => ({
    ran: typeof window.ran, tags: [...new Set([...document.querySelectorAll('#results *, .error *, #status *')].map(({tagName}) => tagName))],
    scripts: document.scripts.length, attributes: [...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()).filter((name) => name.startsWith('on')),
  }));
  demandSame([found.ran, found.scripts, found.attributes, found.tags.filter((tag) => !tags.includes(tag))], ['undefined', 5, [], []], about);
  demandSame(faults, [], about);
}

async function testHostileText() {
  const html = '<img src=x onerror="window.ran=1"><script>window.ran=1</script>';
  const texts = [html, `"'>${html}`, '</textarea></script><script>window.ran=1</script>', 'javascript:window.ran=1', '${window.ran=1}',
                 '"unbalanced, \'quotes', '\u0000\u0001\u001b[31m\u007f\u0085\u202e\u2028', '\ud800 lone \udfff', 'é 漢 🙂',
                 '__proto__', ','.repeat(5000), 'a'.repeat(1 << 20), `${'1.1.1.1, '.repeat(1 << 17)}203.0.113.7`];
  const page = await open();
  const sound = {peer: '10.0.0.2', 'x-for': '1', 'x-proto': '1', 'x-host': '1', 'x-port': '1', 'x-prefix': '1', head: ''};
  const names = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Forwarded-Prefix', 'Forwarded'];
  for (const text of texts) {
    const about = `hostile ${JSON.stringify(text.slice(0, 60))}`;
    const headers = text.length > 9000 ? names.slice(0, 1) : names;
    const head = `GET / HTTP/1.1\nHost: a\n${headers.map((name) => `${name}: ${text}`).join('\n')}\n`;
    const fields = {...sound, forwarded: text.length % 2 ? '1' : '0', head};
    await setFields(page, fields);
    await demandHarmless(page, about);
    demand((await shown(page)).width <= 0, `${about}: wider than the window`);
    demandAsInspected(await shown(page), fields, about);
    if (text.length > 9000) continue;
    await setFields(page, Object.fromEntries(fieldNames.map((name) => [name, name === 'head' ? `${text}: 1` : text])));
    await demandHarmless(page, `${about} in each field`);
    await setFields(page, {...sound, peer: `fe80::1%${text}`, 'client-header': 'X-Real-IP', head: `X-Real-IP: ${text}`});
    await demandHarmless(page, `${about} as a zone`);
  }
  await setFields(page, {...sound, head: `X-Forwarded-Host: ${html}`});
  demand((await shown(page)).boxes.some((box) => box.includes(html)), 'hostile text is not shown as it is');
  await setFields(page, {...sound, proxies: '10.0.0.1/8', 'x-for': html});
  const {errors, results} = await shown(page);
  demandSame([errors.map(({id}) => id), results], [['x-for-error', 'proxies-error'], false], 'errors of two fields');
  demand(await page.locator('#status').textContent() === `To be corrected: x_for, proxies. x_for: not a number of 0 to 65535: '${html}'`, 'the status line does not name the fields');

  const fragments = ['#', '#%', '#%ff%fe=%ff&peer=%ff%c0%80', `#head=${encodeURIComponent(html)}&peer=${encodeURIComponent(html)}&strip=${encodeURIComponent(html)}`,
                     '#__proto__=1&constructor=2&x-for=__proto__&peer=1.1.1.1', '#x-for=1&x-for=2&peer=1.1.1.1&head=a%0d%0ab%00c', '#status', '#javascript:window.ran=1',
                     `#head=${'%41'.repeat(300000)}`, '#head=X-Forwarded-For:%20%22&x-for=1&theme=%3Cb%3E&example=%3Cb%3E'];
  for (const fragment of fragments) {
    await page.evaluate((text) => { location.hash = text; }, fragment);
    await settled(page);
    await demandHarmless(page, `fragment ${fragment.slice(0, 60)}`);
    await page.evaluate((text) => history.replaceState(null, '', text), fragment);
    await page.reload();
    await settled(page);
    await demandHarmless(page, `fragment ${fragment.slice(0, 60)}, from the start`);
  }
  const other = await open({}, '#strip=all&peer=1.1.1.1');
  demand(await other.locator('#strip').inputValue() === 'all', 'a fragment sets nothing');
}

// Even if the page had such a fault: the browser runs nothing, loads nothing and sends nothing.
async function testPolicy() {
  const context = await browser.newContext({offline: true});
  const page = await context.newPage();
  await page.goto(address);
  const done = await page.evaluate(async (other) => {
    const attempts = {
      html: () => { document.body.innerHTML = '<img src=x>'; },
      timer: async () => { setTimeout('window.timed = 1', 0); await new Promise((resolve) => setTimeout(resolve, 50)); if (!window.timed) throw 0; },
      script: () => { document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'})); if (!window.ran) throw 0; },
      style: () => { const made = document.createElement('style'); made.textContent = 'body { color: red }'; document.head.append(made); if (!made.sheet?.cssRules.length) throw 0; },
      image: () => new Promise((resolve, reject) => { const image = new Image(); image.onload = resolve; image.onerror = reject; image.src = other; }),
      fetch: () => fetch(other),
    };
    const succeeded = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      try { await attempt(); succeeded.push(name); } catch { /* as it should be */ }
    }
    return succeeded;
  }, pathToFileURL(path.join(folder, 'screenshot.png')).href);
  demandSame(done, [], 'what the policy of the page lets through');
}

// By Tab one reaches all that can be used, and all of it has a name.
async function testKeyboardAndNames() {
  const page = await open();
  const wanted = await page.evaluate(() => [...document.querySelectorAll('a, input, select, textarea, button, summary, [tabindex="0"]')]
      .filter((one) => one.checkVisibility()).map((one, i) => { one.dataset.stop = String(i); return one.dataset.stop; }));
  const reached = new Set();
  for (let i = 0; i < wanted.length + 2; ++i) {
    await page.keyboard.press('Tab');
    const {stop, outline} = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return {stop: document.activeElement.dataset.stop, outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
    });
    if (stop === undefined) continue;
    demand(outline, `the focus is not visible on stop ${stop}`);
    reached.add(stop);
  }
  demandSame([...reached].sort(), [...wanted].sort(), 'stops of the Tab key');
  await page.locator('summary').press('Enter');
  demand(await page.locator('#explanation').isVisible(), 'the Enter key does not open the text');
  await page.locator('#x-for').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('1');
  await page.waitForFunction(() => document.getElementById('status').textContent.includes('127.0.0.2'));
  const snapshot = await page.locator('body').ariaSnapshot();
  for (const name of ['combobox "Example"', 'combobox "Theme"', 'textbox "Peer: who connected to the application"', 'textbox "Head, as the application received it"',
                      'textbox "x_for"', 'textbox "x_proto"', 'textbox "x_host"', 'textbox "x_port"', 'textbox "x_prefix"', 'textbox "forwarded"',
                      'textbox "proxies: their addresses"', 'textbox "allowed_hosts"', 'textbox "client_header"', 'combobox "strip"', 'button "Copy: Trust, in C++"',
                      'button "Copy a link to this case"', 'columnheader "Proxy 1', 'rowheader "X-Forwarded-For', 'region "The chain"', '- banner', '- main', '- contentinfo', '- status'])
    demand(snapshot.includes(name), `a screen reader does not find ${name}`);
  demand(!/- (textbox|combobox|button|region)(:|$)/m.test(snapshot), `something has no name:\n${snapshot}`);
  await page.locator('button.copy').first().press('Enter');
  await page.waitForFunction(() => /^Cop|^It could/.test(document.getElementById('link-note').textContent));
}

// No rule of WCAG 2.2 A and AA is broken, in both themes, wide and narrow.
async function testAccessibility() {
  const {fields} = cases.find(({name}) => name.startsWith('F. '));
  const refused = {...fields, 'x-for': '3', 'x-prefix': '1', strip: 'all', head: 'X-Forwarded-For: a, b, c\nX-Forwarded-Prefix: //x\nForwarded: for=a'};
  const looks = [['light', 1280, [fields, refused, {...fields, 'x-for': 'x'}, {...fields, 'x-for': 'all'}]],
                 ['dark', 1280, [refused, {...fields, 'x-for': 'x'}, {...fields, 'x-for': 'all'}]], ['light', 360, [refused]]];
  for (const [colorScheme, width, states] of looks) {
    const page = await open({colorScheme, bypassCSP: true, viewport: {width, height: 800}});
    await page.evaluate(axe);
    for (const state of states) {
      await setFields(page, state);
      const {violations, passes} = await page.evaluate(() => axe.run(document, {
        preload: false, resultTypes: ['violations', 'passes'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}));
      demand(passes.some(({id}) => id === 'color-contrast'), 'axe did not look at contrast');
      demandSame(violations.map(({id, nodes}) => [id, nodes.map(({html}) => html)]), [], `${colorScheme}, ${width} px wide, ${JSON.stringify(state)}`);
    }
  }
}

async function testThemesAndWidths() {
  const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const colours = {};
  for (const colorScheme of ['light', 'dark']) {
    const page = await open({colorScheme});
    colours[colorScheme] = await background(page);
    for (const theme of ['dark', 'light', '']) {
      await page.selectOption('#theme', theme);
      colours[`${colorScheme}, then ${theme}`] = await background(page);
    }
  }
  const {light, dark} = colours;
  demand(light !== dark, 'the themes look alike');
  demandSame(Object.values(colours), [light, dark, light, light, dark, dark, light, dark], 'backgrounds');
  const page = await open({viewport: {width: 360, height: 740}});
  for (const {kind, name, fields} of cases.filter((one) => one.kind === 'more' || /^[GN]\./.test(one.name))) {
    await setFields(page, fields);
    const {width, chainWidth} = await shown(page);
    demand(width <= 0 && chainWidth <= 0, `${kind} ${name} is wider than 360 px`);
  }
}

// The Trusts compile, and decide as the page says.
function testCpp() {
  const literal = (text) => `"${[...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
  const chosen = snippets.filter(({about}) => !about.startsWith('attack'));
  const source = path.join(work, 'trusts.cpp');
  fs.writeFileSync(source, `#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include "decision_json.hpp"
#include "request_head.hpp"
void decide(const char* peer, const char* head, const proxyfix::Trust& trust) {
    proxyfix::Environ env{.remote_addr = peer};
    if (!read_request_head(complete_head(head), env).empty()) std::abort();
    std::cout << decision_json(resolve(env, proxyfix::checked(trust))) << '\\n';
}
${chosen.map(({cpp}, i) => `namespace trust_${i} {\n${cpp}}\n`).join('')}
int main() {
${chosen.map(({fields}, i) => `    decide(${literal(fields.peer)}, ${literal(fields.head)}, trust_${i}::trust);\n`).join('')}}
`);
  const program = path.join(work, 'trusts');
  const built = run(compiler, ['-std=c++20', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror', '-Wno-missing-field-initializers',
                               `-I${root}/include`, `-I${root}/examples`, source, '-o', program]);
  demand(built.status === 0, `a Trust does not compile:\n${built.stderr}`);
  const printed = run(program, []).stdout.trim().split('\n').map((line) => JSON.parse(line));
  demandSame(printed, chosen.map(({decision}) => decision), 'decisions by the Trusts');
}

// The configurations are sound, in a server and in a location.
function testNginxSyntax() {
  const texts = [...new Set(snippets.flatMap(({nginx}) => nginx))];
  demand(texts.length > 8 && texts.some((text) => text.includes('Forwarded "')), `only ${texts.length} configurations`);
  const servers = texts.map((text, i) => `server { listen unix:${work}/${i}; location / { proxy_pass http://127.0.0.1:8000; } ${text} }
server { listen unix:${work}/in-${i}; location / { proxy_pass http://127.0.0.1:8000;\n${text} } }\n`);
  const file = path.join(work, 'nginx.conf');
  fs.writeFileSync(file, `pid ${work}/pid; error_log stderr; events {} http { access_log off;\n${servers.join('')}}\n`);
  const {status, stderr} = run('nginx', ['-t', '-c', file, '-p', work]);
  demand(status === 0 && stderr.includes('syntax is ok'), stderr);
}

const listening = (server, host) => new Promise((resolve) => { server.listen(0, host, () => resolve(server.address().port)); });

// Real nginx with these configurations, one or two in a row: of all that a client forges, nothing is believed.
async function testNginxChain() {
  let received;
  const application = http.createServer((request, response) => { received = request.rawHeaders; response.end(); });
  const port = await listening(application, '127.0.0.1');
  for (const [name, decided] of [['every kind of proxies', {proto: 'http', host: 'shop.example', port: 'PORT', prefix: '/app'}],
                                 ['F. haproxy, then nginx, which rewrites all but For', {proto: 'http', host: 'shop.example', port: 'INNER'}],
                                 ['two elements of Forwarded', {proto: 'http', port: 'INNER'}], ['a header of one address', {proto: 'http'}]]) {
    const {fields: {head, proxies, ...options}, answer} = cases.find((one) => one.name === name);
    const ports = [];
    for (const placeholder of [net.createServer(), net.createServer()]) {
      ports.push(await listening(placeholder, '127.0.0.1'));
      await new Promise((resolve) => { placeholder.close(resolve); });
    }
    const text = (at) => answer.nginx.find(({first, last}) => first <= at && at <= last)?.text;
    const server = (at, to) => `server { listen 127.0.0.1:${ports[at - 1]}; listen [::1]:${ports[at - 1]};
location / { proxy_pass http://127.0.0.1:${to}; proxy_bind 127.0.0.${at + 1}; ${text(at) ?? ''} } }`;
    const two = text(2) !== undefined, entrance = ports[two ? 1 : 0];
    const file = path.join(work, `${entrance}.conf`);
    fs.writeFileSync(file, `daemon off; pid ${file}.pid; error_log stderr; events {} http { access_log off;\n${server(1, port)}\n${two ? server(2, ports[0]) : ''}}\n`);
    const nginx = spawn('nginx', ['-c', file, '-p', work, '-e', 'stderr'], {stdio: 'ignore'});
    const ask = (localAddress) => new Promise((resolve, reject) => {
      http.get({host: localAddress.includes(':') ? '::1' : '127.0.0.1', port: entrance, localAddress, headers: {
        Host: 'shop.example', 'X-Forwarded-For': '6.6.6.6', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil', 'X-Forwarded-Port': '1',
        'X-Forwarded-Prefix': '/evil', Forwarded: 'for=6.6.6.6;proto=https, for="', 'CF-Connecting-IP': '6.6.6.6'}}, (response) => response.resume().on('end', resolve)).on('error', reject);
    });
    try {
      for (const client of ['127.0.0.9', '::1']) {
        for (let attempt = 1; ; ++attempt) {
          try { await ask(client); break; } catch (error) {
            if (attempt === 100) throw error;
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        }
        const lines = [];
        for (let i = 0; i < received.length; i += 2) lines.push(`${received[i]}: ${received[i + 1]}\n`);
        const {stdout, stderr} = inspected({...options, head: lines.join('')});
        demand(stderr === '', stderr);
        const {client_position, refused, ...found} = JSON.parse(stdout);
        const values = Object.fromEntries(Object.entries(found).filter(([, {value}]) => value !== undefined).map(([what, {value}]) => [what, value]));
        const port = {PORT: String(entrance), INNER: String(ports[0])}[decided.port];
        demandSame([values, refused], [{client, ...decided, ...(port ? {port} : {})}, false], `${name}: ${lines.join('')}`);
      }
    } finally {
      nginx.kill();
      await new Promise((resolve) => { nginx.on('exit', resolve); });
    }
  }
  application.close();
}

let failed = 0;
async function runTests(...tests) {
  for (const test of tests) {
    const begin = Date.now();
    try {
      await test();
      console.log(`${test.name}: passed, ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    } catch (error) {
      console.log(`${test.name}: FAILED: ${error.stack}`);
      ++failed;
    }
  }
}
// Side by side, as the page waits for further keys. What is to be copied is collected by the first test.
await Promise.all([runTests(testDecisions, testCpp, testNginxSyntax, testNginxChain),
                   runTests(testExamples, testHostileText, testPolicy),
                   runTests(testKeyboardAndNames, testAccessibility, testThemesAndWidths)]);
await browser.close();
for (const fault of faults) console.log(`FAILED: ${fault}`);
process.exit(failed > 0 || faults.length > 0 ? 1 : 0);
