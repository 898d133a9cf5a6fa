// The same work with Google's own SDK, in a process of its own: node --expose-gc child.mjs WORK SERVER FOLDER CALLS.
// It prints the object that the C# child prints; see NanoBanana.Bench/Measure.cs for the fields.
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { GoogleGenAI } from '@google/genai';

const warmUps = 40;
const settlingSteps = 4;
const atOnce = 32;
const [work, server, folder, callCount] = process.argv.slice(2);
const [kind, answer] = work.split(':');
const clients = new Map();
let number = 0;
let kept;

function client(name) {
  if (!clients.has(name)) {
    clients.set(name, new GoogleGenAI({ apiKey: 'bench', httpOptions: { baseUrl: `${server}/${name}` } }));
  }
  return clients.get(name);
}

async function generate(name, contents) {
  const response = await client(name).models.generateContent({
    model: 'gemini-3.1-flash-image', contents, config: { responseModalities: ['TEXT', 'IMAGE'] },
  });
  const part = response.candidates[0].content.parts[0];
  // What the caller wants is the image's bytes; the signature goes back as the text it is.
  return { image: Buffer.from(part.inlineData.data, 'base64'), signature: part.thoughtSignature };
}

const bytesOf = (result) => result.image.length + Math.floor(result.signature.length * 3 / 4);

async function keep(name) {
  kept = undefined;
  kept = await generate(name, 'A fox');
  return bytesOf(kept);
}

async function save(name) {
  const result = await generate(name, 'A fox');
  const path = join(folder, `fox-${++number}.png`);
  await writeFile(path, result.image);
  // Without the signature the image could not be edited.
  await writeFile(`${path}.signature`, result.signature);
  return bytesOf(result);
}

async function saveMany(name) {
  const bytes = await Promise.all(Array.from({ length: atOnce }, () => save(name)));
  return bytes.reduce((sum, one) => sum + one, 0);
}

async function inline(path) {
  return { inlineData: { mimeType: 'image/png', data: (await readFile(path)).toString('base64') } };
}

async function refer(from) {
  const names = (await readdir(from)).filter((name) => name.endsWith('.png')).sort();
  const parts = await Promise.all(names.map((name) => inline(join(from, name))));
  await generate('tiny', [{ text: 'The five of them' }, ...parts]);
  return parts.reduce((sum, part) => sum + Math.floor(part.inlineData.data.length * 3 / 4), 0);
}

// The history is what our own module saved: ten images, each with its signature, in the store and beside it.
async function edit(from) {
  const sidecar = JSON.parse(await readFile(join(from, 'history.png.nb.json'), 'utf8'));
  const stored = (blob) => blob.sha256 === sidecar.image.sha256
    ? readFile(join(from, 'history.png'), 'base64')
    : readFile(join(from, '.nb', 'blobs', blob.sha256.slice(0, 2), blob.sha256.slice(2)), 'base64');
  let bytes = 0;
  const contents = [];
  for (const turn of sidecar.conversation.turns) {
    const parts = [];
    for (const part of turn.parts) {
      if (part.image === undefined) {
        parts.push({ text: part.text });
        continue;
      }
      bytes += part.image.length + part.signature.length;
      parts.push({
        inlineData: { mimeType: part.image.mimeType, data: await stored(part.image) },
        thoughtSignature: await stored(part.signature),
      });
    }
    contents.push({ role: turn.role, parts });
  }
  contents.push({ role: 'user', parts: [{ text: 'At night' }] });
  await generate('tiny', contents);
  return bytes;
}

async function interact(name, input, more = {}) {
  const found = {};
  const stream = await client(name).interactions.create({
    model: 'gemini-3.1-flash-image', input, stream: true,
    response_format: [{ type: 'text' }, { type: 'image' }], ...more,
  });
  for await (const event of stream) {
    if (event.delta?.type === 'image') found.image = Buffer.from(event.delta.data, 'base64');
    if (event.delta?.type === 'thought_signature') found.signature = event.delta.signature;
  }
  return found;
}

