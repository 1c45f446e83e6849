import { readFileSync } from 'node:fs';
import { instrumentsOf, readMidi } from '../../dist/index.js';
import { ingest } from '../ingest-contestant.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

await ingest({
  version,
  read: (bytes) => instrumentsOf(readMidi(bytes)),
  count: (instruments) => instruments.reduce((sum, { notes }) => sum + notes.length, 0),
  each(instruments, visit) {
    for (const { notes } of instruments) {
      const { pitch, velocity, start, end } = notes;
      for (let i = 0; i < notes.length; i++) visit(pitch[i], velocity[i], start[i], end[i]);
    }
  },
});
