'use client';
import { useState } from 'react';

const scenes = [
  'in the rain', 'at a market', 'asleep under a tree', 'on a mountain', 'reading a map',
  'in the snow', 'at sea', 'in a workshop', 'dancing', 'at dusk',
];
const name = 'hero';

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
  });
  const data = await response.json();
  if (!response.ok) throw new Error(`${data.error} ${data.advice ?? ''}`);
  return data;
}

export default function Page() {
  const [prompt, setPrompt] = useState('A brass robot barista, plain background');
  const [candidates, setCandidates] = useState([]);
  const [chosen, setChosen] = useState(null);
  const [pictures, setPictures] = useState([]);
  const [trouble, setTrouble] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function run(work) {
    setBusy(true);
    setTrouble('');
    try {
      await work();
    } catch (error) {
      setTrouble(error.message);
    } finally {
      setBusy(false);
    }
  }

  const propose = () => run(async () => {
    const { candidates } = await post('/api/characters', { prompt, count: 3 });
    setCandidates(candidates.filter(candidate => candidate.image));
    setTrouble(candidates.filter(candidate => candidate.error).map(candidate => candidate.error).join(' '));
  });

  const choose = candidate => run(async () => {
    await post('/api/anchors', { name, image: candidate.id });
    setChosen(candidate.id);
    setPictures([]);
  });

  // One that fails must not take the others along.
  const vary = () => run(async () => {
    setPictures([]);
    await Promise.all(scenes.map(async scene => {
      try {
        const made = await post('/api/generate-image',
          { prompt: `${name} ${scene}`, aspectRatio: '16:9', imageSize: '1K', anchors: [name] });
        setPictures(known => [...known, { scene, ...made }]);
      } catch (error) {
        setTrouble(error.message);
      }
    }));
  });

  return (
    <main>
      <h1>One character, many pictures</h1>
      <label>
        Character <input value={prompt} onChange={event => setPrompt(event.target.value)} size={50} />
      </label>{' '}
      <button onClick={propose} disabled={isBusy}>Propose</button>
      {trouble && <p role="alert">{trouble}</p>}
      <div id="candidates" style={{ display: 'flex', gap: '1rem', margin: '1rem 0' }}>
        {candidates.map(candidate => (
          <button key={candidate.id} data-id={candidate.id} aria-pressed={candidate.id === chosen}
            aria-label={`Use ${candidate.id}`} onClick={() => choose(candidate)} disabled={isBusy}>
            <img src={candidate.image.url} alt={prompt} width="200" />
          </button>
        ))}
      </div>
      {chosen && <button id="vary" onClick={vary} disabled={isBusy}>Ten variations</button>}
      <div id="pictures" style={{ display: 'flex', flexWrap: 'wrap', gap: '1rem', marginTop: '1rem' }}>
        {pictures.map(picture => (
          <figure key={picture.id} data-id={picture.id} style={{ margin: 0 }}>
            <img src={picture.image.url} alt={`${name} ${picture.scene}`} width="280" />
            <figcaption>{picture.scene}</figcaption>
          </figure>
        ))}
      </div>
    </main>
  );
}
