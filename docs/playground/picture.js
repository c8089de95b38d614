// SPDX-License-Identifier: MIT
// Draws what the library answered. Text goes into the page as text, and never as HTML.
'use strict';

const picture = (() => {
  // An element with attributes and children; a string is text.
  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  const marks = {chosen: '✓', rejected: '✗', passed: '→', not_trusted: '?', ignored: '–'};

  // A value in its box, with a mark and words on what became of it.
  function valueBox(text, standing, words) {
    const box = element('div', {class: `value ${standing}`},
                        element('code', {}, text === '' ? '(empty)' : text));
    const note = element('span', {class: 'note'});
    if (marks[standing]) note.append(element('span', {class: 'mark', 'aria-hidden': 'true'}, marks[standing]), ' ');
    note.append(words);
    box.append(note);
    return box;
  }

  // Is it known that one of your proxies wrote the value?
  const isOfProxy = ({writer}) => writer !== '';

  // Of whom the columns are: the client, the proxies from the outermost inwards, the application. The
  // header that names the client tells how many proxies there are, and who they are: what the proxy of
  // a column wrote has its position.
  function columnsOf(answer) {
    const namesClient = answer.headers.find(
        (header) => header.rows.length > 0 && header.verdicts[0].what === 'client');
    let positions = (namesClient?.rows ?? []).filter(isOfProxy).map(({position}) => position).reverse();
    if (positions.length === 0 && answer.headers.some(({rows}) => rows.some(isOfProxy))) positions = [1];
    const peer = answer.peer === '' ? 'no address' : answer.peer;
    const addressOf = (position) =>
      position === 1 ? peer : namesClient.rows.find((one) => one.position === position).writer;
    const client = answer.decision.client;
    const columns = [{
      kind: 'client',
      name: positions.length > 0 || !answer.peer_is_trusted ? 'Client' : 'Peer',
      address: client.value ?? (positions.length > 0 ? 'not known' : peer),
      note: positions.length > 0 ? '' : answer.peer_is_trusted ? 'no value of a proxy is read' : 'not one of the proxies',
    }];
    positions.forEach((position, i) => {
      const gap = i > 0 ? positions[i - 1] - position - 1 : 0;
      if (gap > 0) columns.push({kind: 'gap', name: `${gap} more`, address: '…', note: ''});
      columns.push({
        kind: 'proxy', position, name: `Proxy ${position}`, address: addressOf(position),
        note: position > 1 ? '' : answer.any_peer ? 'the peer' : 'the peer, one of the proxies',
      });
    });
    columns.push({kind: 'application', name: 'Application', address: 'your handler', note: ''});
    return columns;
  }

  // The cells of a header. Which proxy wrote a value is known of the header that names the client; what
  // the others say may be of any of them, so their cell spans all.
  function cellsOf(header, columns) {
    const rowBox = (row) => valueBox(row.text, row.standing, wordsOn(row));
    const more = (count) => element('p', {class: 'more'}, `${count} more`);
    const ofProxies = header.rows.filter(isOfProxy), others = header.rows.filter((row) => !isOfProxy(row));
    const [client, ...inner] = columns, application = inner.pop();

    let boxes = [];
    if (header.rows.length === 0) {
      const words = header.replaced_by !== '' ? 'ignored' : `ignored: ${header.counts}`;
      if (header.hidden > 0) boxes.push(element('p', {class: 'more'}, `${header.hidden} more lines`));
      boxes.push(...header.lines.map((line) => valueBox(line.value, 'ignored', words)));
    } else {
      let next = header.values;  // from the left to the right, as they stand in the header
      for (const row of others.reverse()) {
        if (row.position < next) boxes.push(more(next - row.position));
        boxes.push(rowBox(row));
        next = row.position - 1;
      }
      const outermost = ofProxies.at(-1)?.position ?? 0;
      if (next > outermost) boxes.push(more(next - outermost));
    }
    const cells = [cellOf('client', `Of the ${client.name.toLowerCase()}`, boxes)];

    const namesClient = header.rows.length > 0 && header.verdicts[0].what === 'client';
    if (inner.length > 0 && !namesClient && ofProxies.length > 0) {
      boxes = [];
      let left = ofProxies.at(-1).position + 1;
      for (const row of ofProxies.reverse()) {
        if (row.position < left - 1) boxes.push(more(left - 1 - row.position));
        boxes.push(rowBox(row));
        left = row.position;
      }
      cells.push(cellOf('proxy', 'Your proxies wrote', [element('div', {class: 'span'}, ...boxes)], inner.length));
    } else {
      for (const {kind, position, name, address} of inner) {
        const mine = namesClient ? ofProxies.filter((row) => row.position === position) : [];
        cells.push(cellOf(kind, `${name} (${address}) wrote`, mine.map(rowBox)));
      }
    }

    if (header.replaced_by !== '') boxes = [valueBox('unchanged', 'none', `${header.replaced_by} is read instead`)];
    else if (!header.is_read) boxes = [valueBox('unchanged', 'none', 'not asked for')];
    else boxes = header.verdicts.map(verdictBox);
    return [...cells, cellOf(application.kind, application.name, boxes)];
  }

  function cellOf(kind, who, boxes, columns = 1) {
    const cell = element('td', {role: 'cell', class: boxes.length > 0 ? kind : `${kind} nothing`, colspan: String(columns)});
    if (boxes.length > 0) cell.append(element('span', {class: 'who'}, who), ...boxes);
    return cell;
  }

  // What is left of what proxies wrote is in a column that says so.
  const wordsOn = ({remark}) => (remark || 'of one of your proxies').replace('ignored: anybody may have written it', 'ignored');

  // What became of one thing that a header says.
  function verdictBox({what, applied, text, fault}) {
    const reason = text.replace('unchanged: ', '') + (fault === '' ? '' : `, ${fault}`);
    const isQuiet = reason === 'absent' || reason === 'not_configured';
    const box = applied ? valueBox(text, 'chosen', `the ${what}`)
                        : valueBox('unchanged', isQuiet ? 'none' : 'rejected', `${what}: ${reason}`);
    box.dataset.what = what;
    return box;
  }

  function chain(answer) {
    if (answer.fault !== '') return element('p', {class: 'empty'}, 'Nothing is decided by this Trust.');
    if (answer.headers.length === 0)
      return element('p', {class: 'empty'}, 'No forwarding header is there, and none is asked for.');
    const columns = columnsOf(answer);
    const table = element('table', {role: 'table', class: 'chain'},
        element('caption', {}, 'From the client on the left to your application on the right: who wrote which value'));
    table.style.setProperty('--hops', columns.length);
    const proxies = columns.filter(({kind}) => kind === 'proxy' || kind === 'gap').length;
    const zones = element('tr', {role: 'row', class: 'zones'}, element('td', {role: 'cell'}),
        element('td', {role: 'cell', class: 'outside'}, proxies > 0 ? 'Anybody may have written this' : 'No value is trusted'));
    if (proxies > 0)
      zones.append(element('td', {role: 'cell', class: 'trusted', colspan: String(proxies)}, 'Written by your proxies'));
    zones.append(element('td', {role: 'cell', class: 'application'}, 'What became of it'));
    const hops = element('tr', {role: 'row', class: 'hops'}, element('th', {role: 'columnheader', scope: 'col'}, 'Header'));
    for (const {kind, name, address, note} of columns) {
      const node = element('div', {class: `node ${kind}`}, element('b', {}, name), ' ', element('code', {}, address));
      if (note !== '') node.append(' ', element('small', {}, note));
      hops.append(element('th', {role: 'columnheader', scope: 'col'}, node));
    }
    table.append(element('thead', {role: 'rowgroup'}, zones, hops));

    const body = element('tbody', {role: 'rowgroup'});
    for (const header of answer.headers) {
      const settings = header.counts.split(', ').map((text) => element('code', {class: 'setting'}, text));
      const row = element('tr', {role: 'row'}, element('th', {role: 'rowheader', scope: 'row'},
          header.name, ...settings.flatMap((setting) => [' ', setting])));
      row.append(...cellsOf(header, columns));
      body.append(row);
    }
    table.append(body);
    return table;
  }

  // What to look at, header by header, and what is wrong with the Trust.
  function advice(answer) {
    const parts = [];
    if (answer.fault !== '')
      parts.push(element('p', {class: 'fault'}, element('strong', {}, '✗ The Trust contradicts itself: '), answer.fault,
                         '. ProxyFix rejects it.'));
    const items = answer.headers.flatMap((header) => {
      const {name, verdicts, lines} = header;
      const texts = verdicts.map(({advice}) => advice).filter((text) => text !== '');
      const erased = lines.filter((line) => line.erased).length;
      const shown = header.hidden > 0 ? `the last ${lines.length}` : String(lines.length);
      if (erased > 0) texts.push(`strip erases ${erased} of ${shown} lines.`);
      return texts.length > 0 ? [element('li', {}, element('b', {}, name), ` ${texts.join(' ')}`)] : [];
    });
    if (items.length > 0) {
      parts.push(element('h3', {}, 'If it looks wrong'));
      parts.push(element('ul', {}, ...items));
    }
    return parts;
  }

  function handler(answer) {
    if (answer.handler.length === 0) return element('p', {}, 'Nothing: ProxyFix rejects this Trust.');
    const shown = (text) => text === '' || text === '0' ? element('span', {class: 'none'}, text === '0' ? '0 (not known)' : '(empty)') : element('code', {}, text);
    const rows = answer.handler.map(([name, before, after]) => {
      const isNew = before !== after;
      const now = element('td', {class: isNew ? 'changed' : ''}, shown(after));
      if (isNew) now.append(' ', element('span', {class: 'note'}, 'changed'));
      return element('tr', {}, element('th', {scope: 'row'}, element('code', {}, name)), element('td', {}, shown(before)), now);
    });
    const head = element('tr', {}, ...['Member', 'Without ProxyFix', 'With it'].map((text) => element('th', {scope: 'col'}, text)));
    const outcomes = ['client', 'proto', 'host', 'port', 'prefix'].map((name) => {
      const {outcome} = answer.decision[name];
      return element('tr', {}, element('th', {scope: 'row'}, element('code', {}, name)),
                     element('td', {'data-outcome': name}, element('code', {}, outcome)));
    });
    const what = ['Header', 'Outcome'].map((text) => element('th', {scope: 'col'}, text));
    return element('div', {class: 'scroll', role: 'region', tabindex: '0', 'aria-label': 'Members of the request'},
        element('table', {class: 'values'}, element('thead', {}, head), element('tbody', {}, ...rows)),
        element('h3', {}, 'And in env.proxy'),
        element('table', {class: 'values'}, element('thead', {}, element('tr', {}, ...what)), element('tbody', {}, ...outcomes)));
  }

  // Text with a button that copies it.
  function snippet(title, text, name) {
    const code = element('pre', {id: name, tabindex: '0', role: 'region', 'aria-label': title}, text);
    const button = element('button', {type: 'button', class: 'copy', 'data-copies': name, 'aria-label': `Copy: ${title}`}, 'Copy');
    return element('div', {class: 'snippet'}, element('div', {class: 'bar'}, element('h3', {}, title), button), code);
  }

  function copies(answer) {
    if (answer.fault !== '') return [element('p', {}, 'Nothing: ProxyFix rejects this Trust.')];
    const parts = [snippet('Trust, in C++', answer.cpp, 'cpp')];
    parts.push(snippet('Trust, as text for parse_trust', answer.variable, 'variable'));
    for (const {title, first, text} of answer.nginx) parts.push(snippet(title, text, `nginx-${first}`));
    if (answer.nginx.length === 0) parts.push(element('p', {}, 'nginx has nothing to set: no header is asked for.'));
    return parts;
  }

  // The picture in a sentence, for the status line.
  function summary(answer) {
    const {client, refused} = answer.decision;
    const seen = client.value ? `The client is ${client.value}.` : `The address stays that of the peer: ${client.outcome}.`;
    return `${answer.fault !== '' ? 'The Trust contradicts itself. ' : ''}${seen} ${refused ? 'Something was rejected.' : 'Nothing was rejected.'}`;
  }

  return {chain, advice, handler, copies, summary};
})();
