// Google's own SDK drives the emulator through every documented image use.
// node conformance.mjs [BASE_URL]   or   NB_EMULATOR_URL=http://127.0.0.1:8080/ node conformance.mjs
import assert from 'node:assert/strict';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError, GoogleGenAI, ThinkingLevel } from '@google/genai';

const baseUrl = (process.argv[2] ?? process.env.NB_EMULATOR_URL ?? '').replace(/\/$/, '');
if (!baseUrl) {
  console.error('Say where the emulator listens: node conformance.mjs http://127.0.0.1:8080/');
  process.exit(2);
}

const flash = 'gemini-nano-banana-2.1';
const pro = 'gemini-3-pro-image';
const first = 'gemini-2.5-flash-image';
const ai = new GoogleGenAI({ apiKey: 'conformance-key', httpOptions: { baseUrl } });
const folder = await mkdtemp(join(tmpdir(), 'nb-conformance-'));

// ---- small helpers -------------------------------------------------------------------------------------------------

const generate = (contents, config, model = flash) => ai.models.generateContent({ model, contents, config });

function images(response) {
  return response.candidates[0].content.parts
    .filter((part) => part.inlineData && !part.thought)
    .map((part) => Buffer.from(part.inlineData.data, 'base64'));
}

function image(response) {
  const found = images(response);
  assert.equal(found.length, 1, 'exactly one picture');
  return found[0];
}

function size(bytes) {
  if (bytes[0] === 0x89) return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
  assert.equal(bytes.readUInt16BE(0), 0xffd8, 'a JPEG');
  let offset = 2;
  while (bytes[offset + 1] !== 0xc0) offset += 2 + bytes.readUInt16BE(offset + 2);
  return `${bytes.readUInt16BE(offset + 7)}x${bytes.readUInt16BE(offset + 5)}`;
}

const inline = (bytes) => ({
  inlineData: { mimeType: bytes[0] === 0x89 ? 'image/png' : 'image/jpeg', data: bytes.toString('base64') },
});

async function refused(promise, status, pattern) {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof ApiError, `an ApiError, not ${error}`);
    assert.equal(error.status, status);
    assert.match(error.message, pattern);
    return true;
  });
}

async function own(method, path, body) {
  const response = await fetch(baseUrl + path, { method, body: body && JSON.stringify(body) });
  assert.equal(response.status, 200);
  return response.json();
}

async function finished(name) {
  let job = await ai.batches.get({ name });
  for (let step = 0; step < 10 && !/SUCCEEDED|FAILED|CANCELLED|EXPIRED/.test(job.state); step++) {
    await own('POST', '/emulator/clock', { seconds: 60 });
    job = await ai.batches.get({ name });
  }
  return job;
}

const uses = [];
const use = (name, run) => uses.push({ name, run });

// ---- the uses ------------------------------------------------------------------------------------------------------

use('text to image', async () => {
  const response = await generate('A fox in the snow');
  assert.equal(size(image(response)), '1024x1024');
  assert.ok(response.text.length > 0);
  assert.equal(response.usageMetadata.candidatesTokensDetails[0].tokenCount, 1120);
  assert.equal(response.modelVersion, flash);
});

use('every size of a model', async () => {
  for (const [imageSize, pixels] of [['1K', '1376x768'], ['2K', '2752x1536'], ['4K', '5504x3072']]) {
    const response = await generate('A fox', { imageConfig: { aspectRatio: '16:9', imageSize } });
    assert.equal(size(image(response)), pixels);
  }
});

use('image only', async () => {
  const response = await generate('A fox', { responseModalities: ['IMAGE'] });
  assert.equal(response.candidates[0].content.parts.length, 1);
});

use('png from the first model', async () => {
  const bytes = image(await generate('A fox', { imageConfig: { aspectRatio: '2:3' } }, first));
  assert.equal(bytes[0], 0x89);
  assert.equal(size(bytes), '832x1248');
});

