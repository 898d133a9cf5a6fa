// The review page in a real browser. tests/report/run makes the page that NB_REPORT names and finds the browser; without one of
// them, everything here is skipped and says so.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const page = process.env.NB_REPORT;
const chromium = [process.env.NB_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(path => path && existsSync(path));
const skip = !page ? 'NB_REPORT names no page' : !chromium ? 'no Chromium' : false;
const shots = process.env.NB_SHOTS;
let browser;
let tab;
const served = process.env.NB_SERVED;
const complaints = [];
const outside = [];

before(async () => {
  if (skip) return;
  const { chromium: engine } = await import('playwright-core');
  browser = await engine.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  tab = await browser.newPage({ viewport: { width: 1360, height: 900 } });
  tab.on('console', message => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  tab.on('pageerror', error => complaints.push(error.message));
  tab.on('request', request => { if (!/^(file|data|about):/.test(request.url())) outside.push(request.url()); });
  await tab.goto(pathToFileURL(page).href);
  await tab.locator('.card').first().waitFor();
});

after(() => browser?.close());

const visible = () => tab.locator('#list > .card').count();

test('every picture is shown, with its prompt as alternative text', { skip }, async () => {
  const count = await visible();
  assert.ok(count >= 6);
  const images = tab.locator('.pic img');
  for (let i = 0; i < await images.count(); i++) {
    await images.nth(i).scrollIntoViewIfNeeded();
    await tab.waitForFunction(image => image.complete && image.naturalWidth > 0, await images.nth(i).elementHandle());
    assert.ok((await images.nth(i).getAttribute('alt')).length > 3);
  }
  assert.equal(await tab.locator('.pic img').evaluateAll(all => all.every(image => image.loading === 'lazy')), true);
});

test('a prompt that looks like markup stays text', { skip }, async () => {
  const card = tab.locator('.card', { hasText: '<img src=x onerror=' });
  assert.equal(await card.count(), 1);
  assert.equal(await card.locator('.prompt img, .prompt script').count(), 0);
  assert.equal(await tab.evaluate(() => window.hacked), undefined);
});

test('search and filters narrow the list and say so', { skip }, async () => {
  const all = await visible();
  await tab.keyboard.press('/');
  await tab.keyboard.type('NIGHT neon');
  assert.equal(await visible(), 1);
  assert.match(await tab.locator('#count').textContent(), new RegExp(`1 of ${all} items`));
  await tab.fill('#query', 'no such words');
  assert.equal(await visible(), 0);
  await tab.fill('#query', '');
  await tab.selectOption('#model', { index: 1 });
  const ofModel = await visible();
  assert.ok(ofModel > 0 && ofModel < all);
  await tab.selectOption('#model', { index: 0 });
  assert.equal(await visible(), all);
});

test('sorting by cost puts the most expensive first', { skip }, async () => {
  await tab.selectOption('#sort', 'cost');
  const costs = (await tab.locator('.money').allTextContents()).map(text => Number(text.slice(1)));
  assert.deepEqual(costs, [...costs].sort((a, b) => b - a));
  await tab.selectOption('#sort', 'listed');
});

test('sorting by score puts the lowest first and pictures without a score last', { skip }, async () => {
  const scored = () => tab.locator('#list > .card').evaluateAll(cards =>
    cards.map(card => card.querySelector('.score')?.textContent.replace('score ', '') ?? ''));
  const listed = await scored();
  await tab.selectOption('#sort', 'score');
  const sorted = await scored();
  const scores = sorted.filter(Boolean).map(Number);
  assert.equal(scores.length, 2);
  assert.ok(scores[0] < scores[1]);
  assert.deepEqual(sorted.slice(0, 2).map(Number), scores);
  assert.deepEqual(listed.filter(Boolean).map(Number), [...scores].reverse());
  assert.match(await tab.locator('.score').first().getAttribute('title'), /./);
  if (shots) await tab.screenshot({ path: `${shots}/report-by-score.png` });
  await tab.selectOption('#sort', 'listed');
});

test('an edit has a slider between before and after that the keyboard moves', { skip }, async () => {
  await tab.locator('.card', { hasText: 'Make it night' }).locator('.pic').click();
  const slider = tab.locator('.compare input');
  await tab.waitForFunction(() => [...document.querySelectorAll('.compare img')].every(image => image.complete && image.naturalWidth > 0));
  const clip = () => tab.locator('.compare .after').evaluate(image => getComputedStyle(image).clipPath);
  const middle = await clip();
  await slider.press('ArrowRight');
  assert.notEqual(await clip(), middle);
  await slider.press('Home');
  assert.match(await clip(), /0%?\)$|0px\)$/);
  await tab.keyboard.press('Escape');
  assert.equal(await tab.locator('#detail').evaluate(dialog => dialog.open), false);
});

