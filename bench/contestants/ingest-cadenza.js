/**
 * The first argument is a number of threads, the rest are files. One thread:
 * `instrumentsOf(readMidi(bytes))`, file by file. More: the files as a corpus, which is how `cadenza
 * evaluate` reads many, with the threads started before.
 */
import { readFileSync } from 'node:fs';
import { instrumentsOf, readMidi, readPieces } from '../../dist/index.js';
import { openCorpus, startReaderThreads } from '../../dist/node/index.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const count = Number(process.argv[2]);
process.argv.splice(2, 1);
const { ingest } = await import('../ingest-contestant.js');

const threads = count > 1 ? startReaderThreads(count) : undefined;
await threads?.ready;

async function* readCorpus(paths) {
  const corpus = await openCorpus(paths, { instruments: 'all', cache: false, threads });
  for await (const piece of readPieces(corpus)) yield [piece];
}

await ingest({
  version,
  read: (bytes) => instrumentsOf(readMidi(bytes)),
  readAll: threads && readCorpus,
  count: (instruments) => instruments.reduce((sum, { notes }) => sum + notes.length, 0),
  each(instruments, visit) {
    for (const { notes } of instruments) {
      const { pitch, velocity, start, end } = notes;
      for (let i = 0; i < notes.length; i++) visit(pitch[i], velocity[i], start[i], end[i]);
    }
  },
});
