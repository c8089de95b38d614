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

  const marks = {chosen: '✓', refused: '✗', passed: '→', not_believed: '?', not_read: '–'};

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

  // Of whom the columns are: the client, the proxies from the outermost inwards, the application. A
  // value that is known to be of a proxy stands in that proxy's column, at its position.
  function columnsOf(answer) {
    const positions = new Set();
    for (const header of answer.headers) {
      for (const row of header.rows) if (row.writer !== '') positions.add(row.position);
    }
    const sorted = [...positions].sort((a, b) => b - a);
    const namesClient = answer.headers.find(
        (header) => header.rows.length > 0 && header.verdicts[0].what === 'client');
    const peer = answer.peer === '' ? 'no address' : answer.peer;
    const addressOf = (position) => {
      if (position === 1) return peer;
      const row = namesClient?.rows.find((one) => one.position === position);
      return row?.writer || 'not known';
    };
    const client = answer.decision.client;
    const columns = [{
      kind: 'client',
      name: sorted.length > 0 || !answer.peer_is_trusted ? 'Client' : 'Peer',
      address: client.value ?? (sorted.length > 0 ? 'not known' : peer),
      note: sorted.length > 0 ? '' : answer.peer_is_trusted ? 'no value of a proxy is read' : 'not one of the proxies',
    }];
    sorted.forEach((position, i) => {
      const gap = i > 0 ? sorted[i - 1] - position - 1 : 0;
      if (gap > 0) columns.push({kind: 'gap', name: `${gap} more`, address: '…', note: ''});
      columns.push({
        kind: 'proxy', position, name: `Proxy ${position}`, address: addressOf(position),
        note: position > 1 ? '' : answer.any_peer ? 'the peer' : 'the peer, one of the proxies',
      });
    });
    columns.push({kind: 'application', name: 'Application', address: 'your handler', note: ''});
    return columns;
  }

  // The boxes of a header in a column.
  function boxesOf(header, column) {
    if (column.kind === 'proxy') {
      return header.rows.filter((row) => row.position === column.position && row.writer !== '')
          .map((row) => valueBox(row.text, row.standing, wordsOn(row)));
    }
    if (column.kind === 'application') {
      if (header.replaced_by !== '') return [valueBox('unchanged', 'none', `${header.replaced_by} is read instead`)];
      return header.count === '0' ? [valueBox('unchanged', 'none', 'not asked for')] : header.verdicts.map(verdictBox);
    }
    if (column.kind !== 'client') return [];
    if (header.rows.length === 0) {
      const words = header.replaced_by !== '' ? 'not looked at' : `not looked at: ${header.option} is 0`;
      const hidden = header.hidden > 0 ? [element('p', {class: 'more'}, `${header.hidden} more lines`)] : [];
      return [...hidden, ...header.lines.map((line) => valueBox(line.value, 'not_read', words))];
    }
    const boxes = [];
    let next = header.values;  // from the left to the right, as they stand in the header
    for (const row of [...header.rows].reverse()) {
      if (row.writer !== '') break;
      if (row.position < next) boxes.push(element('p', {class: 'more'}, `${next - row.position} more`));
      boxes.push(valueBox(row.text, row.standing, wordsOn(row)));
      next = row.position - 1;
    }
    return boxes;
  }

  function wordsOn({standing, remark}) {
    if (standing === 'passed') return remark || 'of a proxy of yours';
    return standing === 'not_read' ? 'not read' : remark;
  }

  // What became of one thing that a header says.
  function verdictBox({what, applied, text}) {
    const reason = text.replace('unchanged: ', '');
    const isQuiet = reason === 'absent' || reason === 'not_configured';
    const box = applied ? valueBox(text, 'chosen', `the ${what}`)
                        : valueBox('unchanged', isQuiet ? 'none' : 'refused', `${what}: ${reason}`);
    box.dataset.what = what;
    return box;
  }

  function chain(answer) {
    if (answer.headers.length === 0)
      return element('p', {class: 'empty'}, 'No forwarding header is there, and none is asked for.');
    const columns = columnsOf(answer);
    const table = element('table', {role: 'table', class: 'chain'},
        element('caption', {}, 'From the client on the left to your application on the right: who wrote which value'));
    table.style.setProperty('--hops', columns.length);
    const proxies = columns.filter(({kind}) => kind === 'proxy' || kind === 'gap').length;
    const zones = element('tr', {role: 'row', class: 'zones'}, element('td', {role: 'cell'}),
        element('td', {role: 'cell', class: 'outside'}, proxies > 0 ? 'Anybody may have written this' : 'Nobody is believed'));
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
      const setting = header.option === 'client_header' ? 'client_header' : `${header.option} = ${header.count}`;
      const row = element('tr', {role: 'row'}, element('th', {role: 'rowheader', scope: 'row'},
          header.name, ' ', element('code', {class: 'setting'}, setting)));
      for (const column of columns) {
        const boxes = boxesOf(header, column);
        const cell = element('td', {role: 'cell', class: boxes.length > 0 ? column.kind : `${column.kind} nothing`});
        if (boxes.length > 0) {
          const who = column.kind === 'proxy' ? `${column.name} (${column.address}) wrote` : column.kind === 'client' ? 'Of the client' : 'Application';
          cell.append(element('span', {class: 'who'}, who));
        }
        cell.append(...boxes);
        row.append(cell);
      }
      body.append(row);
    }
    table.append(body);
    return table;
  }

  // What a value has to be, by what it says; else it is malformed. The bounds hold for values to the right too.
  const grammars = {
    client: 'an address as 203.0.113.7, 2001:db8::7 or [2001:db8::7]:443, not 0.0.0.0 or ::, in at most 64 bytes',
    scheme: 'http, https, ws or wss, in at most 64 bytes',
    host: 'a name, an IPv4 address or an IPv6 address in brackets, perhaps with a port, in at most 320 bytes',
    port: 'a number of 1 to 65535 without leading zeros, in at most 64 bytes',
    prefix: 'a path as /app/v1, of letters, digits and -._~!$&*+=:@, without empty, . and .. segments, in at most 1024 bytes',
    element: 'one as for=203.0.113.7;proto=https;host=shop.example, in at most 1024 bytes',
  };

  // Why is it malformed?
  function whyMalformed({name, verdicts}) {
    const malformed = verdicts.find(({text}) => text === 'unchanged: malformed');
    if (!malformed) return [];
    const what = name === 'Forwarded' ? 'element' : malformed.what;
    return [`The ${what} has to be ${grammars[what]}.`];
  }

  // What to look at, header by header, and what is wrong with the Trust.
  function advice(answer) {
    const parts = [];
    if (answer.fault !== '')
      parts.push(element('p', {class: 'fault'}, element('strong', {}, '✗ The Trust contradicts itself: '), answer.fault,
                         '. ProxyFix refuses it. The chain shows how it would act.'));
    const items = answer.headers.flatMap((header) => {
      const {name, verdicts, lines} = header;
      const texts = [...whyMalformed(header), ...verdicts.map(({advice}) => advice).filter((text) => text !== '')];
      const erased = lines.filter((line) => line.erased).length;
      if (erased > 0) texts.push(`strip erases ${erased} of ${lines.length} lines.`);
      return texts.length > 0 ? [element('li', {}, element('b', {}, name), ` ${texts.join(' ')}`)] : [];
    });
    if (items.length > 0) {
      parts.push(element('h3', {}, 'If it looks wrong'));
      parts.push(element('ul', {}, ...items));
    }
    return parts;
  }

  function handler(answer) {
    if (answer.handler.length === 0) return element('p', {}, 'Nothing: ProxyFix refuses this Trust.');
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
    if (answer.fault !== '') return [element('p', {}, 'Nothing: ProxyFix refuses this Trust.')];
    const parts = [snippet('Trust, in C++', answer.cpp, 'cpp')];
    for (const {first, last, text} of answer.nginx) {
      const which = last > first ? `proxies ${first} to ${last}` : first === 1 ? 'proxy 1, next to the application' : `proxy ${first}`;
      parts.push(snippet(`nginx as ${which}`, text, `nginx-${first}`));
    }
    if (answer.nginx.length === 0) parts.push(element('p', {}, 'nginx has nothing to set: no header is asked for.'));
    return parts;
  }

  // The picture in a sentence, for the status line.
  function summary(answer) {
    const {client, refused} = answer.decision;
    const seen = client.value ? `The client is ${client.value}.` : `The address stays that of the peer: ${client.outcome}.`;
    return `${answer.fault !== '' ? 'The Trust contradicts itself. ' : ''}${seen} ${refused ? 'Something was refused.' : 'Nothing was refused.'}`;
  }

  return {chain, advice, handler, copies, summary};
})();
