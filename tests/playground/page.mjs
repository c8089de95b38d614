// SPDX-License-Identifier: MIT
// node page.mjs CASES INSPECT COMPILER
// Opens the page from disk in Chromium, offline, and demands that it decides as inspect does, that hostile
// text stays text, that nothing is requested, that it can be used by the keyboard and by a screen reader,
// and that what is to be copied compiles and passes nginx -t.
import {spawn} from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import {createRequire} from 'node:module';
import net from 'node:net';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {demand, demandSame, folder, loadScripts, missing, need, readCases, root, run, runBeside, work} from './support.mjs';

const [casesProgram, inspect, compiler] = process.argv.slice(2);
const address = pathToFileURL(path.join(folder, 'index.html')).href;
const cases = readCases(casesProgram);
const switches = ['forwarded', 'client-has-port'];
const names = ['for', 'proto', 'host', 'port', 'prefix'].map((name) => `names.x-${name}`);
const fieldNames = Object.keys(cases[0].fields).concat('proxies', 'allowed-hosts', ...names, 'client-header', 'strip');

need('chromium', 'npm', 'nginx', 'openssl');
const packages = path.join(work, 'npm');
const installed = run('npm', ['install', '--prefix', packages, '--silent', '--no-audit', '--no-fund', '--no-package-lock',
                              '--ignore-scripts', 'playwright-core@1.65.1', 'axe-core@4.14.1']);
if (installed.status !== 0) missing('one of the npm packages playwright-core and axe-core');
const require = createRequire(path.join(packages, 'node_modules/'));
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const browser = await require('playwright-core').chromium.launch({
  executablePath: run('sh', ['-c', 'command -v chromium']).stdout.trim(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
         '--disable-component-update', '--disable-sync'],
});

const patience = 300000;  // milliseconds: beside other work a page may stand still for long

