/**
 * Signs of collapse: a model that has lost its thread repeats itself. To be read beside the same numbers of
 * real pieces.
 */
import { GramTable, joinSequences } from './gram-table.js';
import { entropyBits } from './statistics.js';

/** Notes in a window of the rolling entropy, and from one window to the next. */
export const ROLLING_WINDOW = 256;
export const ROLLING_HOP = 64;

/**
 * Different n-grams ÷ all n-grams of a sequence: 1 where none comes twice, near 0 in a loop; 0 for a sequence
 * shorter than n. Longer pieces have lower shares by nature: compare pieces of like length.
 */
export function distinctShare(symbols: Uint16Array, n: number): number {
  const grams = symbols.length - n + 1;
  return grams > 0 ? new GramTable(joinSequences([symbols]), n).count / grams : 0;
}

/** How often at most one value comes in a row; 0 for an empty sequence. */
export function longestRun(values: ArrayLike<number>): number {
  let longest = 0;
  for (let i = 0, run = 0; i < values.length; i++) {
    run = i > 0 && values[i] === values[i - 1] ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

/**
 * The lowest entropy, in bits, of any ROLLING_WINDOW values in a row, a window every ROLLING_HOP values and
 * one at the end; of the whole where it is shorter than a window.
 *
 * @param size values are below it
 */
export function lowestEntropy(values: ArrayLike<number>, size: number): number {
  const { length } = values;
  const last = Math.max(0, length - ROLLING_WINDOW);
  let lowest = Number.POSITIVE_INFINITY;
  for (let from = 0; ; from = Math.min(from + ROLLING_HOP, last)) {
    const counts = new Uint16Array(size);
    for (let i = from; i < Math.min(length, from + ROLLING_WINDOW); i++) counts[values[i]]++;
    lowest = Math.min(lowest, entropyBits(counts));
    if (from === last) return lowest;
  }
}

/** Keys in a row, and how many notes back they are looked for. */
const LOOP = 6;
const LOOP_WINDOW = 400;

/**
 * Which part of the sequences of six keys stood in the 400 notes before them already; undefined for fewer
 * notes than one has. Real pieces repeat a little; what runs in a loop repeats nearly all.
 */
export function repeatedShare(key: ArrayLike<number>): number | undefined {
  const sequences = key.length - LOOP + 1;
  if (sequences < 1) return undefined;
  const last = new Map<string, number>();
  let repeated = 0;
  for (let n = 0; n < sequences; n++) {
    const sequence = Array.prototype.slice.call(key, n, n + LOOP).join();
    const before = last.get(sequence);
    if (before !== undefined && n - before <= LOOP_WINDOW) repeated++;
    last.set(sequence, n);
  }
  return repeated / sequences;
}
