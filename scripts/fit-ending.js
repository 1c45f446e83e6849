/**
 * Fits what tells ends of pieces from places where they were cut off, for `src/evaluation/metrics/ending.ts`:
 *
 *   npm run build && node scripts/fit-ending.js
 *
 * Real ends of the training parts of MAESTRO and POP909, and of each piece three cuts at random, where what
 * sounds rings out. Prints the weights, and how many ends and cuts of the held-out parts are told right.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endingFeatures } from '../dist/evaluation/metrics/ending.js';
import { gridOf, Random, readPieces, splitPieces } from '../dist/index.js';
import { openCorpus } from '../dist/node/index.js';

const data = fileURLToPath(new URL('../../shared/data', import.meta.url));
const CUTS = 3;
const FEWEST = 60;
const random = new Random(1);

async function read(path, split) {
  const corpus = await openCorpus([path], { split, reading: 'sounding' });
  const pieces = [];
  for await (const piece of readPieces(corpus)) pieces.push(piece);
  return pieces;
}

/** A piece up to so many notes; what sounds rings out. */
function cutAt(grid, length) {
  const [key, velocity, onset, offset] = [grid.key, grid.velocity, grid.onset, grid.offset].map((column) =>
    column.subarray(0, length),
  );
  return { length, key, velocity, onset, offset };
}

function examples(pieces) {
  const rows = [];
  for (const { notes } of pieces) {
    const grid = gridOf(notes);
    if (grid.length < 2 * FEWEST) continue;
    rows.push({ x: endingFeatures(grid), y: 1 });
    for (let n = 0; n < CUTS; n++) {
      const length = FEWEST + random.below(grid.length - FEWEST - 20);
      rows.push({ x: endingFeatures(cutAt(grid, length)), y: 0 });
    }
  }
  return rows;
}

const maestro = process.env.CADENZA_MAESTRO ?? join(data, 'maestro-v2.0.0');
const pop909 = splitPieces(await read(process.env.CADENZA_POP909 ?? join(data, 'pop909')), { seed: 1 });
const train = examples([...(await read(maestro, 'train')), ...pop909.train]);

const size = train[0].x.length;
const mean = Array.from(
  { length: size },
  (_, i) => train.reduce((sum, { x }) => sum + x[i], 0) / train.length,
);
const deviation = mean.map((m, i) =>
  Math.sqrt(train.reduce((sum, { x }) => sum + (x[i] - m) ** 2, 0) / train.length),
);
const scaled = train.map(({ x, y }) => ({ x: Array.from(x, (v, i) => (v - mean[i]) / deviation[i]), y }));
// Cuts count a third each, so that ends are as frequent as they.
let weights = new Array(size).fill(0);
let bias = 0;
for (let step = 0; step < 3000; step++) {
  const slope = new Array(size).fill(0);
  let slopeOfBias = 0;
  for (const { x, y } of scaled) {
    const score = x.reduce((sum, v, i) => sum + v * weights[i], bias);
    const error = (1 / (1 + Math.exp(-score)) - y) * (y === 1 ? 1 : 1 / CUTS);
    for (let i = 0; i < size; i++) slope[i] += error * x[i];
    slopeOfBias += error;
  }
  weights = weights.map((w, i) => w - (3 * slope[i]) / scaled.length - 0.0003 * w);
  bias -= (3 * slopeOfBias) / scaled.length;
}
const raw = weights.map((w, i) => w / deviation[i]);
const rawBias = bias - raw.reduce((sum, w, i) => sum + w * mean[i], 0);
process.stdout.write(
  `WEIGHTS = [${raw.map((w) => w.toFixed(3)).join(', ')}]\nBIAS = ${rawBias.toFixed(3)}\n`,
);
for (const [name, pieces] of [
  ['MAESTRO validation', await read(maestro, 'validation')],
  ['POP909 held out', pop909.validation],
]) {
  const rows = examples(pieces);
  const share = (y) => {
    const own = rows.filter((row) => row.y === y);
    return own.filter(({ x }) => x.reduce((sum, v, i) => sum + v * raw[i], rawBias) > 0).length / own.length;
  };
  process.stdout.write(
    `${name}: taken for ends ${(100 * share(1)).toFixed(1)} % of ends, ${(100 * share(0)).toFixed(1)} % of cuts\n`,
  );
}
process.exit(0);