// A page whose faults are collected: requests of other files, messages of the console, exceptions, dialogs.
const faults = [];
async function newContext(options = {}) {
  const context = await browser.newContext({offline: true, ...options});
  context.setDefaultTimeout(patience);
  return context;
}
async function open(options = {}, fragment = '') {
  const context = await newContext(options);
  await context.addInitScript({content: `window.readPage = ${readPage}; window.fillFields = ${fillFields}`});
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

// Asks by a timer: where many processes run, a page may be given no frames for long.
const when = (page, condition) => page.waitForFunction(condition, null, {polling: 20});
const settled = (page) => when(page, () => document.getElementById('results')?.getAttribute('aria-busy') === 'false');

// Fills the fields: runs in the page. A text area holds lines that end in LF.
function fillFields({names, values}) {
  for (const name of names) {
    const field = document.getElementById(name);
    if (field.type === 'checkbox') field.checked = values[name] === 'yes';
    else field.value = values[name] ?? '';
  }
  if (!document.getElementById('strip').value) document.getElementById('strip').value = 'keep';
}

// Sets all fields at once, as by typing.
async function setFields(page, fields) {
  await page.evaluate(async (wanted) => {
    fillFields(wanted);
    document.getElementById('head').dispatchEvent(new Event('input', {bubbles: true}));
    const results = document.getElementById('results');
    while (results.getAttribute('aria-busy') === 'true') await new Promise((resolve) => setTimeout(resolve, 5));
  }, {names: fieldNames, values: fields});
}

// Types what differs from what is there.
async function typeFields(page, fields) {
  for (const name of fieldNames) {
    const field = page.locator(`[id="${name}"]`), text = fields[name] ?? '';
    if (switches.includes(name)) await field.setChecked(text === 'yes');
    else if (name === 'strip') await field.selectOption(text || 'keep');
    else if (await field.inputValue() !== text) await field.fill(text);
  }
  await settled(page);
}

// What the page shows: runs in it.
function readPage() {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((found) => found.textContent);
  const decision = {};
  for (const cell of document.querySelectorAll('[data-outcome]')) decision[cell.dataset.outcome] = {outcome: cell.textContent};
  for (const box of document.querySelectorAll('#chain [data-what]')) {
    const name = box.dataset.what === 'scheme' ? 'proto' : box.dataset.what;
    if (box.classList.contains('chosen') && decision[name]) decision[name].value = box.querySelector('code').textContent;
  }
  const columns = texts('#chain .hops b');
  const whose = (cell) => {
    const before = [...cell.parentElement.querySelectorAll('td')].filter((other) => other.cellIndex < cell.cellIndex);
    const begin = before.reduce((sum, {colSpan}) => sum + colSpan, 0);
    return [...new Set([columns[begin], columns[begin + cell.colSpan - 1]])].join(' to ');
  };
  return {
    decision,
    columns,
    errors: [...document.querySelectorAll('.error')].filter((error) => error.textContent !== '').map(({id, textContent}) => ({id, textContent})),
    results: !document.getElementById('results').hidden,
    status: texts('#status')[0],
    fault: texts('.fault'),
    boxes: [...document.querySelectorAll('#chain .value')].map((box) => [
      box.closest('tr').querySelector('th').firstChild.textContent, whose(box.closest('td')),
      box.querySelector('code').textContent, box.querySelector('.note').textContent]),
    handler: [...document.querySelectorAll('#handler table:first-of-type tbody tr')].map((row) => [...row.children].map((cell) =>
      (cell.querySelector('code')?.textContent ?? cell.textContent).replace(' changed', ''))),
    advice: texts('#advice li'),
    explanation: texts('#explanation')[0],
    cpp: texts('#cpp'),
    variable: texts('#variable'),
    settings: Object.fromEntries([...document.querySelectorAll('#chain tbody th')].map((cell) =>
      [cell.firstChild.textContent, [...cell.querySelectorAll('code')].map(({textContent}) => textContent)])),
    nginx: texts('[id^=nginx-]'),
    width: document.documentElement.scrollWidth - innerWidth,
    chainWidth: document.getElementById('chain').scrollWidth - document.getElementById('chain').clientWidth,
  };
}
const shown = (page) => page.evaluate(() => readPage());

// What inspect says of the same.
function inspected(fields) {
  const {head, ...options} = fields;
  const flags = Object.entries(options).filter(([name, value]) => value !== '' && !(switches.includes(name) && value === 'no'))
      .flatMap(([name, value]) => switches.includes(name) ? [`--${name}`] : [`--${name}`, value]);
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
  demand(page.status.includes(refused ? 'Something was rejected.' : 'Nothing was rejected.'), `${about}: ${page.status}`);
  if (client_position > 0) demand(page.status.includes(`The client is ${decision.client.value}.`), `${about}: ${page.status}`);
}

const snippets = [];
function demandAsAnswered(page, {answer, fields}, about) {
  if (answer.errors.length > 0) return;
  const empty = (value) => value === '' ? '(empty)' : value;
  const member = (value) => value === '0' ? '0 (not known)' : empty(value);
  demandSame(page.explanation, answer.explanation, about);
  demandSame(page.handler, answer.handler.map((row) => row.map(member)), about);
  const marks = {chosen: '✓ ', rejected: '✗ ', passed: '→ ', not_trusted: '? ', ignored: '– '};
  // Who wrote a value of the header that names the client is known; of the others, that it was a proxy.
  const proxies = page.columns.slice(1, -1);
  for (const {name, rows, lines, verdicts} of answer.headers) {
    for (const {position, text, standing, writer, remark} of rows) {
      const words = standing === 'ignored' ? remark.replace(/^ignored: anybody may have written it/, 'ignored') : remark || 'of one of your proxies';
      const whose = writer === '' ? page.columns[0]
          : verdicts[0].what === 'client' ? `Proxy ${position}` : [...new Set([proxies[0], proxies.at(-1)])].join(' to ');
      const wanted = [name, whose, empty(text), marks[standing] + words];
      demand(page.boxes.some((box) => JSON.stringify(box) === JSON.stringify(wanted)), `${about}: no box is ${wanted} in ${JSON.stringify(page.boxes)}`);
    }
    const boxes = page.boxes.filter(([header, whose]) => header === name && whose !== 'Application');
    demandSame(boxes.length, rows.length || lines.length, `${about}: values of ${name}`);
  }
  for (const {name, verdicts, counts, is_read, replaced_by} of answer.headers) {
    demandSame(page.settings[name], counts.split(', '), `${about}: settings of ${name}`);
    for (const {what, applied, text, fault, advice} of verdicts) {
      demand(page.advice.some((one) => one.startsWith(`${name} `) && one.includes(advice)) || advice === '', `${about}: not advised: ${name} ${advice}`);
      if (applied || !is_read) continue;
      const reason = text.replace('unchanged: ', '');
      demand((reason === 'malformed') === (fault !== ''), `${about}: ${what} is ${reason}, by the fault "${fault}"`);
      const note = `${what}: ${reason}${fault === '' ? '' : `, ${fault}`}`;
      demand(page.boxes.some(([header, whose, , said]) => header === name && whose === 'Application' && said.endsWith(note)), `${about}: no box says ${note}`);
    }
    const [, , , said] = page.boxes.find(([header, whose]) => header === name && whose === 'Application') ?? [];
    if (replaced_by !== '') demandSame(said, `${replaced_by} is read instead`, `${about}: ${name}`);
    else if (!is_read) demandSame(said, 'not asked for', `${about}: ${name}`);
  }
  const texts = (text) => text ? [text] : [];
  demandSame([page.cpp, page.variable, page.nginx], [texts(answer.cpp), texts(answer.variable), answer.nginx.map(({text}) => text)], about);
  if (answer.cpp) snippets.push({about, fields, cpp: page.cpp[0], variable: page.variable[0], nginx: answer.nginx, decision: answer.decision});
}

async function testDecisions() {
  const page = await open();
  const demandAll = (found, one) => {
    const about = `${one.kind} ${one.name} ${JSON.stringify(one.fields).slice(0, 300)}`;
    demandAsInspected(found, one.fields, about);
    demandAsAnswered(found, one, about);
  };
  const typed = cases.filter(({kind, name}) => kind === 'capture' && /^[BFGN]\./.test(name));  // typing takes its time
  for (const one of typed) {
    await typeFields(page, one.fields);
    demandAll(await shown(page), one);
  }
  // A choice cannot be set to what there is not; that fields are too long, inspect does not say.
  const others = cases.filter((one) => !typed.includes(one) && one.name !== 'choices that there are not' && one.name !== 'fields that are too long');
  const found = await page.evaluate(async ({names, list}) => {
    document.body.hidden = true;  // painting takes most of the time
    const all = [];
    for (const values of list) {
      fillFields({names, values});
      await update();
      all.push(readPage());
    }
    return all;
  }, {names: fieldNames, list: others.map(({fields}) => fields)});
  others.forEach((one, i) => demandAll(found[i], one));
  demand(snippets.length > 150, `only ${snippets.length} cases have something to copy`);
}

// What is too long is not asked of the library; what a person reads is about what is there.
async function testFields() {
  const page = await open();
  const named = (name) => cases.find((one) => one.name === name).fields;
  await setFields(page, named('fields that are too long'));
  const {errors, results} = await shown(page);
  demandSame([errors, results], [[['peer', 256], ['head', 1 << 20], ['proxies', 1 << 16], ['allowed-hosts', 1 << 16]].map(([name, most]) =>
    ({id: `${name}-error`, textContent: `✗ longer than ${most} bytes`})), false], 'fields that are too long');
  await page.locator('#skip').focus();
  await page.keyboard.press('Enter');
  demand(await page.evaluate(() => document.activeElement.id) === 'status', 'with an error the skip link leads elsewhere');
  await setFields(page, named('more lines than are shown'));
  demand((await shown(page)).advice.some((one) => one.includes('strip erases 20 of the last 20 lines.')), 'hidden lines are counted as erased');
  await setFields(page, named('a header of one address on two lines'));
  demand((await shown(page)).boxes.some(([, , , note]) => note.startsWith('✗ client: malformed, ') && note.includes('more than one line')), 'two lines are not the reason');
  await setFields(page, named('a peer with a zone, whose text is not plain'));
  demand((await shown(page)).handler[0][1] === 'fe80::1%a\\x5cb', 'a peer is not escaped');
  const titles = await page.evaluate(() => [...document.querySelectorAll('#copy h3')].map(({textContent}) => textContent));
  demandSame(titles, ['Trust, in C++', 'Trust, as text for parse_trust', 'nginx as your proxy'], 'titles');
  await setFields(page, named('Forwarded, with a fault in each field'));
  const notes = (await shown(page)).boxes.filter(([, whose]) => whose === 'Application').map(([, , , note]) => note);
  demand(notes.length === 3, `notes on each field: ${notes}`);
  ['✗ client: malformed, for: ', '✗ scheme: malformed, proto: ', '✗ host: malformed, host: '].forEach((begin, i) =>
    demand(notes[i].startsWith(begin) && notes[i].length > begin.length, `the fault is not named: ${notes[i]}`));
  await setFields(page, named('other headers than those that are asked for'));
  demand((await shown(page)).advice.some((one) => one.includes('X-Real-IP is ') && one.includes('client_header = X-Real-IP')), 'a header that is there is not named');
  await setFields(page, named('the client in one element, scheme and host in another'));
  const found = await shown(page);
  demandSame([found.settings.Forwarded, found.boxes.filter(([name]) => name === 'Forwarded').map(([, whose, text, note]) => [whose, text, note.replace(/^→.*(the scheme is read here).*(the host is read here)$/, '$1, $2')])],
             [['forwarded = yes', 'x_for = 2', 'x_proto = 1', 'x_host = 1'], [
               ['Proxy 2', 'for=203.0.113.7', '✓ chosen'], ['Proxy 1', 'for=192.0.2.139;host=api.example;proto=https', 'the scheme is read here, the host is read here'],
               ['Application', '203.0.113.7', '✓ the client'], ['Application', 'https', '✓ the scheme'], ['Application', 'api.example', '✓ the host']]], 'two elements');
  const hosts = async (fields) => { await setFields(page, fields); return (await shown(page)).handler.find(([member]) => member === 'host(env)'); };
  demandSame(await hosts({'x-proto': '1', 'x-host': '1', 'x-port': '1', head: 'X-Forwarded-Proto: https\nX-Forwarded-Host: www.example\nX-Forwarded-Port: 443'}),
             ['host(env)', 'app.internal:8000', 'www.example'], 'the host without its default port');
  // A Trust that contradicts itself decides nothing.
  const {fault} = cases.find(({name}) => name === 'names of what is not asked for').answer;
  demand(fault.includes('names.x_host'), `the fault is "${fault}"`);
  await setFields(page, named('names of what is not asked for'));
  const faulty = await shown(page);
  demandSame([faulty.fault, faulty.boxes, faulty.handler, await page.locator('#chain').textContent()],
             [[`✗ The Trust contradicts itself: ${fault}. ProxyFix rejects it.`], [], [], 'Nothing is decided by this Trust.'], 'a Trust that contradicts itself');
}

// The fields of other names are folded up, unless they hold something, or are faulty.
async function testFoldedFields() {
  const page = await open();
  const isOpen = () => page.evaluate(() => document.getElementById('other-headers').open);
  const go = async (fragment) => { await page.evaluate((text) => { location.hash = text; }, fragment); await settled(page); return isOpen(); };
  demandSame([await isOpen(), await go('#x-for=1&forwarded=yes')], [false, false], 'without names');
  for (const name of [...names, 'client-header']) demandSame([await go('#x-for=1'), await go(`#x-for=1&${name}=X-A`)], [false, true], `a link with ${name}`);
  demandSame([await go('#x-for=1'), await go('#client-has-port=yes')], [false, true], 'a link with a switch');
  demandSame([await go('#forwarded=yes'), await page.locator('#forwarded').isChecked(), await page.locator('#client-has-port').isChecked()], [false, true, false], 'switches of a link');
  demandSame([await go('#forwarded=1&x-for=1'), await page.locator('#forwarded').isChecked()], [false, false], 'a switch that is neither yes nor no');
  await setFields(page, {peer: '10.0.0.2', 'names.x-for': 'a b'});
  const {errors, results} = await shown(page);
  demandSame([await isOpen(), errors.map(({id}) => id), results], [true, ['names.x-for-error'], false], 'a fault in a name');
  demandSame(await page.locator('#status').textContent(), `To be corrected: names.x_for. names.x_for: ${errors[0].textContent.slice(2)}`, 'the status line');
  // By hand, from a header of the usual name to another one.
  await setFields(page, {peer: '10.0.0.2', 'x-proto': '1', head: 'X-Scheme: https'});
  await page.locator('[id="names.x-proto"]').fill('X-Scheme');
  await when(page, () => document.querySelector('[data-outcome=proto]').textContent === 'applied');
  await page.locator('#client-header').fill('X-Client');
  await page.locator('#client-has-port').check();
  await page.locator('#head').fill('X-Scheme: https\nX-Client: 2001:db8::7:443');
  await when(page, () => document.getElementById('status').textContent.startsWith('The client is [2001:db8::7]:443.'));
  await page.locator('#link').click();
  demand(page.url().includes('names.x-proto=X-Scheme') && page.url().includes('client-has-port=yes') && !page.url().includes('forwarded'), `the link is ${page.url()}`);
}

// A link has all fields, and nothing but the link puts them into the address. The Back button undoes an example.
async function testLinks() {
  const page = await open();
  const texts = () => page.evaluate((names) => names.map((name) => name === 'forwarded' ? String(document.getElementById(name).checked) : document.getElementById(name).value),
                                    fieldNames.concat('head', 'example'));
  const go = async (delta) => {
    await page.evaluate((by) => new Promise((resolve) => {
      addEventListener('popstate', resolve, {once: true});  // after the page's own listener
      if (typeof by === 'number') history.go(by);
      else location.hash = by;
    }), delta);
    await settled(page);
  };
  await typeFields(page, {peer: '', 'x-for': '0', 'x-proto': '', 'x-host': '0', 'x-port': '0', 'x-prefix': '0', forwarded: 'yes', head: 'keep'});
  const mine = await texts();
  await page.waitForTimeout(400);
  demandSame(page.url(), address, 'the address after typing');
  demand(!(await page.evaluate(() => JSON.stringify(history.state))).includes('keep'), 'a head is in the history');
  await page.selectOption('#example', '3');
  await settled(page);
  const other = await texts();
  await page.selectOption('#example', '5');
  await settled(page);
  await go(-2);
  demandSame(await texts(), mine, 'the fields after Back');
  await go(1);
  demandSame(await texts(), other, 'the fields after Forward');
  await go(-1);
  await page.locator('#link').click();
  demandSame(page.url(), `${address}#v=1&x-proto=&forwarded=yes&head=keep`, 'the link');
  await page.reload();
  await settled(page);
  demandSame(await texts(), mine, 'the fields of the link');
  await setFields(page, {peer: '10.0.0.2', 'x-for': '0'});
  await page.locator('#skip').focus();
  await page.keyboard.press('Enter');
  demandSame([await page.evaluate(() => document.activeElement.id), page.url()], ['chain-title', address], 'the skip link');
  await setFields(page, {peer: '0', 'x-for': '0', head: '0'});
  demandSame(page.url(), address, 'a link whose fields were changed');
  await page.locator('#link').click();
  demand(page.url().includes('&peer=0&') && page.url().endsWith('&head=0'), `a link without a field: ${page.url()}`);
  await setFields(page, {head: 'a'.repeat(9000)});
  await page.locator('#link').click();
  demand((await page.locator('#link-note').textContent()).startsWith('Too long for a link: 9'), 'it is not said that a link is too long');
  await go('v=1');
  demandSame((await texts()).join(''), '00000falseonkeep', 'a link of fields that are empty');
}

// If the library fails, nothing of an earlier answer stays.
async function testFailures() {
  const page = await open();
  await page.evaluate(() => { picture.summary = () => { throw new Error('broken'); }; });
  await setFields(page, {peer: '10.0.0.2', 'x-for': '1', head: ''});
  const found = await shown(page);
  demandSame([found.results, found.status], [false, 'The library failed: broken.'], 'a failure');
  const context = await newContext();
  await context.addInitScript(() => { delete window.WebAssembly; });
  const old = await context.newPage();
  await old.goto(address);
  await settled(old);
  demandSame(await old.evaluate(() => [document.getElementById('status').textContent, document.getElementById('results').hidden]),
             ['The library failed: this browser has no WebAssembly.', true], 'without WebAssembly');
}

// Examples that say they are captures are.
async function testExamples() {
  const examples = loadScripts('examples', path.join(folder, 'examples.js'));
  const page = await open();
  for (const [i, {title, capture}] of examples.entries()) {
    await page.selectOption('#example', String(i));
    await settled(page);
    const fields = await page.evaluate(() => values());
    demandAsInspected(await shown(page), fields, title);
    if (!capture) continue;
    const {fields: wanted} = cases.find(({name}) => name === capture);
    for (const name of fieldNames) {
      const usual = name === 'strip' ? 'keep' : switches.includes(name) ? 'no' : '';
      demandSame(fields[name].trim(), (wanted[name] ?? usual).trim(), `${title}: ${name}`);
    }
    if (!title.startsWith('HAProxy')) continue;
    const before = await shown(page);
    await page.locator('#link').click();
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
                 '__proto__', ','.repeat(5000), 'a'.repeat(1 << 16), `${'1.1.1.1, '.repeat(1 << 13)}203.0.113.7`];
  const page = await open();
  const sound = {peer: '10.0.0.2', 'x-for': '1', 'x-proto': '1', 'x-host': '1', 'x-port': '1', 'x-prefix': '1', head: ''};
  const names = ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port', 'X-Forwarded-Prefix', 'Forwarded'];
  for (const text of texts) {
    const about = `hostile ${JSON.stringify(text.slice(0, 60))}`;
    const headers = text.length > 9000 ? names.slice(0, 1) : names;
    const head = `GET / HTTP/1.1\nHost: a\n${headers.map((name) => `${name}: ${text}`).join('\n')}\n`;
    const fields = {...sound, forwarded: text.length % 2 ? 'yes' : 'no', head};
    await setFields(page, fields);
    await demandHarmless(page, about);
    demand((await shown(page)).width <= 0, `${about}: wider than the window`);
    demandAsInspected(await shown(page), fields, about);
    if (text.length > 9000) continue;
    await setFields(page, Object.fromEntries(fieldNames.map((name) => [name, name === 'head' ? `${text}: 1` : text])));
    await demandHarmless(page, `${about} in each field`);
    await setFields(page, {...sound, peer: `fe80::1%${text}`, 'x-for': '0', 'client-header': 'X-Real-IP', head: `X-Real-IP: ${text}`});
    await demandHarmless(page, `${about} as a zone`);
  }
  await setFields(page, {...sound, head: `X-Forwarded-Host: ${html}`});
  demand((await shown(page)).boxes.some((box) => box.includes(html)), 'hostile text is not shown as it is');
  await setFields(page, {...sound, proxies: html, 'x-for': html});
  const {errors, results} = await shown(page);
  demandSame([errors.map(({id}) => id), results], [['x-for-error', 'proxies-error'], false], 'errors of two fields');
  demand(await page.locator('#status').textContent() === `To be corrected: x_for, proxies. x_for: ${errors[0].textContent.slice(2)}` && errors[1].textContent.includes('<img'), 'the status line does not name the fields');

  const fragments = ['#', '#%', '#%ff%fe=%ff&peer=%ff%c0%80', `#head=${encodeURIComponent(html)}&peer=${encodeURIComponent(html)}&strip=${encodeURIComponent(html)}`,
                     '#__proto__=1&constructor=2&x-for=__proto__&peer=1.1.1.1', '#x-for=1&x-for=2&peer=1.1.1.1&head=a%0d%0ab%00c', '#status', '#javascript:window.ran=1',
                     `#head=${'%41'.repeat(30000)}`, '#head=X-Forwarded-For:%20%22&x-for=1&theme=%3Cb%3E&example=%3Cb%3E'];
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
  const context = await newContext();
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
  await page.locator('summary', {hasText: 'explain'}).press('Enter');
  demand(await page.locator('#explanation').isVisible(), 'the Enter key does not open the text');
  await page.locator('summary', {hasText: 'other names'}).press('Enter');
  await page.locator('#client-header').waitFor();
  await page.locator('#x-for').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('1');
  await when(page, () => document.getElementById('status').textContent.includes('127.0.0.2'));
  const snapshot = await page.locator('body').ariaSnapshot();
  for (const name of ['combobox "Example"', 'combobox "Theme"', 'textbox "Peer: who connected to the application"', 'textbox "Head, as the application received it"',
                      'textbox "x_for"', 'textbox "x_proto"', 'textbox "x_host"', 'textbox "x_port"', 'textbox "x_prefix"', 'switch "forwarded: the first three count elements of Forwarded"', 'group "names: what your proxies call them"', 'textbox "names.x_for"', 'textbox "names.x_prefix"',
                      'textbox "proxies: their addresses"', 'textbox "allowed_hosts"', 'textbox "client_header: one address"', 'switch "client_has_port: it ends in a port"', 'button "Copy: Trust, as text for parse_trust"', 'combobox "strip"', 'button "Copy: Trust, in C++"',
                      'button "Copy a link to this case"', 'columnheader "Proxy 1', 'rowheader "X-Forwarded-For', 'region "The chain"', '- banner', '- main', '- contentinfo', '- status'])
    demand(snapshot.includes(name), `a screen reader does not find ${name}`);
  demand(!/- (textbox|combobox|button|region|switch)(:|$)/m.test(snapshot), `something has no name:\n${snapshot}`);
  // Seen while it is so: for two seconds the name of a button tells that it was pressed.
  await Promise.all([
    when(page, () => /^(Copied|Not copied): Trust, in C\+\+$/.test(document.querySelector('button.copy').getAttribute('aria-label'))
                     && /^Cop|^It could/.test(document.getElementById('link-note').textContent)),
    page.locator('button.copy').first().press('Enter'),
  ]);
  // What is typed fast is not read out between.
  const announced = await page.evaluate(async () => {
    const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
    const region = document.getElementById('announcement'), seen = [];
    while (region.textContent !== document.getElementById('status').textContent) await pause(50);
    new MutationObserver(() => seen.push(region.textContent)).observe(region, {childList: true});
    for (const text of ['a', 'b', 'c', 'b']) { say(text, false); await pause(20); }
    for (let tries = 0; seen.length === 0 && tries < 100; ++tries) await pause(50);
    say('b', false);
    await pause(900);
    return seen;
  });
  demandSame(announced, ['b'], 'what is announced');
}

// No rule of WCAG 2.2 A and AA is broken, in both themes, wide and narrow.
async function testAccessibility() {
  const {fields} = cases.find(({name}) => name.startsWith('F. '));
  const refused = {...fields, 'x-for': '3', 'x-prefix': '1', strip: 'all', head: 'X-Forwarded-For: a, b, c\nX-Forwarded-Prefix: //x\nForwarded: for=a'};
  const named = {...fields, 'names.x-proto': 'X-Scheme', 'names.x-host': 'a b', 'client-has-port': 'yes'};
  const looks = [['light', 1280, [fields, refused, {...fields, 'x-for': 'x'}, {...fields, 'x-for': 'all'}, named]],
                 ['dark', 1280, [refused, {...fields, 'x-for': 'x'}, {...fields, 'x-for': 'all'}]], ['light', 360, [refused, named]]];
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
  const {light, dark: black} = colours;
  demand(light !== black, 'the themes look alike');
  demandSame(Object.values(colours), [light, black, light, light, black, black, light, black], 'backgrounds');
  const dark = await open({colorScheme: 'dark'});
  await dark.selectOption('#theme', 'dark');
  await dark.emulateMedia({media: 'print', colorScheme: 'dark'});
  demandSame(await background(dark), light, 'the background in print');
  const page = await open({viewport: {width: 320, height: 740}});
  const narrow = cases.filter(({kind, name}) => kind === 'more' || /^[GN]\./.test(name)).map(({name, fields}) => ({name, fields}));
  narrow.push({name: 'a long hint', fields: {peer: '10.0.0.2', 'x-for': '1', forwarded: 'yes', 'x-prefix': '1', head: 'Forwarded: x\nX-Forwarded-Prefix: x'}});
  for (const {name, fields} of narrow) {
    await setFields(page, fields);
    const {width, chainWidth} = await shown(page);
    demand(width <= 0 && chainWidth <= 0, `${name} is wider than 320 px`);
  }
}

// The Trusts compile, and decide as the page says.
async function testCpp() {
  const literal = (text) => `"${[...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
  const chosen = snippets.filter(({about, fields}) => !about.startsWith('attack') && fields.head.length < 100000);
  // What is to be copied is for a shell.
  const script = chosen.map(({variable}) => `${variable}printf '%s\\n' "$PROXYFIX_TRUST"\n`).join('');
  const shell = run('sh', ['-eu'], script), texts = shell.stdout.split('\n');
  demandSame([shell.status, shell.stderr, texts.length], [0, '', chosen.length + 1], 'what a shell makes of the texts');
  const source = path.join(work, 'trusts.cpp');
  fs.writeFileSync(source, `#include <iostream>
#include <proxyfix/proxyfix.hpp>
#include "decision_json.hpp"
#include "request_head.hpp"
void decide(const char* peer, const char* head, const proxyfix::Trust& trust) {
    proxyfix::Environ env{.remote_addr = peer};
    if (!read_request_head(complete_head(head), env).empty()) std::abort();
    std::cout << decision_json(resolve(env, proxyfix::Policy(trust))) << '\\n';
}
// Is it the Trust of the text, which is that of the Trust?
void compare(const char* text, const proxyfix::Trust& trust) {
    const auto parsed = proxyfix::parse_trust(text);
    const bool is_same = parsed && *parsed == trust && to_string(*parsed) == text;
    std::cout << (is_same ? "\\"the same\\"" : "\\"another\\"") << '\\n';
}
${chosen.map(({cpp}, i) => `namespace trust_${i} {\n${cpp}}\n`).join('')}
int main() {
${chosen.map(({fields}, i) => `    decide(${literal(fields.peer ?? '')}, ${literal(fields.head)}, trust_${i}::trust);\n    compare(${literal(texts[i])}, trust_${i}::trust);\n`).join('')}}
`);
  const program = path.join(work, 'trusts');
  const built = await runBeside(compiler, ['-std=c++20', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror', '-Wno-missing-field-initializers',
                               `-I${root}/include`, `-I${root}/examples`, source, '-o', program]);
  demand(built.status === 0, `a Trust does not compile:\n${built.stderr}`);
  const printed = run(program, []).stdout.trim().split('\n').map((line) => JSON.parse(line));
  demandSame(printed, chosen.flatMap(({decision}) => [decision, 'the same']), 'decisions by the Trusts, and whether they are those of the texts');
}

// nginx keeps its files in `work`.
const nginxConfiguration = (http) => {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${work}/nginx-${name};`);
  return `daemon off; pid ${work}/nginx.pid; error_log stderr; events {} http { access_log off; ${folders.join(' ')}\n${http}}\n`;
};