async function saveInteraction(name) {
  const result = await interact(name, 'A fox');
  const path = join(folder, `fox-${++number}.png`);
  await writeFile(path, result.image);
  await writeFile(`${path}.signature`, result.signature);
  return bytesOf(result);
}

async function editById() {
  await interact('events-tiny', 'At night', { previous_interaction_id: 'v1_bench' });
  return 0;
}

async function editBySteps(from) {
  const sidecar = JSON.parse(await readFile(join(from, 'history.png.nb.json'), 'utf8'));
  let bytes = 0;
  const steps = [];
  for (const turn of sidecar.conversation.turns) {
    const content = [];
    for (const { image, text } of turn.parts) {
      if (image === undefined) {
        content.push({ type: 'text', text });
        continue;
      }
      bytes += image.length;
      const path = image.sha256 === sidecar.image.sha256 ? join(from, 'history.png')
        : join(from, '.nb', 'blobs', image.sha256.slice(0, 2), image.sha256.slice(2));
      content.push({ type: 'image', mime_type: image.mimeType, data: await readFile(path, 'base64') });
    }
    steps.push({ type: turn.role === 'user' ? 'user_input' : 'model_output', content });
  }
  await interact('events-tiny', [...steps, { type: 'user_input', content: [{ type: 'text', text: 'At night' }] }]);
  return bytes;
}

// The SDK has no reader of result files: this is the loop its documentation leads to.
async function results(name) {
  const response = await fetch(`${server}/${name}/v1beta/files/batch-bench:download?alt=media`);
  let bytes = 0;
  for await (const line of createInterface({ input: Readable.fromWeb(response.body), crlfDelay: Infinity })) {
    const part = JSON.parse(line).response.candidates[0].content.parts[0];
    bytes += Buffer.from(part.inlineData.data, 'base64').length + Buffer.from(part.thoughtSignature, 'base64').length;
  }
  return bytes;
}

const jobs = {
  'answer-memory': [() => keep('tiny'), () => keep(answer)],
  'answer-file': [() => save('tiny'), () => save(answer)],
  'parallel-files': [() => save('tiny'), () => saveMany(answer)],
  'request-references': [() => refer(join(folder, 'warm')), () => refer(folder)],
  'edit-history': [() => edit(join(folder, 'warm')), () => edit(folder)],
  'interaction-file': [() => saveInteraction('events-tiny'), () => saveInteraction(answer)],
  'interaction-edit': [() => editById(), () => editById()],
  'interaction-steps': [() => editBySteps(join(folder, 'warm')), () => editBySteps(folder)],
  jsonl: [() => results('jsonl-1'), () => results(answer)],
};

function status(name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}

const cpu = () => {
  const usage = process.cpuUsage();
  return (usage.user + usage.system) / 1000;
};

async function settle() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

const [warmUp, call] = jobs[kind];
// Both runtimes compile what is hot while they run, in steps, each after a number of calls and a pause.
for (let step = 0; step < settlingSteps; step++) {
  for (let i = 0; i < warmUps; i++) await warmUp();
  await settle();
}

writeFileSync('/proc/self/clear_refs', '5');
const idle = status('VmRSS');
let cpuBefore = cpu();
let before = performance.now();
const bytes = await call();
const firstWall = performance.now() - before;
const firstCpu = cpu() - cpuBefore;
const total = status('VmHWM');

const calls = Number(callCount);
// What only large answers make hot is compiled now: the calls after the first are measured when that is done.
for (let step = 0; calls > 0 && step < settlingSteps; step++) {
  for (let i = 0; i < calls; i++) await call();
  await settle();
}
const walls = [];
cpuBefore = cpu();
for (let i = 0; i < calls; i++) {
  before = performance.now();
  await call();
  walls.push(performance.now() - before);
}
const cpuPerCall = calls === 0 ? firstCpu : (cpu() - cpuBefore) / calls;
walls.sort((a, b) => a - b);
const wall = calls === 0 ? firstWall : walls[Math.floor(calls / 2)];
console.log(JSON.stringify({ firstWall, firstCpu, wall, cpu: cpuPerCall, idle, peak: total - idle, total, bytes }));
process.exit(0);
