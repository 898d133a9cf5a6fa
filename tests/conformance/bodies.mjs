// The uses of the image models as Google's own SDK sends them. Prints what the emulator's journal recorded for each, as JSON:
// tests/NanoBanana.Core.Tests/Conformance makes the same uses with our client and compares.
// node bodies.mjs BASE_URL
import { writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GoogleGenAI, ThinkingLevel } from '@google/genai';

const baseUrl = process.argv[2].replace(/\/$/, '');
const flash = 'gemini-nano-banana-2.1';
const pro = 'gemini-3-pro-image';
const ai = new GoogleGenAI({ apiKey: 'sdk', httpOptions: { baseUrl } });
const both = { responseModalities: ['TEXT', 'IMAGE'] };
const folder = await mkdtemp(join(tmpdir(), 'nb-bodies-'));

const generate = (contents, config, model = flash) =>
  ai.models.generateContent({ model, contents, config: { ...both, ...config } });

function picture(response) {
  const part = response.candidates[0].content.parts.filter((one) => one.inlineData && !one.thought).at(-1);
  return { inlineData: { mimeType: part.inlineData.mimeType, data: part.inlineData.data } };
}

async function uploaded(bytes, mimeType, displayName) {
  const path = join(folder, displayName);
  await writeFile(path, bytes);
  return ai.files.upload({ file: path, config: { mimeType, displayName } });
}

const uses = {
  text: () => generate('A fox in the snow'),
  sized: () => generate('A wide valley', { imageConfig: { aspectRatio: '16:9', imageSize: '2K' } }),
  imageOnly: () => generate('A fox', { responseModalities: ['IMAGE'] }),
  instructed: () => generate('A "quoted" fox & a château\n<in> 雪', {
    systemInstruction: 'You draw in water colors.',
    safetySettings: [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', threshold: 'BLOCK_ONLY_HIGH' }],
    seed: 7,
  }),
  edit: async () => {
    const fox = picture(await generate('A fox', { imageConfig: { aspectRatio: '3:2' } }));
    await generate([{ text: 'Add a red scarf' }, fox], { imageConfig: { aspectRatio: '3:2' } });
  },
  fiveReferences: async () => {
    const parts = [{ text: 'An office group photo of these people' }];
    for (let person = 1; person <= 5; person++) parts.push(picture(await generate(`Person ${person}`)));
    await generate(parts, { imageConfig: { aspectRatio: '5:4', imageSize: '2K' } }, pro);
  },
  chat: async () => {
    const chat = ai.chats.create({ model: pro, config: both });
    await chat.sendMessage({ message: 'An infographic about photosynthesis' });
    await chat.sendMessage({ message: 'Translate it into Spanish' });
    await chat.sendMessage({ message: 'Make it wide', config: { ...both, imageConfig: { aspectRatio: '16:9' } } });
  },
  chatWithThoughts: async () => {
    const config = { ...both, thinkingConfig: { thinkingLevel: ThinkingLevel.HIGH, includeThoughts: true } };
    const chat = ai.chats.create({ model: flash, config });
    await chat.sendMessage({ message: 'A castle' });
    await chat.sendMessage({ message: 'At night' });
  },
  webSearch: () => generate("Today's weather in Oslo", { tools: [{ googleSearch: {} }] }),
  imageSearch: () => generate('A timareta butterfly', {
    tools: [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }],
  }),
  thinking: () => generate('A fox', { thinkingConfig: { thinkingLevel: ThinkingLevel.MINIMAL } }),
  files: async () => {
    const bytes = Buffer.from(picture(await generate('An anchor')).inlineData.data, 'base64');
    const file = await uploaded(bytes, 'image/jpeg', 'anchor');
    await ai.files.get({ name: file.name });
    await generate([{ text: 'The same in blue' }, { fileData: { fileUri: file.uri, mimeType: file.mimeType } }]);
    for await (const listed of await ai.files.list()) if (!listed.name) throw new Error('a file without a name');
    await ai.files.delete({ name: file.name });
  },
  batch: async () => {
    const request = { contents: [{ role: 'user', parts: [{ text: 'A fox' }] }], generationConfig: both };
    const file = await uploaded(`${JSON.stringify({ key: 'a', request })}\n`, 'application/jsonl', 'requests');
    const job = await ai.batches.create({ model: flash, src: file.name, config: { displayName: 'one fox' } });
    await ai.batches.get({ name: job.name });
    for await (const listed of await ai.batches.list()) if (!listed.name) throw new Error('a job without a name');
    await ai.batches.cancel({ name: job.name });
    await ai.batches.delete({ name: job.name });
  },
  models: async () => {
    for await (const model of await ai.models.list()) if (!model.name) throw new Error('a model without a name');
  },
};

