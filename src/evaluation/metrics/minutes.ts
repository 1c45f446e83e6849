/** How a piece goes on from minute to minute: whether it runs away. */
import { type GridNotes, TICKS_PER_SECOND } from '../../notes/grid.js';

const MINUTE = 60 * TICKS_PER_SECOND;
/** A last minute of less than this part is left out. */
const LEAST_PART = 0.5;

export interface Minute {
  readonly notesPerSecond: number;
  /** Seconds; the median of the notes that begin in it. */
  readonly duration: number;
  /** Notes that sound at once, mean over its time. */
  readonly polyphony: number;
}

/** The minutes of a piece, from its first note to its last strike; a minute without notes is all 0. */
export function minutesOf({ length, onset, offset }: GridNotes): Minute[] {
  const last = length > 0 ? onset[length - 1] : 0;
  const count = Math.max(1, Math.floor(last / MINUTE + 1 - LEAST_PART));
  const durations = Array.from({ length: count }, (): number[] => []);
  const sounding = new Float64Array(count);
  for (let n = 0; n < length; n++) {
    const minute = Math.floor(onset[n] / MINUTE);
    if (minute < count) durations[minute].push(offset[n] - onset[n]);
    for (let m = minute; m < count && m * MINUTE < offset[n]; m++) {
      sounding[m] += Math.min(offset[n], (m + 1) * MINUTE) - Math.max(onset[n], m * MINUTE);
    }
  }
  return durations.map((list, m) => {
    const ticks = Math.min(MINUTE, Math.max(1, last - m * MINUTE));
    return {
      notesPerSecond: (list.length / ticks) * TICKS_PER_SECOND,
      duration: median(list) / TICKS_PER_SECOND,
      polyphony: sounding[m] / ticks,
    };
  });
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/**
 * How far the pace strays from minute to minute: the mean distance of the logarithms of notes a second from
 * their mean. 0 for an even pace or a single minute.
 */
export function strayOf(minutes: readonly Minute[]): number {
  const logs = minutes.map(({ notesPerSecond }) => Math.log(Math.max(0.1, notesPerSecond)));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return logs.reduce((sum, log) => sum + Math.abs(log - mean), 0) / logs.length;
}
