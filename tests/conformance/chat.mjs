// Goes on with a conversation that is given as contents, as a chat of the official SDK, and prints its history.
// node chat.mjs ADDRESS HISTORY-FILE MESSAGE
import { readFileSync } from 'node:fs';
import { GoogleGenAI } from '@google/genai';

const [address, file, message] = process.argv.slice(2);
const ai = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: address } });
const chat = ai.chats.create({
  model: 'gemini-3-pro-image',
  history: JSON.parse(readFileSync(file, 'utf8')),
});
await chat.sendMessage({ message });
console.log(JSON.stringify(chat.getHistory()));