use('edit of an image', async () => {
  const fox = image(await generate('A fox', { imageConfig: { aspectRatio: '3:2' } }));
  const edited = image(await generate([{ text: 'Add a red scarf' }, inline(fox)]));
  assert.equal(size(edited), '1264x848', 'the ratio follows the input');
  assert.notDeepEqual(edited, fox);
});

use('five references', async () => {
  const parts = [{ text: 'An office group photo of these people' }];
  for (let person = 1; person <= 5; person++) parts.push(inline(image(await generate(`Person ${person}`))));
  image(await generate(parts, { imageConfig: { aspectRatio: '5:4', imageSize: '2K' } }, pro));
});

use('chat of three turns', async () => {
  const chat = ai.chats.create({ model: pro, config: { responseModalities: ['TEXT', 'IMAGE'] } });
  const one = image(await chat.sendMessage({ message: 'An infographic about photosynthesis' }));
  const two = image(await chat.sendMessage({ message: 'Translate it into Spanish' }));
  const three = image(await chat.sendMessage({
    message: 'Make it wide',
    config: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '16:9' } },
  }));
  assert.notDeepEqual(one, two);
  assert.equal(size(three), '1376x768');
});

use('chat with thoughts in its history', async () => {
  const config = { thinkingConfig: { thinkingLevel: ThinkingLevel.HIGH, includeThoughts: true } };
  const chat = ai.chats.create({ model: flash, config });
  const answer = await chat.sendMessage({ message: 'A castle' });
  assert.ok(answer.candidates[0].content.parts.some((part) => part.thought && part.inlineData));
  image(await chat.sendMessage({ message: 'At night' }));
});

use('streamed chat', async () => {
  const chat = ai.chats.create({ model: flash });
  let bytes;
  for (let turn = 1; turn <= 2; turn++) {
    bytes = undefined;
    for await (const chunk of await chat.sendMessageStream({ message: `Turn ${turn}` })) {
      for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
        if (part.inlineData) bytes = Buffer.from(part.inlineData.data, 'base64');
      }
    }
    assert.equal(size(bytes), '1024x1024');
  }
});

use('text and images interleaved', async () => {
  const response = await generate('[[INTERLEAVED:3]] A recipe for paella, step by step');
  assert.equal(images(response).length, 3);
});

use('grounding with web search', async () => {
  const response = await generate("Today's weather in Oslo as a chart", { tools: [{ googleSearch: {} }] }, pro);
  const grounding = response.candidates[0].groundingMetadata;
  assert.ok(grounding.searchEntryPoint.renderedContent.includes('<'));
  assert.ok(grounding.groundingChunks[0].web.uri);
  image(response);
});

use('grounding with image search', async () => {
  const response = await generate('A timareta butterfly', {
    tools: [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }],
  });
  const chunks = response.candidates[0].groundingMetadata.groundingChunks;
  assert.ok(chunks.some((chunk) => chunk.image?.sourceUri && chunk.image.imageUri));
});

use('thinking levels', async () => {
  const config = (level, includeThoughts) => ({ thinkingConfig: { thinkingLevel: level, includeThoughts } });
  const minimal = await generate('A fox', config(ThinkingLevel.MINIMAL, false));
  const high = await generate('A fox', config('High', true));
  assert.ok(high.usageMetadata.thoughtsTokenCount > minimal.usageMetadata.thoughtsTokenCount);
  const thoughts = high.candidates[0].content.parts.filter((part) => part.thought);
  assert.equal(thoughts.filter((part) => part.inlineData).length, 2);
  assert.ok(thoughts.every((part) => !part.thoughtSignature));
});

use('system instruction and safety settings', async () => {
  image(await generate('A fox', {
    systemInstruction: 'You draw in water colors.',
    safetySettings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', threshold: 'BLOCK_ONLY_HIGH' }],
    seed: 7,
  }));
});

use('counting tokens', async () => {
  assert.ok((await ai.models.countTokens({ model: flash, contents: 'A fox in the snow' })).totalTokens > 0);
});