// The configurations are sound, in a server and in a location.
function testNginxSyntax() {
  const parts = snippets.flatMap(({nginx}) => nginx);
  const maps = parts.filter(({first}) => first === 0).map(({text}) => text).sort((a, b) => b.length - a.length);
  const texts = [...new Set(parts.filter(({first}) => first > 0).map(({text}) => text))];
  demand(texts.length > 8 && maps[0].includes('$forwarded_before') && texts.some((text) => text.includes('${forwarded_before}for=')), `only ${texts.length} configurations`);
  const servers = texts.map((text, i) => `server { listen unix:${work}/${i}; location / { proxy_pass http://127.0.0.1:8000; } ${text} }
server { listen unix:${work}/in-${i}; location / { proxy_pass http://127.0.0.1:8000;\n${text} } }\n`);
  const file = path.join(work, 'syntax.conf');
  fs.writeFileSync(file, nginxConfiguration(`${maps[0]}\n${servers.join('')}`));
  const {status, stderr} = run('nginx', ['-t', '-c', file, '-p', work, '-e', 'stderr']);
  demand(status === 0 && stderr.includes('syntax is ok'), stderr);
  for (const text of texts) {
    const lines = text.split('\n');
    demand(text.startsWith('# In the location, beside proxy_pass: '), `it is not said where to write\n${text}`);
    demand(lines.every((line) => line.length <= 100), `a long line in\n${text}`);
    demandSame(lines.filter((line) => /^proxy_set_header "?(host|connection|content-length|transfer-encoding)"? (?!\$host;)/i.test(line)), [], 'headers that nginx needs');
  }
  const textsOf = (name) => snippets.find(({about}) => about.startsWith(`more ${name} {`)).nginx.filter(({first}) => first > 0).map(({text}) => text);
  // What nginx would drop is neither passed on nor added to, and what it cannot set it does not set.
  const [inner, outermost] = textsOf('names that nginx ignores when it receives them');
  const unread = 'By its name, nginx ignores this header when it receives it. Choose another:';
  for (const name of ['X_Forwarded_For', 'X_Scheme', 'X.Host', 'X-$`Port']) demand(inner.includes(`# ${unread}\n# ${name}\n`), `an inner nginx ignores ${name}, and it is not said`);
  demand(!/\nproxy_set_header|Passed on/.test(inner), `an inner nginx does something:\n${inner}`);
  demandSame(outermost.split('\n').filter((line) => /^proxy|\$ in/.test(line)), ['proxy_set_header X_Forwarded_For $remote_addr;', 'proxy_set_header X_Scheme $scheme;', 'proxy_set_header X.Host $host;',
             '# nginx cannot set a header with a $ in its name.'], 'what the outermost nginx sets');
  for (const [name, header] of [['a name that stands for something else at a proxy', 'Upgrade'], ['a header that the proxy needs itself', 'te']])
    demand(textsOf(name).at(-1).includes(`\n# ${header} has a meaning of its own: choose another.\n`), `nginx sets ${header}`);
  const unforwarded = textsOf('Forwarded, of which nothing is read');
  demand(unforwarded.length === 1 && unforwarded[0].includes('X-Forwarded-Port $server_port') && !unforwarded[0].includes('forwarded_for'), 'Forwarded is written, though it is not asked for');
  for (const text of textsOf('the client in one element, scheme and host in another'))
    demand(text.includes('\n# x_for is 2: proxy 3 is taken for the client.\n# x_proto is 1: the scheme is read from what proxy 1 writes.\n# x_host is 1: the host is read from what proxy 1 writes.\n'), `counts within Forwarded:\n${text}`);
}

