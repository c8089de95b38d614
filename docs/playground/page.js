// SPDX-License-Identifier: MIT
// The page: its fields, the fragment of its address, and when the library is asked.
'use strict';

const byId = (id) => document.getElementById(id);
const counts = ['x-for', 'x-proto', 'x-host', 'x-port', 'x-prefix', 'forwarded'];
const fieldNames = ['peer', ...counts, 'proxies', 'allowed-hosts', 'client-header', 'strip', 'head'];
const longestLink = 8000;

function makeFields() {
  for (const name of counts) {
    const label = document.createElement('label');
    label.htmlFor = name;
    label.append(Object.assign(document.createElement('code'), {textContent: name.replace('-', '_')}));
    const input = Object.assign(document.createElement('input'), {id: name, spellcheck: false});
    input.setAttribute('aria-describedby', `${name}-error`);
    const error = Object.assign(document.createElement('p'), {id: `${name}-error`, className: 'error'});
    const field = Object.assign(document.createElement('div'), {className: 'field'});
    field.append(label, input, error);
    byId('count-fields').append(field);
  }
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

const values = () => Object.fromEntries(fieldNames.map((name) => [name, byId(name).value]));

function setValues(wanted) {
  const usual = Object.fromEntries(counts.map((name) => [name, '0']));
  for (const name of fieldNames) byId(name).value = wanted[name] ?? usual[name] ?? '';
  if (byId('strip').value === '') byId('strip').value = 'keep';
}

function setExample(i) {
  const {fields, head} = examples[i];
  setValues({...fields, head: head.join('\n')});
  byId('example').value = String(i);
}

// The fragment of the address has the fields. It is written by anybody: it only ever fills them.
function readFragment() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  if (!fieldNames.some((name) => wanted.has(name))) return false;
  setValues(Object.fromEntries(fieldNames.filter((name) => wanted.has(name)).map((name) => [name, wanted.get(name)])));
  byId('example').value = '';
  return true;
}

function fragment() {
  const wanted = Object.entries(values()).filter(([, value]) => value !== '' && value !== '0' && value !== 'keep');
  const text = new URLSearchParams(wanted).toString();
  return text.length <= longestLink ? `#${text}` : '';
}

function showErrors(errors) {
  for (const name of fieldNames) {
    const mine = errors.filter(({field}) => field === name).map(({message}) => message);
    byId(`${name}-error`).textContent = mine.length > 0 ? `✗ ${mine.join('; ')}` : '';
    byId(name).setAttribute('aria-invalid', String(mine.length > 0));
  }
}

function show(answer) {
  showErrors(answer.errors);
  const isFaulty = answer.errors.length > 0;
  byId('results').hidden = isFaulty;
  byId('status').className = isFaulty || answer.decision.refused || answer.fault !== '' ? 'attention' : '';
  if (isFaulty) {
    const {field, message} = answer.errors[0];
    byId('status').textContent = `To be corrected: ${errorNames(answer.errors)}. ${field.replace('-', '_')}: ${message}`;
    return;
  }
  byId('status').textContent = picture.summary(answer);
  byId('chain').replaceChildren(picture.chain(answer));
  byId('advice').replaceChildren(...picture.advice(answer));
  byId('handler').replaceChildren(picture.handler(answer));
  byId('copy').replaceChildren(...picture.copies(answer));
  byId('explanation').textContent = answer.explanation;
}

const errorNames = (errors) => errors.map(({field}) => field.replace('-', '_')).join(', ');

let asked = 0, timer = 0, linkTimer = 0;

// Asks the library; an answer that a later question has overtaken is dropped.
async function update() {
  const question = ++asked;
  const answer = await library.ask(values());
  if (question !== asked) return;
  show(answer);
  byId('results').setAttribute('aria-busy', 'false');
}

function updateSoon(delay) {
  byId('results').setAttribute('aria-busy', 'true');
  byId('link-note').textContent = '';
  clearTimeout(timer);
  timer = setTimeout(update, delay);
  clearTimeout(linkTimer);  // browsers limit how often the address may change
  linkTimer = setTimeout(() => history.replaceState(null, '', fragment() || '#'), 300);
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
    button.textContent = done ? 'Copied' : 'Not copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  }
}

makeFields();
if (!readFragment()) setExample(0);
byId('form').addEventListener('submit', (event) => event.preventDefault());
byId('form').addEventListener('input', () => { byId('example').value = ''; updateSoon(50); });
byId('example').addEventListener('change', (event) => {
  if (event.target.value === '') return;
  setExample(Number(event.target.value));
  updateSoon(0);
});
byId('theme').addEventListener('change', (event) => { document.documentElement.dataset.theme = event.target.value; });
byId('copy').addEventListener('click', (event) => {
  const name = event.target.dataset?.copies;
  if (name) copy(byId(name).textContent, event.target);
});
byId('link').addEventListener('click', (event) => {
  if (fragment() === '') byId('link-note').textContent = 'The request is too long for a link.';
  else copy(location.href.split('#')[0] + fragment(), event.target);
});
window.addEventListener('hashchange', () => { if (readFragment()) updateSoon(0); });
updateSoon(0);