use('listing models page by page', async () => {
  const names = [];
  for await (const model of await ai.models.list({ config: { pageSize: 2 } })) names.push(model.name);
  assert.ok(names.includes(`models/${flash}`) && names.includes(`models/${first}`));
  assert.ok(!names.some((name) => name.endsWith('-preview')));
  assert.equal((await ai.models.get({ model: flash })).name, `models/${flash}`);
});

use('files: upload, get, use, list, delete', async () => {
  const bytes = image(await generate('An anchor', { imageConfig: { aspectRatio: '4:5' } }));
  const path = join(folder, 'anchor.jpg');
  await writeFile(path, bytes);
  const file = await ai.files.upload({ file: path, config: { mimeType: 'image/jpeg', displayName: 'anchor' } });
  assert.equal(file.sizeBytes, String(bytes.length));
  assert.equal((await ai.files.get({ name: file.name })).displayName, 'anchor');
  const edited = await generate([{ text: 'The same in blue' }, { fileData: { fileUri: file.uri, mimeType: file.mimeType } }]);
  assert.equal(size(image(edited)), '928x1152');
  const names = [];
  for await (const listed of await ai.files.list({ config: { pageSize: 5 } })) names.push(listed.name);
  assert.ok(names.includes(file.name));
  await ai.files.delete({ name: file.name });
  await refused(ai.files.get({ name: file.name }), 403, /may not exist/);
});

use('files: a large upload in chunks', async () => {
  const bytes = Buffer.alloc(20 * 1024 * 1024, 7);
  const file = await ai.files.upload({ file: new Blob([bytes]), config: { mimeType: 'application/jsonl' } });
  assert.equal(file.sizeBytes, String(bytes.length));
});

use('files: gone after 48 hours', async () => {
  const file = await ai.files.upload({ file: new Blob([image(await generate('Old'))]), config: { mimeType: 'image/jpeg' } });
  await own('POST', '/emulator/clock', { advance: '48:00:01' });
  await refused(
    generate([{ text: 'Again' }, { fileData: { fileUri: file.uri, mimeType: 'image/jpeg' } }]), 403, /PERMISSION_DENIED/);
});

use('batch from a file', async () => {
  const line = (key, text) => JSON.stringify({ key, request: { contents: [{ role: 'user', parts: [{ text }] }] } });
  const lines = [line('a', 'A fox'), line('b', '[[ERROR:503]]'), line('c', 'A castle')];
  const path = join(folder, 'batch.jsonl');
  await writeFile(path, lines.join('\n'));
  const file = await ai.files.upload({ file: path, config: { mimeType: 'application/jsonl' } });
  const created = await ai.batches.create({ model: flash, src: file.name, config: { displayName: 'three' } });
  assert.match(created.state, /PENDING/);
  const job = await finished(created.name);
  assert.match(job.state, /SUCCEEDED/);
  await refused(ai.files.get({ name: job.dest.fileName }), 400, /cannot be more than 40 characters/);
  const result = join(folder, 'result.jsonl');
  await ai.files.download({ file: job.dest.fileName, downloadPath: result });

  // The SDK does not wait until the file is written.
  let text = '';
  for (let step = 0; step < 200 && text.split('\n').length < 4; step++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    text = await readFile(result, 'utf8').catch(() => '');
  }
  const items = text.trim().split('\n').map((row) => JSON.parse(row));
  assert.deepEqual(items.map((item) => item.key), ['a', 'b', 'c']);
  assert.equal(items[1].error.code, 503);
  assert.equal(size(image(items[2].response)), '1024x1024');
});

use('batch inline', async () => {
  const request = (text, key) => ({ contents: [{ role: 'user', parts: [{ text }] }], metadata: { key } });
  const created = await ai.batches.create({
    model: first, src: [request('A fox', 'a'), request('[[ERROR:500]]', 'b')], config: { displayName: 'inline' },
  });
  const job = await finished(created.name);
  assert.match(job.state, /SUCCEEDED/);
  assert.equal(job.dest.inlinedResponses.length, 2);
  image(job.dest.inlinedResponses[0].response);
  assert.ok(job.dest.inlinedResponses[1].error);
  const names = [];
  for await (const listed of await ai.batches.list({ config: { pageSize: 2 } })) names.push(listed.name);
  assert.ok(names.includes(created.name));
});