// Below those of outgoing connections, and of other tests that run meanwhile.
const usedPorts = new Set();
async function freePort() {
  for (;;) {
    const port = 6000 + Math.floor(Math.random() * 4000), probe = net.createServer();
    const isFree = !usedPorts.has(port) && await new Promise((resolve) => { probe.on('error', () => resolve(false)).listen(port, () => probe.close(() => resolve(true))); });
    usedPorts.add(port);
    if (isFree) return port;
  }
}

// Trusts for a chain of so many proxies.
function chainTrusts(length) {
  const n = String(length), proxies = '127.0.0.2/31, 127.0.0.4';
  const ones = {'x-proto': '1', 'x-host': '1', 'x-port': '1', 'x-prefix': '1'}, all = {'x-proto': n, 'x-host': n, 'x-port': n, 'x-prefix': n};
  const others = {'names.x-for': 'X-Original-Forwarded-For', 'names.x-proto': 'X-Forwarded-Ssl', 'names.x-host': 'X-Original-Host', 'names.x-port': 'X-Original-Port', 'names.x-prefix': 'X-Script-Name'};
  const plain = [{'x-for': n}, {'x-for': n, ...ones}, {'x-for': n, ...all}, {'x-for': n, ...all, 'x-host': '1', 'x-proto': String(Math.min(2, length))},
                 {'x-for': '1', ...all}, {'x-for': '0', ...all, client: 'none'}, {forwarded: 'yes', 'x-for': n, 'x-proto': n}, {forwarded: 'yes', 'x-for': n, ...ones, 'x-prefix': n}, {forwarded: 'yes', 'x-for': '1', ...all, 'x-proto': '0'}, {forwarded: 'yes', 'x-for': '0', 'x-proto': n, client: 'none'},
                 {'x-for': n, ...all, ...others}, {'x-for': n, ...ones, ...others}];
  const listed = plain.filter((one) => one.client !== 'none' || length === 1).map((one) => ({...one, proxies}));
  return [...plain, ...listed, {'client-header': 'X-Real-IP', 'x-for': '9', ...ones, 'x-prefix': n}, {'client-header': 'X-Real-IP', ...all}, {'client-header': 'CloudFront-Viewer-Address', 'client-has-port': 'yes', ...all},
          {'x-for': 'all', ...ones, proxies}, {'x-for': 'all', ...all, proxies}, {'x-for': 'all', ...ones, ...others, proxies},
          {forwarded: 'yes', 'x-for': 'all', 'x-proto': 'all', 'x-port': '1', proxies}, {forwarded: 'yes', 'x-for': 'all', 'x-proto': '1', 'x-host': 'all', proxies}].map(({client, ...fields}) => fields);
}

