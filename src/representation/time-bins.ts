/**
 * Time in classes: every number its own up to `exact`, then so many to an octave, each as many numbers wide
 * as fits. What a bin leaves open, the number within it, is taken as evenly spread: log₂(width) bits more.
 */
export interface Bins {
  readonly count: number;
  /** The largest number; larger ones are cut to it. */
  readonly most: number;
  /** The bin of a number. */
  binOf(value: number): number;
  /** The first number of a bin. */
  first(bin: number): number;
  /** Numbers in a bin. */
  width(bin: number): number;
}

/**
 * @param exact numbers below this have a bin each
 * @param perOctave bins for each octave above; divides `exact`
 */
export function createBins(exact: number, perOctave: number, octaves: number): Bins {
  const count = exact + octaves * perOctave;
  const most = exact * 2 ** octaves - 1;
  const low = new Int32Array(count + 1);
  for (let bin = 0; bin < exact; bin++) low[bin] = bin;
  for (let octave = 0; octave < octaves; octave++) {
    const base = exact * 2 ** octave;
    for (let part = 0; part < perOctave; part++) {
      low[exact + octave * perOctave + part] = base + (base / perOctave) * part;
    }
  }
  low[count] = most + 1;
  const binOf = new Uint8Array(most + 1);
  for (let bin = 0; bin < count; bin++) binOf.fill(bin, low[bin], low[bin + 1]);
  return {
    count,
    most,
    binOf: (value) => binOf[Math.min(value, most)],
    first: (bin) => low[bin],
    width: (bin) => low[bin + 1] - low[bin],
  };
}

/** Ticks of 10 ms: those below 0.32 s exactly, and up to 164 seconds. */
const TICKS = createBins(32, 8, 9);

export const TIME_BINS = TICKS.count;
/** The longest time, in ticks; longer ones are cut to it. */
export const MOST_TICKS = TICKS.most;
/** The bin of a number of ticks, at most MOST_TICKS. */
export const timeBin = TICKS.binOf;
/** The first tick of a bin. */
export const firstTick = TICKS.first;
/** Ticks in a bin. */
export const binWidth = TICKS.width;