use('batch canceled and deleted', async () => {
  const created = await ai.batches.create({
    model: flash, src: [{ contents: [{ role: 'user', parts: [{ text: 'A fox' }] }] }], config: { displayName: 'stop' },
  });
  await ai.batches.cancel({ name: created.name });
  assert.match((await ai.batches.get({ name: created.name })).state, /CANCELLED/);
  await ai.batches.delete({ name: created.name });
  await refused(ai.batches.get({ name: created.name }), 404, /NOT_FOUND/);
});

use('Vertex AI paths with a bearer token', async () => {
  const vertex = new GoogleGenAI({ vertexai: true, apiKey: 'express-key', httpOptions: { baseUrl } });
  image(await vertex.models.generateContent({ model: flash, contents: 'A fox' }));
  const response = await fetch(
    `${baseUrl}/v1beta1/projects/p/locations/global/publishers/google/models/${flash}:generateContent`, {
      method: 'POST',
      headers: { Authorization: 'Bearer token', 'Content-Type': 'application/json' },
      body: JSON.stringify({
        contents: [{ role: 'user', parts: [{ text: 'A fox' }] }],
        generationConfig: { imageConfig: { personGeneration: 'ALLOW_ADULT' } },
      }),
    });
  assert.equal(response.status, 200);
});

use('no image, and why', async () => {
  const unsafe = await generate('[[IMAGE_SAFETY]]');
  assert.equal(unsafe.candidates[0].finishReason, 'IMAGE_SAFETY');
  const blocked = await generate('[[BLOCKED:PROHIBITED_CONTENT]]');
  assert.equal(blocked.promptFeedback.blockReason, 'PROHIBITED_CONTENT');
  assert.equal(blocked.candidates, undefined);
});

use('errors: settings', async () => {
  const imageConfig = (config) => ({ imageConfig: config });
  await refused(generate('A fox', imageConfig({ imageSize: '1k' })), 400, /INVALID_ARGUMENT/);
  await refused(generate('A fox', imageConfig({ imageSize: '512' })), 400, /INVALID_ARGUMENT/);
  await refused(generate('A fox', imageConfig({ aspectRatio: '7:3' })), 400, /aspect_ratio must be one of/);
  await refused(generate('A fox', imageConfig({ imageSize: '1K' }), first), 400, /INVALID_ARGUMENT/);
  await refused(generate('A fox', { thinkingConfig: { thinkingLevel: 'LOW' } }, pro), 400, /[Tt]hinking level/);
  await refused(generate('A fox', { tools: [{ googleSearch: {} }] }, first), 400, /Search/);
});

use('errors: model and key', async () => {
  await refused(generate('A fox', {}, 'gemini-3-pro-image-preview'), 404, /is not found for API version v1/);
  await refused(generate('A fox', {}, 'no-such-model'), 404, /NOT_FOUND/);
  const response = await fetch(`${baseUrl}/v1beta/models`);
  assert.equal(response.status, 403);
});

use('errors: signatures', async () => {
  const answer = await generate('A fox');
  const history = (turn) => [
    { role: 'user', parts: [{ text: 'A fox' }] }, turn, { role: 'user', parts: [{ text: 'Again' }] }];
  const turn = answer.candidates[0].content;
  image(await generate(history(turn)));
  const without = structuredClone(turn);
  delete without.parts[1].thoughtSignature;
  await refused(generate(history(without)), 400, /missing a thought_signature in content position 2, part position 2/);
  const changed = structuredClone(turn);
  const signature = Buffer.from(changed.parts[1].thoughtSignature, 'base64');
  signature[signature.length - 1] ^= 1;
  changed.parts[1].thoughtSignature = signature.toString('base64');
  await refused(generate(history(changed)), 400, /thought signature/i);
  await refused(generate(history(turn), {}, pro), 400, /thought signature/i);
});

