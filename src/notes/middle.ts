import type { NoteTable } from './note-table.js';

/** How far around a note its neighbours count, in seconds. */
const AROUND = 6;
/** Where only one pitch is played. */
const MIDDLE_C = 60;

/**
 * Where low and high part at each note: the pitch that divides what is struck around it into two groups that
 * lie furthest apart, variance between groups being the measure (Otsu 1979).
 *
 * @param notes N notes, ascending by start
 * @returns (N) pitches, between two that are played
 */
export function middlesOf({ length, pitch, start }: NoteTable): Float64Array {
  const middles = new Float64Array(length);
  const counts = new Uint32Array(128);
  let from = 0;
  let to = 0;
  for (let n = 0; n < length; n++) {
    if (n > 0 && start[n] === start[n - 1]) {
      middles[n] = middles[n - 1];
      continue;
    }
    while (to < length && start[to] <= start[n] + AROUND) counts[pitch[to++]]++;
    while (start[from] < start[n] - AROUND) counts[pitch[from++]]--;
    middles[n] = dividing(counts);
  }
  return middles;
}

function dividing(counts: Uint32Array): number {
  let [all, sum] = [0, 0];
  for (let pitch = 0; pitch < 128; pitch++) {
    all += counts[pitch];
    sum += pitch * counts[pitch];
  }
  let [below, sumBelow, last] = [0, 0, 0];
  let [most, middle] = [0, MIDDLE_C];
  for (let pitch = 0; pitch < 128; pitch++) {
    if (counts[pitch] === 0) continue;
    if (below > 0) {
      const apart = (sum - sumBelow) / (all - below) - sumBelow / below;
      const between = below * (all - below) * apart * apart;
      if (between > most) [most, middle] = [between, (last + pitch) / 2];
    }
    below += counts[pitch];
    sumBelow += pitch * counts[pitch];
    last = pitch;
  }
  return middle;
}
