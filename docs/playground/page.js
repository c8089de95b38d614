// SPDX-License-Identifier: MIT
// The page: its fields, the fragment of its address, and when the library is asked.
'use strict';

const byId = (id) => document.getElementById(id);
const counts = ['x-for', 'x-proto', 'x-host', 'x-port', 'x-prefix'];
const names = counts.map((count) => `names.${count}`);
const switches = ['forwarded', 'client-has-port'];
const fieldNames = ['peer', ...counts, 'forwarded', 'proxies', 'allowed-hosts', ...names, 'client-header', 'client-has-port', 'strip', 'head'];
const otherHeaders = [...names, 'client-header', 'client-has-port'];  // these fields are folded up
const longestLink = 8000;

// The member of Trust that a field sets.
const memberOf = (name) => name.replaceAll('-', '_');

function makeField(name, title, placeholder, parent) {
  const label = document.createElement('label');
  label.htmlFor = name;
  label.append(Object.assign(document.createElement('code'), {textContent: title}));
  const input = Object.assign(document.createElement('input'), {id: name, spellcheck: false, placeholder});
  input.setAttribute('aria-describedby', `${name}-error`);
  const error = Object.assign(document.createElement('p'), {id: `${name}-error`, className: 'error'});
  const field = Object.assign(document.createElement('div'), {className: 'field'});
  field.append(label, input, error);
  byId(parent).append(field);
}

function makeFields() {
  const usualNames = ['For', 'Proto', 'Host', 'Port', 'Prefix'];
  for (const name of counts) makeField(name, memberOf(name), '', 'count-fields');
  names.forEach((name, i) => makeField(name, memberOf(name), `X-Forwarded-${usualNames[i]}`, 'name-fields'));
  const groups = new Map();
  byId('example').append(new Option('your own', ''));
  examples.forEach(({group, title}, i) => {
    if (!groups.has(group)) {
      groups.set(group, Object.assign(document.createElement('optgroup'), {label: group}));
      byId('example').append(groups.get(group));
    }
    groups.get(group).append(new Option(title, String(i)));
  });
}

const valueOf = (name) => switches.includes(name) ? (byId(name).checked ? 'yes' : 'no') : byId(name).value;
const values = () => Object.fromEntries(fieldNames.map((name) => [name, valueOf(name)]));

// What a field holds that sets nothing.
const usual = (name) => counts.includes(name) ? '0' : switches.includes(name) ? 'no' : name === 'strip' ? 'keep' : '';

function setValues(wanted) {
  for (const name of fieldNames) {
    const value = wanted[name] ?? usual(name);
    if (switches.includes(name)) byId(name).checked = value === 'yes';
    else byId(name).value = value;
  }
  if (byId('strip').value === '') byId('strip').value = usual('strip');
  byId('other-headers').open = otherHeaders.some((name) => valueOf(name) !== usual(name));
}

// Which example the fields are; empty: none.
let example = '';
function nameExample(which) {
  example = which;
  byId('example').value = which;
}

function setExample(i) {
  const {fields, head} = examples[i];
  setValues({...fields, head: head.join('\n')});
  nameExample(String(i));
}

// The fragment of a link has the fields. It is written by anybody: it only ever fills them.
function readFragment() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (!['v', ...fieldNames].some((name) => wanted.has(name))) return false;
  setValues(Object.fromEntries(fieldNames.filter((name) => wanted.has(name)).map((name) => [name, wanted.get(name)])));
  nameExample('');
  return true;
}

function fragment() {
  const unusual = Object.entries(values()).filter(([name, value]) => value !== usual(name));
  return `#${new URLSearchParams([['v', '1'], ...unusual])}`;
}

// What the fields held in each entry of the history, by its number. It is kept here and not in the
// history, which browsers write to disk: a head may hold secrets.
const saved = [];
let entry = history.state?.entry ?? 0;
const address = location.href.split('#')[0];

// The fields become an example; the Back button leads to what they were.
function enterExample(i) {
  saved[entry] = {...values(), example};
  saved.length = ++entry;
  history.pushState({entry}, '', address);
  setExample(i);
  updateSoon(0);
}

// The Back or Forward button was pressed, or the fragment was changed by hand.
function enterEntry() {
  saved[entry] = {...values(), example};
  const known = saved[history.state?.entry];
  if (known) {
    entry = history.state.entry;
    setValues(known);
    nameExample(known.example);
  } else {
    entry = history.state?.entry ?? entry + 1;
    history.replaceState({entry}, '');
    readFragment();
  }
  updateSoon(0);
}

