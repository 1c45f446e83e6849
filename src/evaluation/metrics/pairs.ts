/**
 * A piece as the sequence of (interval, step bin) pairs from each note to the next: what stays of it when it
 * is transposed or begins later. Repetition and copying are looked for in these.
 */
import { type GridNotes, KEYS } from '../../notes/grid.js';
import { TIME_BINS, timeBin } from '../../representation/time-bins.js';

/** Different pairs: every interval on a piano, up and down, with every bin. */
export const PAIRS = (2 * KEYS - 1) * TIME_BINS;

/** (N − 1) The pairs of N notes, each a number below PAIRS; chords are read upward. */
export function pairsOf({ length, key, onset }: GridNotes): Uint16Array {
  const pairs = new Uint16Array(Math.max(0, length - 1));
  for (let i = 0; i < pairs.length; i++) {
    const interval = key[i + 1] - key[i] + KEYS - 1;
    pairs[i] = interval * TIME_BINS + timeBin(onset[i + 1] - onset[i]);
  }
  return pairs;
}

/**
 * (N − 1) The intervals of N notes alone, each a number below 2 KEYS: what stays of a copy in another tempo.
 */
export function intervalsOf(notes: GridNotes): Uint16Array {
  return pairsOf(notes).map(intervalOf);
}

function intervalOf(pair: number): number {
  return Math.floor(pair / TIME_BINS);
}

/** The bin of a pair's step. */
export function stepBinOf(pair: number): number {
  return pair % TIME_BINS;
}