use('errors: fifteen references', async () => {
  const fox = image(await generate('A fox'));
  await refused(generate([{ text: 'All of them' }, ...Array(15).fill(inline(fox))]), 400, /14/);
});

// ---- interactions --------------------------------------------------------------------------------------------------

const interact = (input, more = {}) => ai.interactions.create({ model: flash, input, ...more });
const contentOf = (bytes) => ({ type: 'image', mime_type: 'image/jpeg', data: bytes.toString('base64') });
const step = (interaction, type) => interaction.steps.find((found) => found.type === type);
const drawn = (interaction) => {
  assert.equal(interaction.status, 'completed');
  const output = interaction.steps.findLast((found) => found.type === 'model_output');
  return Buffer.from(output.content.findLast((content) => content.type === 'image').data, 'base64');
};

// This part of the SDK has errors of its own, without the status's name.
const declined = (promise, status, pattern) => assert.rejects(promise, (error) => {
  assert.equal(error.status, status);
  assert.match(error.message, pattern);
  return true;
});

async function played(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}

const pictureOf = (events) => Buffer.from(
  events.findLast((event) => event.event_type === 'step.delta' && event.delta.type === 'image').delta.data, 'base64');

use('interaction: text to image', async () => {
  const interaction = await interact('A fox in the snow');
  assert.match(interaction.id, /^v1_/);
  assert.equal(interaction.model, flash);
  assert.equal(size(drawn(interaction)), '1024x1024');
  assert.equal(interaction.output_image.mime_type, 'image/jpeg', "the SDK's own short way finds it");
  assert.ok(interaction.output_text.length > 0);
  assert.ok(step(interaction, 'thought').signature.length > 0);
  assert.equal(interaction.usage.output_tokens_by_modality.find((count) => count.modality === 'image').tokens, 1120);
});

use('interaction: sized, image only, and with words', async () => {
  const format = { type: 'image', aspect_ratio: '16:9', image_size: '2K', mime_type: 'image/jpeg', delivery: 'inline' };
  const only = await interact('A fox', { response_format: format });
  assert.equal(size(drawn(only)), '2752x1536');
  assert.equal(step(only, 'model_output').content.length, 1);
  const both = await interact('A fox', { response_format: [{ type: 'text' }, format] });
  assert.deepEqual(step(both, 'model_output').content.map((content) => content.type), ['text', 'image']);
});

use('interaction: several contents', async () => {
  const person = drawn(await interact('A person'));
  const place = drawn(await interact('A place'));
  const together = await interact([{ type: 'text', text: 'The person in the place' }, contentOf(person), contentOf(place)]);
  assert.notDeepEqual(drawn(together), person);
  const file = await ai.files.upload({ file: new Blob([person]), config: { mimeType: 'image/jpeg' } });
  drawn(await interact([{ type: 'text', text: 'In blue' }, { type: 'image', uri: file.uri, mime_type: 'image/jpeg' }]));
});

use('interaction: chain of three', async () => {
  const one = await interact('A castle');
  const two = await interact('At night', { previous_interaction_id: one.id });
  const three = await interact('Make it wide', {
    previous_interaction_id: two.id, response_format: { type: 'image', aspect_ratio: '16:9' },
  });
  assert.equal(two.previous_interaction_id, one.id);
  assert.notDeepEqual(drawn(one), drawn(two));
  assert.equal(size(drawn(three)), '1376x768');
  assert.ok(three.usage.total_input_tokens > one.usage.total_input_tokens, 'the history is input');
});

use('interaction: the same conversation without storing it', async () => {
  const same = { generation_config: { seed: 7 } };
  const stored = await interact('A castle', same);
  const chained = drawn(await interact('At night', { ...same, previous_interaction_id: stored.id }));
  const one = await interact('A castle', { ...same, store: false });
  const history = (steps) => [
    { type: 'user_input', content: [{ type: 'text', text: 'A castle' }] }, ...steps,
    { type: 'user_input', content: [{ type: 'text', text: 'At night' }] }];
  const two = await interact(history(one.steps), { ...same, store: false });
  assert.deepEqual(drawn(two), chained);
  await declined(ai.interactions.get(one.id), 404, /not stored/);
  await declined(interact(history(one.steps.filter((found) => found.type !== 'thought')), { store: false }), 400, /thought_signature/);
  await declined(interact('Again', { store: false, previous_interaction_id: stored.id }), 400, /store is false/);
});