function showErrors(errors) {
  for (const name of fieldNames) {
    const mine = errors.filter(({field}) => field === name).map(({message}) => message);
    byId(`${name}-error`).textContent = mine.length > 0 ? `✗ ${mine.join('; ')}` : '';
    byId(name).setAttribute('aria-invalid', String(mine.length > 0));
    if (mine.length > 0 && otherHeaders.includes(name)) byId('other-headers').open = true;
  }
}

// The status, for the eye at once, and for the ear when it has been the same for a while.
function say(text, isAttention) {
  byId('status').className = isAttention ? 'attention' : '';
  byId('status').textContent = text;
  clearTimeout(sayTimer);
  sayTimer = setTimeout(() => { if (byId('announcement').textContent !== text) byId('announcement').textContent = text; }, 700);
}

function show(answer) {
  showErrors(answer.errors);
  const isFaulty = answer.errors.length > 0;
  byId('results').hidden = isFaulty;
  if (isFaulty) {
    const {field, message} = answer.errors[0];
    say(`To be corrected: ${errorNames(answer.errors)}. ${memberOf(field)}: ${message}`, true);
    return;
  }
  byId('chain').replaceChildren(picture.chain(answer));
  byId('advice').replaceChildren(...picture.advice(answer));
  byId('handler').replaceChildren(picture.handler(answer));
  byId('copy').replaceChildren(...picture.copies(answer));
  byId('explanation').textContent = answer.explanation;
  say(picture.summary(answer), answer.decision.refused || answer.fault !== '');
}

const errorNames = (errors) => errors.map(({field}) => memberOf(field)).join(', ');

let asked = 0, timer = 0, sayTimer = 0;

// Asks the library; an answer that a later question has overtaken is dropped.
async function update() {
  const question = ++asked;
  try {
    const answer = await library.ask(values());
    if (question !== asked) return;
    show(answer);
  } catch (error) {
    if (question !== asked) return;
    byId('results').hidden = true;
    say(`The library failed: ${error.message}.`, true);
  }
  byId('results').setAttribute('aria-busy', 'false');
}

function updateSoon(delay) {
  byId('results').setAttribute('aria-busy', 'true');
  byId('link-note').textContent = '';
  clearTimeout(timer);
  timer = setTimeout(update, delay);
}

// The fields are no longer those of the fragment.
function edited() {
  nameExample('');
  if (location.hash !== '') history.replaceState({entry}, '', address);
  updateSoon(50);
}

async function copy(text, button) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement('textarea'), {value: text});
    document.body.append(area);
    area.select();
    done = document.execCommand('copy');
    area.remove();
    button.focus();
  }
  byId('link-note').textContent = done ? 'Copied.' : 'It could not be copied.';
  if (button.dataset.copies) {
    const label = (words) => {
      button.textContent = words;
      button.setAttribute('aria-label', `${words}: ${button.parentElement.firstChild.textContent}`);
    };
    label(done ? 'Copied' : 'Not copied');
    setTimeout(() => label('Copy'), 2000);
  }
}

makeFields();
if (!readFragment()) setExample(0);
history.replaceState({entry}, '');
byId('form').addEventListener('submit', (event) => event.preventDefault());
byId('form').addEventListener('input', edited);
byId('example').addEventListener('change', ({target}) => { if (target.value !== '') enterExample(Number(target.value)); });
byId('theme').addEventListener('change', (event) => { document.documentElement.dataset.theme = event.target.value; });
byId('copy').addEventListener('click', (event) => {
  const name = event.target.dataset?.copies;
  if (name) copy(byId(name).textContent, event.target);
});
byId('link').addEventListener('click', (event) => {
  const wanted = fragment();
  if (wanted.length > longestLink) {
    byId('link-note').textContent = `Too long for a link: ${wanted.length} bytes, and ${longestLink} are the most.`;
    return;
  }
  history.replaceState({entry}, '', wanted);
  copy(location.href, event.target);
});
byId('skip').addEventListener('click', (event) => {
  event.preventDefault();  // the fragment is for the fields
  byId(byId('results').hidden ? 'status' : 'chain-title').focus();
});
window.addEventListener('popstate', enterEntry);
updateSoon(0);
