/** What a minute of music is like, in numbers by which composers can be told apart. */
import { pulseOf } from '../../dist/evaluation/metrics/pulse.js';
import { repeatedShare } from '../../dist/evaluation/metrics/repetition.js';

/** Ticks of 10 ms within which strikes are one chord. */
const TOGETHER = 4;
/**
 * Upper edges of waits between chords and of notes' lengths, in ticks; beyond the last one is another bin.
 */
const WAITS = [8, 12, 17, 24, 34, 48, 68, 96, 136];
const LENGTHS = [6, 10, 16, 26, 42, 68, 110, 180, 290];

/** Relative frequencies of what falls into each of so many bins. */
function histogram(values, bins) {
  const counts = new Float64Array(bins);
  for (const value of values) counts[value]++;
  return counts.map((count) => count / Math.max(1, values.length));
}

const binOf = (edges, value) => {
  const bin = edges.findIndex((edge) => value <= edge);
  return bin < 0 ? edges.length : bin;
};
const mean = (list) => list.reduce((sum, x) => sum + x, 0) / Math.max(1, list.length);
const spread = (list) => Math.sqrt(mean(list.map((x) => (x - mean(list)) ** 2)));
const within = (value, most) => Math.max(-most, Math.min(most, value)) + most;

/** Notes that are struck together, from low to high. */
function chordsOf({ length, key, velocity, onset, offset }) {
  const chords = [];
  for (let n = 0; n < length; n++) {
    const last = chords.at(-1);
    const note = { key: key[n], velocity: velocity[n], ticks: offset[n] - onset[n] };
    if (last && onset[n] - last.onset <= TOGETHER) last.notes.push(note);
    else chords.push({ onset: onset[n], notes: [note] });
  }
  for (const { notes } of chords) notes.sort((a, b) => a.key - b.key);
  return chords;
}

/** The numbers of notes on the grid of 10 ms. */
export function featuresOf(grid) {
  const chords = chordsOf(grid);
  const notes = chords.flatMap((chord) => chord.notes);
  const seconds = Math.max(1, grid.onset[grid.length - 1] / 100);
  const steps = chords.slice(1).map((chord, i) => [chords[i], chord]);
  const top = ({ notes: own }) => own.at(-1).key;
  const keys = notes.map(({ key }) => key);
  const sorted = [...keys].sort((a, b) => a - b);
  const classes = histogram(
    keys.map((key) => (key + 9) % 12),
    12,
  );
  const inKey = Math.max(
    ...Array.from({ length: 12 }, (_, tonic) =>
      [0, 2, 4, 5, 7, 9, 11].reduce((sum, step) => sum + classes[(tonic + step) % 12], 0),
    ),
  );
  const velocities = notes.map((note) => note.velocity);
  const above = chords.flatMap(({ notes: own }) => own.slice(1).map(({ key }) => (key - own[0].key) % 12));
  return [
    Math.log(notes.length / seconds),
    Math.log(chords.length / seconds),
    mean(notes.map(({ ticks }) => Math.log(1 + ticks))),
    notes.reduce((sum, { ticks }) => sum + ticks, 0) / 100 / seconds,
    mean(velocities),
    spread(velocities),
    mean(chords.map(({ notes: own }) => own.at(-1).velocity - own[0].velocity)),
    mean(keys),
    spread(keys),
    sorted[Math.floor(sorted.length / 20)],
    sorted[Math.floor((19 * sorted.length) / 20)],
    inKey,
    -[...classes].reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 0),
    Math.sqrt(repeatedShare(grid.key) ?? 0),
    pulseOf(grid)?.clarity ?? 0,
    spread(steps.map(([a, b]) => Math.log(b.onset - a.onset))),
    ...histogram(
      chords.map(({ notes: own }) => Math.min(own.length, 6) - 1),
      6,
    ),
    ...histogram(above, 12),
    ...histogram(
      steps.map(([a, b]) => within(top(b) - top(a), 12)),
      25,
    ),
    ...histogram(
      steps.map(([a, b]) => within(b.notes[0].key - a.notes[0].key, 12)),
      25,
    ),
    ...histogram(
      steps.map(([a, b]) => binOf(WAITS, b.onset - a.onset)),
      WAITS.length + 1,
    ),
    ...histogram(
      notes.map(({ ticks }) => binOf(LENGTHS, ticks)),
      LENGTHS.length + 1,
    ),
  ];
}
