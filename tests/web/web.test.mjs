// examples/web as a person uses it: an anchor chosen by click, ten variations of it. tests/web/run prepares NB_WORK, NB_DLL and NB_CHROMIUM.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const work = process.env.NB_WORK;
const shots = join(work, 'shots');
const token = 'a-token-of-the-web-example';
const patience = 120_000;
const running = [];
const seen = [];
let browser;
let tab;
let site;

// The first address a server prints, once it prints it.
function start(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  running.push(child);
  const said = [];
  child.stderr.on('data', data => said.push(`${data}`));
  return new Promise((resolve, reject) => {
    child.on('exit', code => reject(new Error(`${command} ended with ${code}: ${said.join('')}`)));
    createInterface({ input: child.stdout }).on('line', line => {
      said.push(`${line}\n`);
      const address = /http:\/\/\S+:\d+\S*/.exec(line);
      if (address) resolve(address[0]);
    });
  });
}

const ended = child => child.exitCode !== null || child.signalCode !== null
  ? Promise.resolve() : new Promise(resolve => child.on('exit', resolve));

before(async () => {
  const nb = await start('dotnet', [process.env.NB_DLL, 'web', '--offline', '--out', shots, '--port', '0'],
    { env: { ...process.env, NB_WEB_TOKEN: token } });
  const next = fileURLToPath(import.meta.resolve('next/dist/bin/next'));
  site = await start(process.execPath, [next, 'dev', '--hostname', '127.0.0.1', '--port', '0'],
    { cwd: join(work, 'app'), env: { ...process.env, NB_WEB_URL: `${nb}/`, NB_WEB_TOKEN: token } });
  const { chromium } = await import('playwright-core');
  browser = await chromium.launch({ executablePath: process.env.NB_CHROMIUM, args: ['--no-sandbox'] });
  tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  tab.setDefaultTimeout(patience);
  tab.on('request', request => seen.push(`${request.url()} ${JSON.stringify(request.headers())}`));
  await tab.goto(site, { timeout: patience });
});

after(async () => {
  await browser?.close();
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(running.map(ended));
});

test('the route answers as the route of the first documents', { timeout: patience }, async () => {
  const response = await fetch(new URL('/api/generate-image', site), {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ prompt: 'a fox', imageSize: '1K' }),
  });
  assert.equal(response.status, 200);
  const { image } = await response.json();
  assert.equal(image.mimeType, 'image/jpeg');
  assert.equal(image.url, `data:image/jpeg;base64,${image.data}`);
  assert.ok(readdirSync(shots).some(name => /\.jpg$/.test(name)
    && readFileSync(join(shots, name)).equals(Buffer.from(image.data, 'base64'))));
});

test('a wrong size is refused with words for the page', { timeout: patience }, async () => {
  const response = await fetch(new URL('/api/generate-image', site), {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ prompt: 'a fox', imageSize: '9K' }),
  });
  assert.equal(response.status, 400);
  assert.equal((await response.json()).id, 'Nb.Request.UnsupportedSize');
});

test('an anchor chosen by click is in each of ten variations', { timeout: patience }, async () => {
  await tab.getByRole('button', { name: 'Propose' }).click();
  const candidates = tab.locator('#candidates button');
  await candidates.nth(2).waitFor();
  const ids = await candidates.evaluateAll(all => all.map(one => one.dataset.id));
  assert.equal(new Set(ids).size, 3);
  await candidates.nth(1).click();
  await tab.locator('#candidates button[aria-pressed=true]').waitFor();
  await tab.locator('#vary').click();
  await tab.locator('#pictures figure').nth(9).waitFor();
  const made = await tab.locator('#pictures figure').evaluateAll(all => all.map(one => one.dataset.id));
  assert.equal(new Set(made).size, 10);
  assert.ok(await tab.locator('#pictures img').evaluateAll(all => all.every(image => image.src.startsWith('data:image/'))));
  assert.equal(await tab.getByRole('alert').filter({ hasText: /./ }).count(), 0);
  if (process.env.NB_SHOTS) await tab.screenshot({ path: join(process.env.NB_SHOTS, 'web.png'), fullPage: true });

  // The emulator draws a band for each reference; its judge reads the bands, and a score is how well they match.
  const judged = execFileSync('dotnet', [process.env.NB_DLL, 'test', ...made.map(id => join(shots, id)), '--anchor', 'hero',
    '--library', join(shots, 'anchors'), '--offline', '--json'], { encoding: 'utf8' });
  const verdicts = judged.trim().split('\n').map(line => JSON.parse(line));
  assert.deepEqual(verdicts.map(verdict => verdict.isAccepted), Array(10).fill(true));
});

test('neither the token nor the address of nb web reaches the browser', () => {
  assert.ok(seen.length > 0);
  assert.deepEqual(seen.filter(request => request.includes(token) || !request.startsWith(new URL(site).origin) && !request.startsWith('data:')), []);
});