use('interaction: search', async () => {
  const interaction = await interact("Today's weather in Oslo as a chart", {
    tools: [{ type: 'google_search', search_types: ['web_search', 'image_search'] }],
  });
  drawn(interaction);
  const calls = interaction.steps.filter((found) => found.type === 'google_search_call');
  assert.deepEqual(calls.map((call) => call.search_type), ['web_search', 'image_search']);
  const result = interaction.steps.find((found) => found.call_id === calls[0].id);
  assert.ok(result.result[0].search_suggestions.includes('<') && result.signature);
  const text = step(interaction, 'model_output').content.find((content) => content.type === 'text');
  assert.ok(text.annotations.every((annotation) => annotation.type === 'url_citation' && annotation.url));
  assert.deepEqual(interaction.usage.grounding_tool_count, [{ type: 'google_search', count: 2 }]);
});

use('interaction: thinking with summaries', async () => {
  const thinking = (level, summaries) => ({ generation_config: { thinking_level: level, thinking_summaries: summaries } });
  const minimal = await interact('A fox', thinking('minimal', 'none'));
  const high = await interact('A fox', thinking('high', 'auto'));
  assert.ok(high.usage.total_thought_tokens > minimal.usage.total_thought_tokens);
  assert.equal(step(minimal, 'thought').summary, undefined);
  assert.deepEqual(step(high, 'thought').summary.map((content) => content.type), ['text', 'image', 'image']);
});

use('interaction: stream', async () => {
  const config = { generation_config: { thinking_summaries: 'auto', seed: 7 } };
  const whole = await interact('A fox', config);
  const events = await played(await interact('A fox', { ...config, stream: true }));
  const types = events.map((event) => event.event_type);
  assert.equal(types[0], 'interaction.created');
  assert.equal(types.at(-1), 'interaction.completed');
  assert.ok(types.includes('interaction.status_update') && types.includes('step.start') && types.includes('step.stop'));
  assert.deepEqual(pictureOf(events), drawn(whole));
  assert.ok(events.some((event) => event.delta?.type === 'thought_summary'));
  assert.ok(events.some((event) => event.delta?.type === 'thought_signature'));
  const { id, usage } = events.at(-1).interaction;
  assert.equal(id, events[0].interaction.id);
  assert.equal(usage.total_tokens, whole.usage.total_tokens);
  assert.deepEqual(drawn(await ai.interactions.get(id)), drawn(whole));
});

use('interaction: a stream that broke is resumed and not paid again', async () => {
  const before = (await own('GET', '/emulator/statistics')).billedGenerations;
  const events = [];
  await assert.rejects(async () => {
    for await (const event of await interact('[[FAULT:cutInPicture]] A fox', { stream: true })) events.push(event);
  });
  const { id } = events[0].interaction;
  assert.ok(!events.some((event) => event.delta?.type === 'image'));
  const rest = await played(await ai.interactions.get(id, { stream: true, last_event_id: events.at(-1).event_id }));
  assert.equal(size(pictureOf(rest)), '1024x1024');
  assert.deepEqual(pictureOf(rest), drawn(await ai.interactions.get(id)));
  assert.equal((await own('GET', '/emulator/statistics')).billedGenerations, before + 1);
});

use('interaction: background', async () => {
  const created = await interact('A fox', { background: true });
  assert.match(created.status, /queued|in_progress/);
  await own('POST', '/emulator/clock', { seconds: 60 });
  assert.equal(size(drawn(await ai.interactions.get(created.id))), '1024x1024');
  await declined(interact('[[FAULT:backgroundRefused]] A fox', { background: true }), 400, /[Bb]ackground/);
});