// Of a chain behind a client that comes by https to its proxy `entrance`: what the outermost proxy saw.
function wantedOf(fields, length, entrance, ports, client) {
  const asked = (name) => (fields[name] ?? '0') !== '0', byForwarded = asked('forwarded'), isAny = fields['x-for'] === 'all';
  const hops = fields['client-header'] ? '' : fields['x-for'];
  const scheme = entrance === length ? 'https' : 'http';
  const wanted = {};
  if (hops !== '0') wanted.client = hops === '' || hops === 'all' || Number(hops) >= length ? client : `127.0.0.${Number(hops) + 2}`;
  if (byForwarded && asked('x-proto')) wanted.proto = fields['x-proto'] === 'all' || Number(fields['x-proto']) >= length ? scheme : 'http';
  else if (asked('x-proto')) wanted.proto = isAny && entrance > Number(fields['x-proto']) ? 'http' : scheme;
  if (!byForwarded && asked('x-host')) wanted.host = 'shop.example';
  if (asked('x-port')) wanted.port = String(ports[isAny ? Number(fields['x-port']) - 1 : length - 1]);
  if (asked('x-prefix')) wanted.prefix = '/app';
  return wanted;
}

// Real nginx with these configurations, up to three in a row: a client forges all, and what the outermost saw is trusted.
async function testNginxChains() {
  let received, target;
  const application = http.createServer((request, response) => { [received, target] = [request.rawHeaders, request.url]; response.end(); });
  const port = await freePort();
  await new Promise((resolve) => { application.listen(port, '127.0.0.1', resolve); });
  const {status, stderr} = run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1', '-subj', '/CN=shop.example',
                                           '-keyout', `${work}/key.pem`, '-out', `${work}/certificate.pem`]);
  demand(status === 0, stderr);
  const library = loadScripts('library', path.join(folder, 'proxyfix_wasm.js'), path.join(folder, 'library.js'));
  const chains = [], servers = [], maps = new Map();
  for (const length of [1, 2, 3]) {
    for (const fields of chainTrusts(length)) {
      const {nginx, errors, fault} = await library.ask({peer: '127.0.0.2', ...fields, head: ''});
      demandSame([errors, fault], [[], ''], JSON.stringify(fields));
      const ports = [], socket = `${work}/chain-${chains.length}`;
      for (let at = 1; at <= length; ++at) {
        ports.push(await freePort());
        const part = nginx.find(({first, last}) => first <= at && at <= last);
        demand(part, `nothing for proxy ${at}: ${JSON.stringify(fields)} ${JSON.stringify(nginx)}`);
        const {text} = part;
        const listens = at < length ? `listen 127.0.0.1:${ports[at - 1]};`
            : `listen 127.0.0.1:${ports[at - 1]} ssl; listen [::1]:${ports[at - 1]} ssl; listen unix:${socket};`;
        const to = `proxy_pass http://127.0.0.1:${at === 1 ? port : ports[at - 2]}; proxy_bind 127.0.0.${at + 1};`;
        servers.push(`server { ${listens}\nlocation / { ${to}\n${text} }\nlocation /try/ { root /usr/share; try_files /none /tried; ${to}\n${text} } }\n`);
      }
      for (const {first, text} of nginx) if (first === 0) maps.set(text.length, text);
      chains.push({fields, length, ports, socket});
    }
  }
  const longest = maps.get(Math.max(...maps.keys()));
  const file = path.join(work, 'chains.conf');
  fs.writeFileSync(file, nginxConfiguration(`ssl_certificate ${work}/certificate.pem; ssl_certificate_key ${work}/key.pem;\n${longest}${servers.join('')}`));
  const nginx = spawn('nginx', ['-c', file, '-p', work, '-e', 'stderr'], {stdio: ['ignore', 'ignore', 'inherit']});
  const ended = new Promise((resolve) => { nginx.on('exit', resolve); });
  const forged = ['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 5.5.5.5', 'X-Forwarded-Proto: wss', 'X-Forwarded-Proto: ws', 'X-Forwarded-Host: evil', 'X-Forwarded-Port: 1',
                  'X-Forwarded-Prefix: /evil', 'Forwarded: for=6.6.6.6;proto=wss;host=evil', 'Forwarded: for=5.5.5.5;by="', 'X-Real-IP: 6.6.6.6', 'X-Real-IP: 5.5.5.5', 'CloudFront-Viewer-Address: 6.6.6.6:443',
                  'X-Original-Forwarded-For: 6.6.6.6', 'X-Forwarded-Ssl: wss', 'X-Original-Host: evil', 'X-Original-Port: 1', 'X-Script-Name: /evil',
                  'Connection: close, X-Forwarded-For, X-Forwarded-Proto, Forwarded'].flatMap((line) => line.split(': '));
  const ask = (protocol, options) => new Promise((resolve, reject) => {
    protocol.get({rejectUnauthorized: false, headers: ['Host', 'shop.example', ...forged], ...options}, (response) => {
      if (response.statusCode >= 500) reject(new Error(`status ${response.statusCode}`));
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
  const decided = (fields) => {
    const lines = [];
    for (let i = 0; i < received.length; i += 2) lines.push(`${received[i]}: ${received[i + 1]}\n`);
    const {stdout, stderr} = inspected({peer: '127.0.0.2', ...fields, head: lines.join('')});
    demand(stderr === '', stderr);
    const {client_position, refused, ...found} = JSON.parse(stdout);
    return {found, refused, about: `${JSON.stringify(fields)}\n${lines.join('')}`};
  };
  try {
    for (let attempt = 1; ; ++attempt) {
      try { await ask(http, {host: '127.0.0.1', port: chains.at(-1).ports[0]}); break; } catch (error) {
        if (nginx.exitCode !== null || attempt === 2000) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    for (const {fields, length, ports, socket} of chains) {
      const any = fields['x-for'] === 'all';
      for (let entrance = any ? 1 : length; entrance <= length; ++entrance) {
        for (const client of entrance === length ? ['127.0.0.9', '::1'] : ['127.0.0.9']) {
          const host = client === '::1' ? client : '127.0.0.1';
          await ask(entrance === length ? https : http, {host, port: ports[entrance - 1], localAddress: client});
          const {found, refused, about} = decided(fields);
          const values = Object.fromEntries(Object.entries(found).filter(([, {value}]) => value !== undefined).map(([what, {value}]) => [what, value]));
          const lied = Object.values(values).filter((value) => ['6.6.6.6', '5.5.5.5', 'wss', 'ws', 'evil', '1', '/evil'].includes(value));
          demandSame(lied, [], `forged and trusted, ${length} proxies, by ${client} at ${entrance}: ${about}`);
          // X-Forwarded-For is added to.
          const usual = {'x-proto': 'X-Forwarded-Proto', 'x-host': 'X-Forwarded-Host', 'x-port': 'X-Forwarded-Port', 'x-prefix': 'X-Forwarded-Prefix'};
          const overwritten = any ? [] : ['x-for', ...Object.keys(usual)].filter((name) => (fields[name] ?? '0') !== '0').map((name) =>
            fields.forwarded && /for|proto|host/.test(name) ? 'Forwarded' : name === 'x-for' && fields['client-header'] ? '' : fields[`names.${name}`] ?? usual[name]).concat(fields['client-header']);
          for (let i = 0; i < received.length; i += 2)
            demand(!overwritten.includes(received[i]) || !forged.some((text) => `${received[i + 1]},`.startsWith(`${text},`)), `not overwritten: ${received[i]}: ${about}`);
          if (fields['client-has-port']) {
            demand(/^\[::1\]:\d+$|^127\.0\.0\.9:\d+$/.test(values.client), `no port: ${values.client}: ${about}`);
            values.client = values.client.replace(/:\d+$/, '').replace(/[[\]]/g, '');
          }
          if (entrance < length && Number(fields['x-proto']) > entrance) continue;  // past the outer proxies: hop_not_trusted
          demandSame([values, refused], [wantedOf(fields, length, entrance, ports, client), false], `${length} proxies, by ${client} at ${entrance}: ${about}`);
        }
      }
      if (!fields.forwarded || fields['x-for'] !== '1' || fields['x-proto'] !== '1' || length > 1) continue;
      await ask(http, {socketPath: socket});
      const {found, about} = decided(fields);
      demandSame([found.client.outcome, found.proto.value], ['anonymous', 'http'], `by a unix-domain socket: ${about}`);
      for (const host of ['127.0.0.1', '::1']) {
        await ask(https, {host, port: ports[0], path: '/try/x'});
        demandSame([target, decided(fields).found.client.value], ['/tried', host], `try_files by ${host}`);
      }
    }
    console.log(`  ${chains.length} chains, ${servers.length} servers`);
  } finally {
    nginx.kill();
    await ended;
    application.close();
  }
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
await Promise.all([runTests(testDecisions, testCpp, testNginxSyntax, testThemesAndWidths),
                   runTests(testNginxChains, testExamples, testHostileText),
                   runTests(testFields, testFoldedFields, testLinks, testFailures, testKeyboardAndNames, testAccessibility, testPolicy)]);
await browser.close();
for (const fault of faults) console.log(`FAILED: ${fault}`);
process.exit(failed > 0 || faults.length > 0 ? 1 : 0);
