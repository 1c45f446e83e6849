/**
 * How twenty pieces are played on from second 30 for a minute, beside the minute that really follows:
 *
 *   npm run build && node bench/continuations.js [--model maestro] [--corpus maestro] [--temperatures 0.6,0.8,1] \
 *       [--count 20] [--seconds 60] [--wishes '{"minP":0.05}'] [--out FOLDER]
 *
 * Of `maestro` those of its validation part, of `pop909` those that are held out by seed 1. A table of means:
 * notes a second, median length, polyphony, six keys in a row that were there before, pulse, velocity, the
 * share of onsets on sixteenths and triplets of the piece's beats, and the share of pieces that are taken for
 * ended. `--wishes '{"isEnding":true}'` asks for an end.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endingLikeness } from '../dist/evaluation/metrics/ending.js';
import { pulseOf } from '../dist/evaluation/metrics/pulse.js';
import { repeatedShare } from '../dist/evaluation/metrics/repetition.js';
import {
  beatAt,
  beatsUpTo,
  gridOf,
  midiFromNotes,
  notesOfKeys,
  readPieces,
  splitPieces,
} from '../dist/index.js';
import { createOnnxEngine, loadModel, openCorpus, writeFileAtomic } from '../dist/node/index.js';
import { between } from './excerpt.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'maestro' },
    corpus: { type: 'string' },
    temperatures: { type: 'string', default: '0.6,0.8,1' },
    count: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    from: { type: 'string', default: '30' },
    wishes: { type: 'string', default: '{}' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const corpusName = values.corpus ?? (values.model.includes('maestro') ? 'maestro' : 'pop909');
const [from, seconds, count] = [values.from, values.seconds, values.count].map(Number);
const folders = {
  maestro: [process.env.CADENZA_MAESTRO, 'maestro-v2.0.0'],
  pop909: [process.env.CADENZA_POP909, 'pop909'],
};
const [given, name] = folders[corpusName];
const path = given ?? join(fileURLToPath(new URL('../../shared/data', import.meta.url)), name);

async function heldOut() {
  const split = corpusName === 'maestro' ? 'validation' : undefined;
  const corpus = await openCorpus([path], {
    split,
    reading: corpusName === 'maestro' ? 'sounding' : 'beats',
  });
  const pieces = [];
  for await (const piece of readPieces(corpus)) pieces.push(piece);
  return split ? pieces : splitPieces(pieces, { seed: 1 }).validation;
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const mean = (list) => list.reduce((sum, x) => sum + x, 0) / list.length;

function figuresOf(notes) {
  const durations = Array.from(notes.end, (end, n) => end - notes.start[n]);
  const grid = gridOf(notes);
  const lines = notes.beats && Array.from(notes.start, (time) => beatAt(notes.beats, time));
  const isOn = (beat) => [4, 3].some((part) => Math.abs(beat * part - Math.round(beat * part)) < part / 48);
  return {
    notesASecond: notes.length / seconds,
    length: median(durations),
    polyphony: durations.reduce((sum, x) => sum + x, 0) / seconds,
    repeated: repeatedShare(grid.key) ?? 0,
    pulse: pulseOf(grid)?.clarity ?? 0,
    velocity: mean(Array.from(notes.velocity)),
    ending: Number(endingLikeness(grid) > 0.5),
    onGrid: lines ? lines.filter(isOn).length / lines.length : Number.NaN,
  };
}

const NAMES = ['notesASecond', 'length', 'polyphony', 'repeated', 'pulse', 'velocity', 'onGrid', 'ending'];
const row = (title, list) => {
  const means = NAMES.map((key) =>
    mean(list.map((figures) => figures[key]))
      .toFixed(3)
      .padStart(9),
  );
  process.stdout.write(`${title.padEnd(18)}${means.join('')}\n`);
};
process.stdout.write(`${''.padEnd(18)}${NAMES.map((key) => key.slice(0, 8).padStart(9)).join('')}\n`);

const all = await heldOut();
const long = all.filter(({ notes }) => notes.start[notes.length - 1] > from + seconds);
const pieces = Array.from({ length: count }, (_, n) => long[Math.floor((n * long.length) / count)]);
row(
  'real',
  pieces.map(({ notes }) => figuresOf(between(notes, from, from + seconds))),
);
const lastOf = ({ notes }) => notes.start[notes.length - 1];
row(
  'real, to the end',
  all
    .filter((piece) => lastOf(piece) > seconds)
    .map((piece) => figuresOf(between(piece.notes, lastOf(piece) - seconds, lastOf(piece) + 1))),
);
const loaded = await loadModel(values.model);
const engine = await createOnnxEngine({ threads: 1 });
const player = await loaded.kind.player(loaded, engine);
if (values.out) mkdirSync(values.out, { recursive: true });
for (const temperature of values.temperatures.split(',').map(Number)) {
  const figures = [];
  for (const [n, { notes }] of pieces.entries()) {
    const keys = [];
    const options = { temperature, seed: Number(values.seed), ...JSON.parse(values.wishes) };
    const request = { piece: { notes }, heard: notes, cut: from, seconds, options };
    for await (const { event } of player.play(request)) keys.push(event);
    // The tempo at the cut goes on.
    const beats = notes.beats && beatsUpTo(notes.beats, from);
    const played = { ...notesOfKeys(keys, from + seconds), beats };
    figures.push(figuresOf(played));
    if (!values.out) continue;
    const moved = {
      ...played,
      start: played.start.map((x) => Math.max(0, x - from)),
      end: played.end.map((x) => Math.max(0, x - from)),
    };
    const file = join(values.out, `${String(n + 1).padStart(2, '0')}-${temperature}.mid`);
    await writeFileAtomic(file, midiFromNotes(moved));
  }
  row(`at ${temperature}`, figures);
}
process.exit(0);