use('interaction: get, cancel and delete', async () => {
  const running = await interact('A fox', { background: true });
  assert.equal((await ai.interactions.cancel(running.id)).status, 'cancelled');
  assert.equal((await ai.interactions.get(running.id)).status, 'cancelled');
  const done = await interact('A fox');
  await declined(ai.interactions.cancel(done.id), 400, /canceled/);
  const again = await ai.interactions.get(done.id, { include_input: true });
  assert.equal(again.input[0].content[0].text, 'A fox');
  assert.deepEqual(again.steps, done.steps);
  await ai.interactions.delete(done.id);
  await declined(ai.interactions.get(done.id), 404, /not found/);
  await declined(interact('Again', { previous_interaction_id: done.id }), 404, /not found/);
});

use('interaction: gone after 55 days', async () => {
  const { id } = await interact('A fox');
  await own('POST', '/emulator/clock', { advance: '1319:00:00' });
  await ai.interactions.get(id);
  await own('POST', '/emulator/clock', { advance: '1:00:01' });
  await declined(ai.interactions.get(id), 404, /not found/);
});

use('interaction: every status', async () => {
  for (const status of ['failed', 'cancelled', 'incomplete', 'budget_exceeded', 'requires_action', 'something_new']) {
    const interaction = await interact(`[[STATUS:${status}]] A fox`);
    assert.equal(interaction.status, status);
  }
  const unsafe = await interact('[[IMAGE_SAFETY]] A fox');
  assert.equal(step(unsafe, 'model_output').error.details[0].reason, 'IMAGE_SAFETY');
  const blocked = await interact('[[BLOCKED:PROHIBITED_CONTENT]] A fox');
  assert.equal(blocked.errors[0].code, 'PROHIBITED_CONTENT');
  const continued = await interact('[[STATUS:requires_continuation]] A fox');
  assert.equal(continued.continuation_ids.length, 2, 'the SDK asks for the rest by itself');
  assert.equal(size(drawn(continued)), '1024x1024');
});

use('interaction: tiers and labels', async () => {
  const interaction = await interact('A fox', { service_tier: 'flex', labels: { campaign: 'spring' } });
  drawn(interaction);
  assert.equal(interaction.service_tier, 'flex');
  assert.deepEqual(interaction.labels, { campaign: 'spring' });
});

use('interaction: words of a text model', async () => {
  const schema = { type: 'object', properties: { seen: { type: 'boolean' } }, required: ['seen'] };
  const interaction = await interact('Is there a fox?', {
    model: 'gemini-3.7-flash', response_format: { type: 'text', mime_type: 'application/json', schema },
  });
  assert.equal(typeof JSON.parse(interaction.output_text).seen, 'boolean');
});

use('interaction: errors', async () => {
  const format = (more) => ({ response_format: { type: 'image', ...more } });
  await declined(interact('A fox', format({ image_size: '1k' })), 400, /image_size must be one of/);
  await declined(interact('A fox', format({ aspect_ratio: '7:3' })), 400, /aspect_ratio must be one of/);
  await declined(interact('A fox', { model: 'no-such-model' }), 404, /not found/);
  await declined(interact('A fox', { unknown_field: 1 }), 400, /Unknown name/);
  await declined(interact('A fox', { service_tier: 'golden' }), 400, /service_tier/);
  await declined(interact([]), 400, /input is not specified/);
  await declined(interact('A fox', { previous_interaction_id: 'v1_none' }), 404, /not found/);
  await declined(interact('A fox', { tools: [{ type: 'google_search' }], model: first }), 400, /Search/);
  await declined(interact('[[FAULT:internal]] A fox'), 500, /internal/i);
});

// ---- run -----------------------------------------------------------------------------------------------------------

let failed = 0;
for (const { name, run } of uses) {
  try {
    await run();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n      ${String(error?.stack ?? error).slice(0, 1500).replaceAll('\n', '\n      ')}`);
  }
}
console.log(`${uses.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
