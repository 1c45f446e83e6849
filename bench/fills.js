/**
 * How well spans of held-out pieces are filled, by how likely what comes after them is:
 *
 *   npm run build && node bench/fills.js [--model maestro] [--count 60] [--seconds 4] [--beats 8] \
 *       [--particles 32,128] [--ahead 64]
 *
 * Of `maestro` its validation part, of `pop909` what is held out by seed 1. From each piece a span is taken
 * out. A table of bits that the model needs for the 64 events after it: after the real span, after what it
 * plays there hearing only what was before (the mean of all that was tried), after the fill that is chosen of
 * so many; and which part of the gap between the first two is closed. Below it, how far the span is from the
 * same time before and after it: notes a second (as a natural logarithm), mean pitch (semitones), and the
 * part of pitch classes that they do not share.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { beatAt, readPieces, secondsAtBeat, splitPieces } from '../dist/index.js';
import { Filler } from '../dist/kinds/performance/filling/filler.js';
import { gapOf, keptNotes } from '../dist/kinds/performance/filling/gap.js';
import { Prefill } from '../dist/kinds/performance/prefill.js';
import { RowPrograms } from '../dist/kinds/performance/row-programs.js';
import { createOnnxEngine, loadModel, openCorpus } from '../dist/node/index.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'maestro' },
    count: { type: 'string', default: '60' },
    seconds: { type: 'string', default: '4' },
    beats: { type: 'string', default: '8' },
    particles: { type: 'string', default: '32' },
    ahead: { type: 'string', default: '64' },
    wishes: { type: 'string', default: '{}' },
    threads: { type: 'string', default: '2' },
  },
});
const isMaestro = values.model.includes('maestro');
const [variable, name] = isMaestro ? ['CADENZA_MAESTRO', 'maestro-v2.0.0'] : ['CADENZA_POP909', 'pop909'];
const path =
  process.env[variable] ?? join(fileURLToPath(new URL('../../shared/data', import.meta.url)), name);
const [count, seconds, beats, ahead] = [values.count, values.seconds, values.beats, values.ahead].map(Number);

async function heldOut() {
  const corpus = await openCorpus([path], {
    split: isMaestro ? 'validation' : undefined,
    reading: isMaestro ? 'sounding' : 'beats',
  });
  const pieces = [];
  for await (const piece of readPieces(corpus)) pieces.push(piece);
  return isMaestro ? pieces : splitPieces(pieces, { seed: 1 }).validation;
}

/** A span in the middle of a piece, with enough before and after it. */
function spanOf({ start, length, beats: known }) {
  const middle = start[Math.floor(length / 2)];
  if (known === undefined) return { from: middle, to: middle + seconds };
  const beat = Math.round(beatAt(known, middle));
  return { from: secondsAtBeat(known, beat), to: secondsAtBeat(known, beat + beats) };
}

/** What is in a stretch of time. */
function stretch({ start, pitch }, from, to) {
  const inside = Array.from(start.keys()).filter((n) => start[n] >= from && start[n] < to);
  const classes = new Float64Array(12);
  for (const n of inside) classes[pitch[n] % 12] += 1 / inside.length;
  const mean = inside.reduce((sum, n) => sum + pitch[n], 0) / inside.length;
  return { count: inside.length, rate: (inside.length + 1) / (to - from), mean, classes };
}

/** How far a span is from what is on either side of it. */
function joinsOf(span, sides) {
  const apart = sides
    .filter(({ count }) => count > 0 && span.count > 0)
    .map((side) => [
      Math.abs(Math.log(span.rate / side.rate)),
      Math.abs(span.mean - side.mean),
      1 - span.classes.reduce((sum, part, i) => sum + Math.min(part, side.classes[i]), 0),
    ]);
  return apart.length > 0
    ? [0, 1, 2].map((k) => apart.reduce((sum, each) => sum + each[k], 0) / apart.length)
    : undefined;
}

const loaded = await loadModel(values.model);
const engine = await createOnnxEngine({ threads: Number(values.threads) });
const { model } = loaded;
const programs = new RowPrograms(loaded, engine);
const prefill = new Prefill(model, (steps) => programs.listenTo(steps));
const filler = new Filler(loaded, engine, programs, prefill);
const pieces = (await heldOut()).filter(({ notes }) => notes.length > 400);
const step = Math.max(1, Math.floor(pieces.length / count));
const chosen = pieces.filter((_, i) => i % step === 0).slice(0, count);
const sizes = values.particles.split(',').map(Number);
const rows = [];
for (const { name, notes } of chosen) {
  const span = spanOf(notes);
  // What rings on over the end of the span is cut there, in the real span as in all others.
  const end = notes.end.map((time, n) =>
    notes.start[n] >= span.from && notes.start[n] < span.to ? Math.min(time, span.to) : time,
  );
  const kept = keptNotes(notes, span);
  const gap = gapOf(kept, span, model.representation);
  const all = gapOf({ ...notes, end }, span, model.representation);
  const cut = new Set([...notes.pitch].filter((_, n) => end[n] !== notes.end[n]).map((pitch) => pitch - 21));
  const real = await filler.likelihood(all, cut, { ahead, seed: 1 });
  const width = span.to - span.from;
  const sides = [stretch(notes, span.from - width, span.from), stretch(notes, span.to, span.to + width)];
  const row = { name, real, tried: {}, joins: joinsOf(stretch(notes, span.from, span.to), sides) };
  for (const particles of sizes) {
    const start = performance.now();
    const { tried, fills } = await filler.fill(gap, {
      particles,
      ahead,
      seed: 1,
      ...JSON.parse(values.wishes),
    });
    const after = tried.map(({ after }) => after);
    row.tried[particles] = {
      mean: after.reduce((a, b) => a + b, 0) / after.length,
      best: fills[0].after,
      joins: joinsOf(
        stretch(
          {
            start: fills[0].events.filter(({ velocity }) => velocity >= 0).map(({ time }) => time),
            pitch: fills[0].events.filter(({ velocity }) => velocity >= 0).map(({ pitch }) => pitch),
          },
          span.from,
          span.to,
        ),
        sides,
      ),
      seconds: (performance.now() - start) / 1000,
    };
  }
  rows.push(row);
  process.stderr.write(`${rows.length} of ${chosen.length}\r`);
}
const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
const joins = (list) =>
  [0, 1, 2].map((k) => mean(list.filter(Boolean).map((each) => each[k])).toFixed(2)).join(', ');
const real = mean(rows.map((row) => row.real));
process.stdout.write(
  `${rows.length} spans; rate, pitch, pitch classes of the real ones from their sides: ${joins(rows.map((row) => row.joins))}\n`,
);
for (const size of sizes) {
  const [past, best, took] = ['mean', 'best', 'seconds'].map((key) =>
    mean(rows.map((row) => row.tried[size][key])),
  );
  process.stdout.write(
    `${size} particles: real ${real.toFixed(1)}, past only ${past.toFixed(1)}, filled ${best.toFixed(1)} bits; ` +
      `${((100 * (past - best)) / (past - real)).toFixed(0)} % of the gap closed; ${took.toFixed(2)} s each; ` +
      `apart from its sides ${joins(rows.map((row) => row.tried[size].joins))}\n`,
  );
}
await filler.release();
