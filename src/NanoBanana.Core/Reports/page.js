'use strict';
// Everything in the data is foreign text: it goes through textContent and checked attributes, never through markup.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const items = data.items;
  const $ = id => document.getElementById(id);
  // The search entry point is the one piece of foreign markup; it lives in a sandbox of its own.
  const policy = window.trustedTypes ? trustedTypes.createPolicy('entry', { createHTML: text => text }) : { createHTML: text => text };
  const shown = { query: '', state: '', model: '', anchor: '', sort: 'listed' };
  const cards = new Map();
  let order = items.map((_, i) => i);

  function el(tag, props = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (value === undefined || value === null || value === false) continue;
      if (name === 'text') node.textContent = value;
      else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.filter(child => child));
    return node;
  }

  const labels = {
    Succeeded: 'Made', UpToDate: 'Up to date', Failed: 'Failed', Blocked: 'Blocked', Uncertain: 'Uncertain', Rejected: 'Rejected', Pending: 'Pending',
    Running: 'Running', Submitted: 'Submitted', Foreign: 'No history', Derived: 'Derived',
  };
  const isBad = item => ['Failed', 'Blocked', 'Uncertain', 'Rejected'].includes(item.state);
  const label = state => labels[state] ?? state;
  const money = usd => '$' + usd.toFixed(usd >= 1 || usd === 0 ? 2 : usd >= 0.01 ? 3 : 4);
  const bytes = n => n >= 1e6 ? (n / 1e6).toFixed(1) + ' MB' : n >= 1e3 ? Math.round(n / 1e3) + ' kB' : n + ' bytes';
  const pixels = item => item.width && item.height ? `${item.width} × ${item.height}` : item.size;
  const words = item => item.prompt || item.name;
  const plural = (n, one) => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;
  const before = item => item.parent !== undefined ? items[item.parent].file : item.before;
  const altBefore = item => item.parent !== undefined ? words(items[item.parent]) : 'The picture it was made from';

  // Relative links to files only: whatever a sidecar says, nothing is asked of a network.
  function picture(file, alt, lazy, sized) {
    return el('img', { src: file, alt, loading: lazy ? 'lazy' : null, decoding: 'async', width: sized?.width || null, height: sized?.height || null });
  }

  function beside(item, lazy) {
    const figures = [];
    if (before(item)) figures.push(el('figure', {}, picture(before(item), altBefore(item), lazy), el('figcaption', { text: 'before' })));
    for (const index of item.anchors ?? []) {
      const anchor = data.anchors[index];
      const name = anchor.name || 'reference';
      const caption = anchor.description ? `${name}: ${anchor.description}` : `${name} · ${anchor.role.toLowerCase()}`;
      figures.push(el('figure', { title: caption },
        anchor.file ? picture(anchor.file, `${anchor.role} ${name}`, lazy) : null, el('figcaption', { text: lazy ? name : caption })));
    }
    return figures.length ? el('div', { class: 'beside' }, ...figures) : null;
  }

  // Google asks that the page holding a source is one click away, and that its search entry point is shown as it came.
  function sources(item) {
    const grounding = item.grounding;
    if (!grounding) return null;
    const box = el('div', { class: 'sources' });
    const links = (grounding.sources ?? []).filter(source => /^https?:\/\//i.test(source.page));
    if (links.length) {
      box.append(el('span', { text: 'Sources' }), el('ul', {}, ...links.map(source => el('li', {}, el('a', {
        href: source.page, target: '_blank', rel: 'noopener noreferrer', text: source.title || new URL(source.page).hostname,
      })))));
    }
    if (grounding.entry) {
      const frame = el('iframe', {
        class: 'entry', title: 'Google Search suggestions', sandbox: 'allow-popups allow-popups-to-escape-sandbox', referrerpolicy: 'no-referrer',
      });
      const fill = () => { frame.srcdoc = policy.createHTML('<!DOCTYPE html><base target="_blank">' + grounding.entry); };
      const seen = new IntersectionObserver(entries => {
        if (!entries.some(entry => entry.isIntersecting)) return;
        seen.disconnect();
        fill();
      });
      seen.observe(frame);
      box.append(frame);
    }
    return box.childNodes.length ? box : null;
  }

  function why(item) {
    const error = item.error;
    return el('div', { class: isBad(item) ? 'why' : 'why calm' },
      el('strong', { text: label(item.state) }),
      error?.message ? el('span', { text: error.message }) : null,
      error?.advice ? el('span', { text: error.advice }) : null,
      error?.id ? el('code', { text: error.id }) : null);
  }

  function price(item) {
    return typeof item.cost === 'number' ? el('span', { class: 'money', text: money(item.cost) }) : null;
  }

  // A person's word is on the picture that is shown: another one in its place has none.
  const said = new Map();
  const reviewed = new Map();
  const count = decision => items.filter(item => item.decision === decision).length;

  function review(item) {
    if (!item.sha256) return null;
    const button = (decision, text) => el('button', {
      type: 'button', 'data-decision': decision, onclick: () => { item.decision = item.decision === decision ? undefined : decision; say(item); },
    }, text);
    const note = el('textarea', { rows: 1, maxlength: 2000, 'aria-label': `Note on ${item.name}`, placeholder: 'Note: what to change, or why not' });
    note.addEventListener('change', () => { item.note = note.value.trim() || undefined; say(item); });
    const box = el('div', { class: 'review', role: 'group', 'aria-label': `Review of ${item.name}` },
      button('approved', 'Approve'), button('rejected', 'Reject'), note);
    // The card's, which stays, and the newest of the large view.
    reviewed.set(item, [...(reviewed.get(item) ?? []).slice(0, 1), box]);
    mark(item, box);
    return box;
  }

  function mark(item, box) {
    for (const button of box.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset.decision === item.decision));
    box.querySelector('textarea').value = item.note ?? '';
  }

  const entry = item => ({ sha256: item.sha256, decision: item.decision, note: item.note, at: new Date().toISOString() });
  const file = entries => JSON.stringify({ $review: 1, items: Object.fromEntries(entries) }, null, 2);

  function say(item) {
    said.set(item.name, entry(item));
    for (const box of reviewed.get(item) ?? []) mark(item, box);
    tellReview(data.served ? 'Saving …' : '');
    if (data.served) send();
  }

  // One after the other: what was said last stays.
  let sending = Promise.resolve();
  function send() {
    const entries = [...said];
    said.clear();
    sending = sending.then(async () => {
      try {
        const answer = await fetch('./review', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: file(entries) });
        if (!answer.ok) throw new Error(await answer.text() || answer.statusText);
        tellReview(said.size ? 'Saving …' : 'Saved');
      } catch (error) {
        for (const [name, one] of entries) if (!said.has(name)) said.set(name, one);
        tellReview(`Not saved: ${error.message}`);
      }
    });
  }

  // From a file, nothing can be written: the whole review is downloaded, and belongs beside the pictures.
  function download() {
    const whole = items.filter(item => item.sha256 && (item.decision || item.note)).map(item => [item.name, entry(item)]);
    const cleared = [...said].filter(([, one]) => !one.decision && !one.note);
    const url = URL.createObjectURL(new Blob([file([...whole, ...cleared])], { type: 'application/json' }));
    el('a', { href: url, download: 'review.json' }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
    said.clear();
    tellReview(`Put review.json into ${data.folder}`);
  }

  async function finish() {
    await sending;
    if (said.size) return;
    await fetch('./done', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' });
    tellReview('Done: this page can be closed');
  }

  function tellReview(words) {
    $('review').hidden = !items.some(item => item.sha256);
    $('review-count').textContent = `${count('approved')} approved, ${count('rejected')} rejected`;
    $('review-state').textContent = words;
    $('review-save').hidden = data.served || !said.size;
    $('review-done').hidden = !data.served;
  }

  function card(item, index) {
    const badge = item.state === 'Succeeded' ? null : el('span', { class: 'badge', text: label(item.state) });
    const open = () => show(index);
    const top = item.file
      ? el('button', { class: 'pic', type: 'button', onclick: open }, picture(item.file, words(item), true, item), badge)
      : why(item);
    top.querySelector('img')?.addEventListener('error', () => top.classList.add('lost'));
    return el('li', { class: 'card', 'data-state': item.state }, top, el('div', { class: 'body' },
      el('p', { class: 'name', text: item.name }),
      item.prompt ? el('p', { class: 'prompt', text: item.prompt }) : null,
      beside(item, true),
      sources(item),
      review(item),
      el('p', { class: 'meta' },
        item.model ? el('span', { text: item.model, title: item.model }) : null,
        pixels(item) ? el('span', { text: pixels(item) }) : null,
        typeof item.score === 'number' ? el('span', { class: 'score', text: `score ${item.score.toFixed(2)}`, title: item.verdict }) : null,
        price(item))));
  }

  function tell() {
    document.title = data.title;
    $('title').textContent = data.title;
    $('about').textContent = [data.folder === data.title ? null : data.folder, new Date(data.created).toLocaleString()].filter(Boolean).join('  ·  ');
    const made = items.filter(item => item.file).length;
    const missing = items.length - made;
    const edits = items.filter(item => before(item) && item.state !== 'Derived').length;
    const spent = items.reduce((sum, item) => sum + (item.cost ?? 0), 0);
    const models = new Set(items.filter(item => item.file).map(item => item.model).filter(Boolean)).size;
    const one = (n, name) => n === 1 ? name : name + 's';
    const figures = [[one(made, 'Image'), made.toLocaleString('en')], [one(edits, 'Edit'), edits.toLocaleString('en')],
      [one(models, 'Model'), models], ['Cost', money(spent)]];
    if (missing) figures.splice(1, 0, ['Without image', missing.toLocaleString('en'), 'bad']);
    $('totals').append(...figures.map(([name, value, kind]) => el('div', { class: kind }, el('dt', { text: name }), el('dd', { text: value }))));
  }

  function choices(select, values, all) {
    select.append(el('option', { value: '', text: all }), ...values.map(value => el('option', { value, text: value })));
    select.closest('label').hidden = values.length < 2;
  }

  function controls() {
    const counts = new Map();
    for (const item of items) counts.set(item.state, (counts.get(item.state) ?? 0) + 1);
    if (counts.size > 1) {
      for (const [state, count] of [['', items.length], ...counts]) {
        $('states').append(el('button', {
          type: 'button', 'data-state': state, 'aria-pressed': String(state === ''),
          onclick: () => { shown.state = state; update(); },
        }, state ? label(state) : 'All', el('b', { text: count })));
      }
    }
    const sorted = values => [...new Set(values)].filter(Boolean).sort();
    choices($('model'), sorted(items.map(item => item.model)), 'all');
    choices($('anchor'), sorted(data.anchors.map(anchor => anchor.name)), 'all');
    $('bar').addEventListener('submit', event => event.preventDefault());
    $('query').addEventListener('input', () => { shown.query = $('query').value; update(); });
    for (const name of ['model', 'anchor', 'sort']) $(name).addEventListener('change', () => { shown[name] = $(name).value; update(); });
    $('scale').addEventListener('input', () => document.documentElement.style.setProperty('--card', $('scale').value + 'px'));
    $('view-grid').addEventListener('click', () => view(false));
    $('view-tree').addEventListener('click', () => view(true));
    $('theme').addEventListener('click', () => {
      const now = document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
      document.documentElement.dataset.theme = now === 'dark' ? 'light' : 'dark';
    });
    document.addEventListener('keydown', event => {
      if (event.key === '/' && !$('detail').open && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
        event.preventDefault();
        $('query').focus();
      }
    });
  }

  const haystacks = items.map(item => [item.name, item.prompt, item.text, item.model, item.state, label(item.state), item.error?.message, item.error?.id,
    ...(item.anchors ?? []).map(index => data.anchors[index].name)].filter(Boolean).join('\n').toLowerCase());

  function matches(index) {
    const item = items[index];
    return (!shown.state || item.state === shown.state)
      && (!shown.model || item.model === shown.model)
      && (!shown.anchor || (item.anchors ?? []).some(a => data.anchors[a].name === shown.anchor))
      && shown.query.toLowerCase().split(/\s+/).every(word => haystacks[index].includes(word));
  }

  const by = key => (a, b) => { const x = key(items[a]), y = key(items[b]); return x < y ? -1 : x > y ? 1 : a - b; };
  const orders = {
    listed: (a, b) => a - b,
    newest: (a, b) => (items[b].at ?? '').localeCompare(items[a].at ?? '') || a - b,
    name: by(item => item.name.toLowerCase()),
    cost: by(item => -(item.cost ?? -1)),
    score: by(item => item.score ?? 2),
    model: by(item => item.model ?? '~'),
    state: by(item => isBad(item) ? 0 : item.file ? 2 : 1),
  };

  function update() {
    order = items.map((_, i) => i).filter(matches).sort(orders[shown.sort]);
    for (const button of $('states').children) button.setAttribute('aria-pressed', String(button.dataset.state === shown.state));
    $('list').replaceChildren(...order.map(index => {
      if (!cards.has(index)) cards.set(index, card(items[index], index));
      return cards.get(index);
    }));
    const spent = order.reduce((sum, index) => sum + (items[index].cost ?? 0), 0);
    $('count').textContent = order.length
      ? (order.length === items.length ? plural(items.length, 'item') : `${order.length} of ${plural(items.length, 'item')}`) + `, ${money(spent)}`
      : 'Nothing fits.';
    if (!$('tree').hidden) grow();
  }

  function view(tree) {
    $('tree').hidden = !tree;
    $('list').hidden = tree;
    $('view-tree').setAttribute('aria-pressed', String(tree));
    $('view-grid').setAttribute('aria-pressed', String(!tree));
    if (tree) grow();
  }

  // Families of pictures that came from one another; those that fit the filter, with all of their family.
  function grow() {
    const children = items.map(() => []);
    items.forEach((item, index) => { if (item.parent !== undefined) children[item.parent].push(index); });
    const root = index => { while (items[index].parent !== undefined) index = items[index].parent; return index; };
    const roots = [...new Set(order.map(root))].filter(index => children[index].length || items[index].before);
    const branch = (index, depth) => {
      const item = items[index];
      return el('li', { class: depth > 7 ? 'deep' : null },
        el('button', { type: 'button', class: 'node', onclick: () => show(index) },
          item.file ? picture(item.file, '', true) : el('span', { class: 'none', text: label(item.state) }),
          el('span', {}, el('span', { class: 'prompt', text: item.derived || words(item) }),
            el('small', { text: [item.name, item.model, typeof item.cost === 'number' ? money(item.cost) : null].filter(Boolean).join('  ·  ') }))),
        children[index].length ? el('ol', {}, ...children[index].map(child => branch(child, depth + 1))) : null);
    };
    const first = index => items[index].before
      ? el('li', {}, el('div', { class: 'node' }, picture(items[index].before, '', true), el('span', { text: 'the picture it began with' })),
        el('ol', {}, branch(index, 1)))
      : branch(index, 0);
    $('tree').replaceChildren(...roots.map(index => el('div', { class: 'family' }, el('ol', {}, first(index)))));
    const out = order.filter(index => !roots.includes(root(index))).length;
    if (!roots.length) $('tree').append(el('p', { class: 'empty', text: 'No picture here was made from another.' }));
    else if (out) $('tree').append(el('p', { class: 'empty', text: `Left out: ${plural(out, 'picture')} that ${out === 1 ? 'was' : 'were'} not edited.` }));
  }

  function stage(item) {
    if (!item.file) return why(item);
    const ratio = String(item.width && item.height ? item.width / item.height : 1);
    let frame;
    if (before(item)) {
      const slider = el('input', { type: 'range', min: 0, max: 100, value: 50, step: 1, 'aria-label': 'How much of the picture before is shown' });
      const was = picture(before(item), altBefore(item));
      const is = picture(item.file, words(item));
      was.className = 'before';
      is.className = 'after';
      frame = el('div', { class: 'frame compare' }, was, is,
        el('span', { class: 'tag was', text: 'before' }), el('span', { class: 'tag is', text: 'after' }), slider);
      slider.addEventListener('input', () => frame.style.setProperty('--at', slider.value + '%'));
    } else {
      frame = el('div', { class: 'frame' }, picture(item.file, words(item)));
    }
    frame.style.setProperty('--ratio', ratio);
    return frame;
  }

  function section(title, ...content) {
    return content.some(Boolean) ? el('section', {}, el('h3', { text: title }), ...content) : null;
  }

  function facts(item) {
    const rows = [['State', label(item.state)], ['Model', item.model], ['Pixels', pixels(item)], ['Asked for', [item.ratio, item.size].filter(Boolean).join(' · ')],
      ['Cost', typeof item.cost === 'number' ? money(item.cost) : null], ['Made', item.at ? new Date(item.at).toLocaleString() : null],
      ['Finished', item.finish], ['Length', item.bytes ? bytes(item.bytes) : null], ['Made by', item.derived]];
    const list = el('dl', { class: 'facts' });
    for (const [name, value] of rows) if (value) list.append(el('dt', { text: name }), el('dd', { text: value }));
    if (item.file) {
      const name = item.path ?? item.name;
      // A page that holds its pictures has none to open.
      list.append(el('dt', { text: 'File' }), el('dd', {}, item.file.startsWith('data:') ? el('span', { text: name })
        : el('a', { href: item.file, target: '_blank', rel: 'noopener', text: name })));
    }
    return list;
  }

  function show(index) {
    const dialog = $('detail');
    const item = items[index];
    const at = order.indexOf(index);
    const step = by => { if (at >= 0 && order[at + by] !== undefined) show(order[at + by]); };
    const arrow = (text, name, by) => el('button', {
      type: 'button', 'aria-label': name, title: name, disabled: at < 0 || order[at + by] === undefined, onclick: () => step(by),
    }, text);
    dialog.replaceChildren(
      el('div', { class: 'stage' }, stage(item)),
      el('div', { class: 'side' },
        el('nav', { 'aria-label': 'Pictures' }, arrow('←', 'Previous', -1), el('span', { text: at < 0 ? '' : `${at + 1} of ${order.length}` }),
          arrow('→', 'Next', 1), el('button', { type: 'button', 'aria-label': 'Close', title: 'Close', onclick: () => dialog.close() }, '×')),
        el('h2', { id: 'detail-title', text: item.name }),
        item.prompt ? el('p', { class: 'words', text: item.prompt }) : null,
        item.file && item.error ? section('Problem', why(item)) : null,
        section('Review', review(item)),
        section('Beside it', beside(item, false)),
        section('The model says', item.text ? el('p', { class: 'words', text: item.text }) : null),
        section('Grounding', sources(item)),
        section('Notes', item.warnings?.length ? el('ul', { class: 'notes' }, ...item.warnings.map(text => el('li', { text }))) : null),
        section('Facts', facts(item)),
        section('As it was sent', item.sent && item.sent !== item.prompt ? el('p', { class: 'words quiet', text: item.sent }) : null)));
    dialog.onkeydown = event => {
      if (event.target.type === 'range' || event.target.tagName === 'TEXTAREA') return;
      if (event.key === 'ArrowLeft') step(-1);
      if (event.key === 'ArrowRight') step(1);
    };
    dialog.onclick = event => { if (event.target === dialog) dialog.close(); };
    if (!dialog.open) dialog.showModal();
    (dialog.querySelector('input[type=range]') ?? dialog.querySelector('button:not(:disabled)')).focus({ focusVisible: false });
  }

  $('review-save').addEventListener('click', download);
  $('review-done').addEventListener('click', finish);
  addEventListener('beforeunload', event => { if (said.size) event.preventDefault(); });
  tell();
  tellReview('');
  controls();
  update();
})();
