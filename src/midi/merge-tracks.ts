import type { MidiEvents } from './midi-file.js';

/**
 * (E) indices of the events of all tracks in the order in which a player sends them: by tick; those of one
 * tick by track, and within a track as the file has them.
 */
export function inTimeOrder({ length, tick, track }: MidiEvents): Uint32Array {
  let order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  const runs = [0];
  for (let i = 1; i < length; i++) if (track[i] !== track[i - 1]) runs.push(i);
  runs.push(length);
  // Neighbouring runs become one, until there is only one.
  let spare = new Uint32Array(runs.length > 2 ? length : 0);
  while (runs.length > 2) {
    const { length: ends } = runs;
    for (let r = 0; r + 1 < ends; r += 2) {
      const end = runs[Math.min(r + 2, ends - 1)];
      merge(order, spare, runs[r], runs[r + 1], end, tick);
    }
    [order, spare] = [spare, order];
    for (let r = 1; 2 * r < ends; r++) runs[r] = runs[2 * r];
    const merged = Math.ceil((ends - 1) / 2);
    runs[merged] = length;
    runs.length = merged + 1;
  }
  return order;
}

/** Merges [from, middle) and [middle, end); of equal ticks the former come first. */
function merge(
  source: Uint32Array,
  target: Uint32Array,
  from: number,
  middle: number,
  end: number,
  tick: Uint32Array,
): void {
  let [a, b] = [from, middle];
  for (let i = from; i < end; i++) {
    target[i] = b === end || (a < middle && tick[source[a]] <= tick[source[b]]) ? source[a++] : source[b++];
  }
}
