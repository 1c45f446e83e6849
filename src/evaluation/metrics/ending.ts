/**
 * Whether a piece ends or was cut off: what its last seconds are like, weighed by a logistic regression that
 * `scripts/fit-ending.js` fits to the ends of real pieces, and to the same pieces cut off where they rang
 * out.
 */
import { type GridNotes, LOWEST_PITCH, TICKS_PER_SECOND, velocityOf } from '../../notes/grid.js';

/** Seconds before the last strike that are looked at, and beside which. */
const LAST = 3;
const BEFORE = 30;
/** Released within so many ticks of the last release, notes end together. */
const TOGETHER = 30;
/** Notes struck within so many ticks of the last one are the last chord. */
const CHORD = 15;

/** Names of {@link endingFeatures}, in order. */
export const ENDING_FEATURES = [
  'ringing of the last chord, log s',
  'the same beside usual lengths',
  'thinning out',
  'share of sounding notes that end together',
  'notes of the last chord',
  'bass below the middle, octaves',
  'bass on the tonic',
  'last chord among the usual pitch classes',
  'loudness of the last notes',
] as const;

/** (9) What the end of a piece is like. */
export function endingFeatures({ length, key, velocity, onset, offset }: GridNotes): Float64Array {
  const last = onset[length - 1];
  let end = 0;
  let first = length - 1;
  for (let n = 0; n < length; n++) end = Math.max(end, offset[n]);
  while (first > 0 && onset[first - 1] >= last - BEFORE * TICKS_PER_SECOND) first--;
  const near = Array.from({ length: length - first }, (_, n) => first + n);
  const chord = near.filter((n) => onset[n] >= last - CHORD);
  const sounding = near.filter((n) => offset[n] > last);
  const late = near.filter((n) => onset[n] >= last - LAST * TICKS_PER_SECOND);
  const mean = (list: readonly number[], of: (n: number) => number) =>
    list.reduce((sum, n) => sum + of(n), 0) / Math.max(1, list.length);
  const seconds = (n: number) => (offset[n] - onset[n]) / TICKS_PER_SECOND;
  const classes = new Float64Array(12);
  for (const n of near) classes[(key[n] + LOWEST_PITCH) % 12] += 0.1 + Math.min(2, seconds(n));
  const bass = sounding.length > 0 ? Math.min(...sounding.map((n) => key[n])) : key[length - 1];
  const ring = mean(chord, seconds);
  const span = Math.max(1, (last - onset[first]) / TICKS_PER_SECOND);
  const total = classes.reduce((sum, x) => sum + x, 0);
  return Float64Array.of(
    Math.log(0.05 + ring),
    Math.log((0.05 + ring) / (0.05 + mean(near, seconds))),
    Math.log((near.length / span + 0.2) / (late.length / Math.min(LAST, span) + 0.2)),
    sounding.filter((n) => offset[n] >= end - TOGETHER).length / Math.max(1, sounding.length),
    Math.log(chord.length),
    (mean(near, (n) => key[n]) - bass) / 12,
    Number((bass + LOWEST_PITCH) % 12 === tonicOf(classes)),
    mean(chord, (n) => classes[(key[n] + LOWEST_PITCH) % 12]) / total,
    (mean(chord, (n) => velocityOf(velocity[n])) - mean(near, (n) => velocityOf(velocity[n]))) / 16,
  );
}

// Profiles of major and minor keys: Krumhansl & Kessler (1982).
const MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR = [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/** The tonic of the key whose profile fits best, as a pitch class. */
function tonicOf(classes: Float64Array): number {
  let best = { fit: Number.NEGATIVE_INFINITY, tonic: 0 };
  for (const profile of [MAJOR, MINOR]) {
    const mean = profile.reduce((sum, x) => sum + x, 0) / 12;
    const size = Math.sqrt(profile.reduce((sum, x) => sum + (x - mean) ** 2, 0));
    for (let tonic = 0; tonic < 12; tonic++) {
      const fit = profile.reduce((sum, x, i) => sum + (x - mean) * classes[(tonic + i) % 12], 0) / size;
      if (fit > best.fit) best = { fit, tonic };
    }
  }
  return best.tonic;
}

/** Weights of the features, and what is added: see the script above. */
const WEIGHTS = [1.456, -0.117, 2.273, 4.648, 1.278, 0.583, 1.663, 8.543, -0.199];
const BIAS = -8.088;

/** How likely it is that a piece ends, and was not cut off, if half of such pieces are. */
export function endingLikeness(notes: GridNotes): number {
  const score = endingFeatures(notes).reduce((sum, x, i) => sum + WEIGHTS[i] * x, BIAS);
  return 1 / (1 + Math.exp(-score));
}