// Ours streams each answer and lets the service go on when the connection breaks; what differs by that is said here too.
const streamed = { response_format: [{ type: 'text' }, { type: 'image' }], background: true, stream: true };

async function interact(input, more = {}) {
  const events = [];
  for await (const event of await ai.interactions.create({ model: flash, input, ...streamed, ...more })) events.push(event);
  return {
    id: events[0].interaction.id,
    data: events.findLast((event) => event.delta?.type === 'image').delta.data,
    signature: events.find((event) => event.delta?.type === 'thought_signature').delta.signature,
    text: events.filter((event) => event.delta?.type === 'text').map((event) => event.delta.text).join(''),
  };
}

const sized = (ratio, size) => ({
  response_format: [{ type: 'text' }, { type: 'image', aspect_ratio: ratio, ...(size && { image_size: size }) }],
});

Object.assign(uses, {
  interactionText: () => interact('A fox in the snow'),
  interactionSized: () => interact('A wide valley', sized('16:9', '2K')),
  interactionImageOnly: () => interact('A fox', { response_format: { type: 'image' } }),
  interactionInstructed: () => interact('A "quoted" fox & a château\n<in> 雪', {
    system_instruction: 'You draw in water colors.',
    safety_settings: [{ type: 'HARM_CATEGORY_DANGEROUS_CONTENT', threshold: 'BLOCK_ONLY_HIGH' }],
    generation_config: { seed: 7 },
    service_tier: 'flex',
    labels: { team: 'art' },
  }),
  interactionContents: async () => {
    const fox = await interact('A fox');
    await interact([
      { type: 'text', text: 'The fox as in the clip, and as the paper says' },
      { type: 'image', mime_type: 'image/jpeg', data: fox.data, resolution: 'low' },
      { type: 'video', uri: 'https://www.youtube.com/watch?v=abc', resolution: 'low' },
      { type: 'document', mime_type: 'application/pdf', uri: 'gs://bucket/brief.pdf' },
    ]);
  },
  interactionChain: async () => {
    const one = await interact('A castle');
    const two = await interact('At night', { previous_interaction_id: one.id });
    await interact('Make it wide', { ...sized('16:9'), previous_interaction_id: two.id });
  },
  interactionSteps: async () => {
    const { background, ...kept } = { ...streamed, store: false };
    const ask = async (input) => {
      const steps = [];
      for await (const event of await ai.interactions.create({ model: flash, input, ...kept })) {
        if (event.event_type === 'step.start') steps[event.index] = { ...event.step };
        if (event.event_type !== 'step.delta') continue;
        const { type, ...delta } = event.delta;
        const step = steps[event.index];
        if (type === 'thought_signature') step.signature = delta.signature;
        else if (type === 'image') (step.content ??= []).push({ type, ...delta });
        else if (type === 'text') {
          // Words come in pieces.
          const last = (step.content ??= []).at(-1);
          if (last?.type === 'text') last.text += delta.text;
          else step.content.push({ type, ...delta });
        }
      }
      return steps;
    };
    const castle = { type: 'user_input', content: [{ type: 'text', text: 'A castle' }] };
    const steps = await ask('A castle');
    await ask([castle, ...steps, { type: 'user_input', content: [{ type: 'text', text: 'At night' }] }]);
  },
  interactionSearch: () => interact("Today's weather in Oslo", { tools: [{ type: 'google_search' }] }),
  interactionImageSearch: () => interact('A timareta butterfly', {
    tools: [{ type: 'google_search', search_types: ['web_search', 'image_search'] }],
  }),
  interactionThinking: () => interact('A fox', { generation_config: { thinking_level: 'high', thinking_summaries: 'auto' } }),
  interactionStream: () => interact('[[FAULT:backgroundRefused]] A fox').catch(() => interact(
    '[[FAULT:backgroundRefused]] A fox', { background: undefined })),
  interactionBackground: async () => {
    const { id } = await interact('A fox');
    await ai.interactions.get(id);
  },
});

const journal = async (after) => (await (await fetch(`${baseUrl}/emulator/journal?after=${after}`)).json()).entries;
const recorded = {};
let last = (await journal(0)).at(-1)?.number ?? 0;
for (const [name, run] of Object.entries(uses)) {
  await run();
  recorded[name] = await journal(last);
  last = recorded[name].at(-1).number;
}
process.stdout.write(JSON.stringify(recorded));
