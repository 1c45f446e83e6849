/**
 * Time in classes: every tick its own up to `EXACT`, then eight to an octave, each as many ticks wide as
 * fits. What a bin leaves open, the tick within it, is taken as evenly spread: log₂(width) bits more.
 */

/** Ticks below this have a bin each. */
const EXACT = 32;
const BINS_AN_OCTAVE = 8;
/** Octaves above EXACT: 32 · 2⁹ ticks are 164 seconds. */
const OCTAVES = 9;

export const TIME_BINS = EXACT + OCTAVES * BINS_AN_OCTAVE;
/** The longest time, in ticks; longer ones are cut to it. */
export const MOST_TICKS = EXACT * 2 ** OCTAVES - 1;

const LOW = new Int32Array(TIME_BINS + 1);
for (let bin = 0; bin < EXACT; bin++) LOW[bin] = bin;
for (let octave = 0; octave < OCTAVES; octave++) {
  const base = EXACT * 2 ** octave;
  for (let part = 0; part < BINS_AN_OCTAVE; part++) {
    LOW[EXACT + octave * BINS_AN_OCTAVE + part] = base + (base / BINS_AN_OCTAVE) * part;
  }
}
LOW[TIME_BINS] = MOST_TICKS + 1;

const BIN_OF = new Uint8Array(MOST_TICKS + 1);
for (let bin = 0; bin < TIME_BINS; bin++) BIN_OF.fill(bin, LOW[bin], LOW[bin + 1]);

/** The bin of a number of ticks, at most MOST_TICKS. */
export function timeBin(ticks: number): number {
  return BIN_OF[Math.min(ticks, MOST_TICKS)];
}

/** The first tick of a bin. */
export function firstTick(bin: number): number {
  return LOW[bin];
}

/** Ticks in a bin. */
export function binWidth(bin: number): number {
  return LOW[bin + 1] - LOW[bin];
}
