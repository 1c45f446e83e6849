/**
 * Writes the notes of a corpus into one small file, from which the PyTorch twin learns.
 *
 *   node examples/pytorch-twin/export-notes.js PATH… --out notes.safetensors.gz [--files N] [--seed N]
 *
 * Pieces are read and divided as `cadenza train --preset performance` does: sounding notes, the csv's splits.
 * The file is a safetensors file, gzipped. Legend: M pieces, N notes of all of them, one piece after the
 * other.
 *
 *   piece_notes   int32 (M)      notes of each piece
 *   piece_part    uint8 (M)      0: to learn from, 1: held out
 *   piece_unit    float64 (M)    seconds of one unit of time
 *   pitch, velocity   uint8 (N)
 *   step, duration    uint8 (4, N)   units since the note before began, and to the note's end: all lowest bytes first
 *
 * Its metadata names the pieces, their composers, and those of them whose styles can be learned.
 */
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { gridOf, readPieces, splitPieces } from 'cadenza';
import { openCorpus } from 'cadenza/node';
import { writeSafetensors } from '../../dist/checkpoint/safetensors.js';
import { frequentComposers } from '../../dist/dataset/styles.js';
import { PERFORMANCE_KIND } from '../../dist/kinds/performance/kind.js';
import { writeFileAtomic } from '../../dist/node/files/atomic-file.js';

/**
 * Ticks a beat that files have, the most frequent first; MIDI files without a tempo play 120 beats a minute.
 */
const TICKS_PER_BEAT = [384, 480, 960, 220, 96, 120, 192, 240, 256, 512, 768, 1000, 1024, 1920];
const COMMON_UNITS = TICKS_PER_BEAT.map((ticks) => 60 / (120 * ticks));
/** Where nothing better is found. */
const MICROSECOND = 1e-6;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'notes.safetensors.gz' },
    files: { type: 'string' },
    seed: { type: 'string', default: '0' },
  },
});
if (positionals.length === 0) throw new Error('name a folder of MIDI files, or a MAESTRO csv');
const seed = Number(values.seed);
const files = values.files === undefined ? undefined : Number(values.files);

/** Whether every time is a whole number of units, to the last bit. */
const fits = (times, unit) => times.every((time) => Math.round(time / unit) * unit === time);

function unitOf({ start, end }) {
  return COMMON_UNITS.find((unit) => fits(start, unit) && fits(end, unit)) ?? MICROSECOND;
}

/** Whether the grid, of which a model hears, stays the same with times in units. */
function keepsGrid(notes, unit) {
  const rounded = (times) => times.map((time) => Math.round(time / unit) * unit);
  const [before, after] = [
    gridOf(notes),
    gridOf({ ...notes, start: rounded(notes.start), end: rounded(notes.end) }),
  ];
  return ['key', 'velocity', 'onset', 'offset'].every((column) =>
    before[column].every((value, i) => value === after[column][i]),
  );
}

const corpus = await openCorpus(positionals, { reading: 'sounding', seed, files });
const pieces = [];
for await (const piece of readPieces(corpus)) if (piece.notes.length > 0) pieces.push(piece);
for (const { message } of corpus.problems) console.error(message);
const { train, validation } = splitPieces(pieces, { seed });
const chosen = [...train, ...validation];

const notes = chosen.reduce((sum, piece) => sum + piece.notes.length, 0);
const [pitch, velocity] = [new Uint8Array(notes), new Uint8Array(notes)];
const [step, duration] = [new Uint8Array(4 * notes), new Uint8Array(4 * notes)];
const units = new Float64Array(chosen.length);
const put = (bytes, at, value) => {
  for (let plane = 0; plane < 4; plane++) bytes[plane * notes + at] = value >>> (8 * plane);
};
let at = 0;
let [rounded, moved] = [0, 0];
for (const [m, piece] of chosen.entries()) {
  const unit = unitOf(piece.notes);
  units[m] = unit;
  if (unit === MICROSECOND) {
    rounded++;
    if (!keepsGrid(piece.notes, unit)) moved++;
  }
  pitch.set(piece.notes.pitch, at);
  velocity.set(piece.notes.velocity, at);
  let before = 0;
  for (let i = 0; i < piece.notes.length; i++, at++) {
    const start = Math.round(piece.notes.start[i] / unit);
    put(step, at, start - before);
    put(duration, at, Math.round(piece.notes.end[i] / unit) - start);
    before = start;
  }
}

const tensors = [
  { name: 'piece_notes', shape: [chosen.length], data: Int32Array.from(chosen, (p) => p.notes.length) },
  {
    name: 'piece_part',
    shape: [chosen.length],
    data: Uint8Array.from(chosen, (_, m) => Number(m >= train.length)),
  },
  { name: 'piece_unit', shape: [chosen.length], data: units },
  { name: 'pitch', shape: [notes], data: pitch },
  { name: 'velocity', shape: [notes], data: velocity },
  { name: 'step', shape: [4, notes], data: step },
  { name: 'duration', shape: [4, notes], data: duration },
];
const composers = train.map(({ composer }) => composer);
const metadata = {
  twin_format: '2',
  names: JSON.stringify(chosen.map(({ name }) => name)),
  composers: JSON.stringify(chosen.map(({ composer = null }) => composer)),
  styles: JSON.stringify(frequentComposers(composers, PERFORMANCE_KIND.mostStyles)),
};
const bytes = gzipSync(writeSafetensors(tensors, metadata), { level: 9 });
await writeFileAtomic(values.out, bytes);
console.log(
  `${train.length} pieces to learn from, ${validation.length} held out, ${notes} notes, ` +
    `${(bytes.length / 2 ** 20).toFixed(1)} MiB`,
);
if (rounded > 0)
  console.log(`${rounded} pieces rounded to a microsecond, of which ${moved} have another grid`);
