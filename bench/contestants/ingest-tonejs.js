import { readFileSync } from 'node:fs';
import { ingest } from '../ingest-contestant.js';
import tone from '../peers/node_modules/@tonejs/midi/build/Midi.js';

const packageJson = new URL('../peers/node_modules/@tonejs/midi/package.json', import.meta.url);

await ingest({
  version: JSON.parse(readFileSync(packageJson, 'utf8')).version,
  read: (bytes) => new tone.Midi(bytes),
  count: ({ tracks }) => tracks.reduce((sum, { notes }) => sum + notes.length, 0),
  each({ tracks }, visit) {
    for (const { notes } of tracks) {
      for (const { midi, velocity, time, duration } of notes) {
        visit(midi, Math.round(velocity * 127), time, time + duration);
      }
    }
  },
});
