/**
 * Long continuations of twenty validation pieces of MAESTRO, for judging a model by what it plays:
 *
 *   npm run build && node bench/twenty-primers.js OUT [--model maestro] [--seconds 300] [--primer-end 30] \
 *       [--pitch-temperature 1] [--min-p 0.05]
 *   npx cadenza metrics OUT --reference MAESTRO --reference-split validation --train MAESTRO --train-split train \
 *       --ceiling --report OUT.html
 *
 * Writes a MIDI file for each, and tells how quickly it was played and whether it lost its thread: how often
 * at most one pitch, and one 10 ms bin of time between strikes, comes in a row, in the continuation and in
 * the primer.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { longestRun } from '../dist/evaluation/metrics/repetition.js';
import { gridOf, midiFromNotes, notesOfEvents, perform, primerEvents, readPieces } from '../dist/index.js';
import { createOnnxEngine, loadModel, openCorpus, writeFileAtomic } from '../dist/node/index.js';

const COUNT = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'maestro' },
    seconds: { type: 'string', default: '300' },
    'primer-end': { type: 'string', default: '30' },
    'pitch-temperature': { type: 'string', default: '1' },
    'min-p': { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const [out] = positionals;
if (out === undefined) {
  process.stderr.write('usage: node bench/twenty-primers.js OUT [--model NAME] [--seconds COUNT]\n');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
const corpusPath =
  process.env.CADENZA_MAESTRO ??
  join(fileURLToPath(new URL('../../shared/data/maestro-v2.0.0', import.meta.url)));

const pieces = [];
const corpus = await openCorpus([corpusPath], { split: 'validation', instruments: 'sounding' });
for await (const piece of readPieces(corpus)) pieces.push(piece);
const model = await loadModel(values.model);
const engine = await createOnnxEngine({ threads: 1 });

/** The longest runs of one pitch, and of one step in hundredths of a second. */
function runsOf({ pitch, start }) {
  const steps = Array.from(start.subarray(1), (time, i) => Math.round(100 * (time - start[i])));
  return { pitch: longestRun(pitch), step: longestRun(steps) };
}

const results = [];
for (let n = 0; n < COUNT; n++) {
  const { name, notes } = pieces[Math.floor((n * pieces.length) / COUNT)];
  const primer = primerEvents(gridOf(notes), Number(values['primer-end']));
  const began = performance.now();
  const played = [];
  const temperatures = { symbol: Number(values['pitch-temperature']) };
  const minP = values['min-p'] === undefined ? undefined : Number(values['min-p']);
  const options = { seconds: Number(values.seconds), seed: Number(values.seed), temperatures, minP };
  for await (const event of perform(model, engine, primer, options)) played.push(event);
  const continuation = notesOfEvents(played);
  const seconds = (performance.now() - began) / 1000;
  const file = join(out, `${String(n + 1).padStart(2, '0')}.mid`);
  await writeFileAtomic(file, midiFromNotes(continuation));
  const result = {
    primer: name,
    notes: continuation.length,
    notesASecond: Math.round(continuation.length / seconds),
    longest: runsOf(continuation),
    longestInPiece: runsOf(notes),
  };
  results.push(result);
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
const most = (key) => Math.max(...results.map(({ longest }) => longest[key]));
process.stdout.write(
  `${JSON.stringify({ files: results.length, longestRunOfAPitch: most('pitch'), longestRunOfAStep: most('step') })}\n`,
);
process.exit(0);