test('the anchor stands beside its variation', { skip }, async () => {
  const figure = tab.locator('.card', { hasText: 'Make it night' }).locator('.beside figure', { hasText: 'kael' });
  assert.equal(await figure.locator('img').evaluate(async image => { await image.decode(); return image.naturalWidth > 0; }), true);
});

test('the lineage is a tree', { skip }, async () => {
  await tab.click('#view-tree');
  assert.equal(await tab.locator('.family > ol > li > ol > li > ol > li', { hasText: 'falling snow' }).count(), 1);
  await tab.click('#view-grid');
});

test('sources are one click away, and the search entry point is boxed in', { skip }, async () => {
  const card = tab.locator('.card', { has: tab.locator('.sources') });
  const link = card.locator('.sources a').first();
  assert.match(await link.getAttribute('href'), /^https:/);
  assert.match(await link.getAttribute('rel'), /noopener/);
  await card.locator('iframe').scrollIntoViewIfNeeded();
  const sandbox = await card.locator('iframe').getAttribute('sandbox');
  assert.ok(!/allow-scripts|allow-same-origin/.test(sandbox));
  await tab.waitForFunction(() => document.querySelector('iframe.entry').srcdoc.length > 0);
});

test('every control has a name', { skip }, async () => {
  const nameless = await tab.locator('button, input, select, a, iframe').evaluateAll(all => all.filter(control =>
    !(control.textContent.trim() || control.ariaLabel || control.title || control.labels?.[0]?.textContent.trim() || control.querySelector('img[alt]'))).length);
  assert.equal(nameless, 0);
});

for (const [width, height] of [[1360, 900], [420, 860]]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`nothing overflows at ${width} pixels, ${colorScheme}`, { skip }, async () => {
      await tab.setViewportSize({ width, height });
      await tab.emulateMedia({ colorScheme });
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      if (shots) await tab.screenshot({ path: `${shots}/report-${width}-${colorScheme}.png` });
    });
  }
}

test('from a file, what was said is downloaded as review.json', { skip }, async () => {
  const card = tab.locator('.card', { hasText: 'Steam over a cup' });
  await card.getByRole('button', { name: 'Approve', exact: true }).click();
  assert.equal(await card.getByRole('button', { name: 'Approve', exact: true }).getAttribute('aria-pressed'), 'true');
  await card.locator('textarea').fill('more steam');
  await card.locator('textarea').blur();
  assert.match(await tab.locator('#review-count').textContent(), /1 approved/);
  const [saved] = await Promise.all([tab.waitForEvent('download'), tab.click('#review-save')]);
  assert.equal(saved.suggestedFilename(), 'review.json');
  const [said] = Object.values(JSON.parse(readFileSync(await saved.path(), 'utf8')).items);
  assert.equal(said.decision, 'approved');
  assert.equal(said.note, 'more steam');
  assert.match(said.sha256, /^[0-9a-f]{64}$/);
});

test('served, what was said is in the folder, and the page shows it again', { skip: skip || (!served && 'NB_SERVED names no address') }, async () => {
  const other = await browser.newPage();
  other.on('console', message => { if (['error', 'warning'].includes(message.type())) complaints.push(message.text()); });
  await other.goto(served);
  const card = other.locator('.card', { hasText: 'Steam over a cup' });
  await card.getByRole('button', { name: 'Reject', exact: true }).click();
  await card.locator('textarea').fill('too thin');
  await card.locator('textarea').blur();
  await other.waitForFunction(() => document.getElementById('review-state').textContent === 'Saved');
  await other.reload();
  assert.equal(await card.getByRole('button', { name: 'Reject', exact: true }).getAttribute('aria-pressed'), 'true');
  assert.equal(await card.locator('textarea').inputValue(), 'too thin');
  await card.locator('.pic img').evaluate(async image => { image.loading = 'eager'; await image.decode(); });
  await other.click('#review-done');
  await other.waitForFunction(() => document.getElementById('review-state').textContent.startsWith('Done'));
  await other.close();
});

test('the browser had nothing to complain about, and nothing left the machine', { skip }, () => {
  assert.deepEqual(complaints, []);
  assert.deepEqual(outside, []);
});
