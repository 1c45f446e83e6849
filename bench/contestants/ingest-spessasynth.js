import { readFileSync } from 'node:fs';
import { ingest } from '../ingest-contestant.js';
import { BasicMIDI } from '../peers/node_modules/spessasynth_core/dist/index.js';

const packageJson = new URL('../peers/node_modules/spessasynth_core/package.json', import.meta.url);

await ingest({
  version: JSON.parse(readFileSync(packageJson, 'utf8')).version,
  read: (bytes) => {
    const { buffer, byteOffset, byteLength } = bytes;
    const whole = byteLength === buffer.byteLength;
    return BasicMIDI.fromArrayBuffer(
      whole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength),
    ).getNoteTimes();
  },
  count: (channels) => channels.reduce((sum, notes) => sum + notes.length, 0),
  each(channels, visit) {
    for (const notes of channels) {
      for (const { midiNote, velocity, start, length } of notes)
        visit(midiNote, velocity, start, start + length);
    }
  },
});
