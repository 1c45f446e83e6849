/**
 * Notes on a grid: onsets and ends in ticks of 10 ms, velocities in 32 bins, keys of a piano. What a
 * performance model learns and is measured on, whatever its representation: bits a note count what is needed
 * to rebuild this grid.
 */
import { createNoteTable, type NoteTable } from './note-table.js';

export const TICKS_PER_SECOND = 100;
/** The lowest key of a piano, A0. */
export const LOWEST_PITCH = 21;
/** Keys of a piano. */
export const KEYS = 88;
export const VELOCITY_BINS = 32;
export const VELOCITIES_A_BIN = 128 / VELOCITY_BINS;

/**
 * N notes, ascending by onset, then by key. A key sounds once at a time: no note of a key ends after the
 * key's next onset. A note may have no length; of several notes of one key and one onset only the last may
 * have one.
 */
export interface GridNotes {
  /** Number of notes, N. */
  readonly length: number;
  /** (N) 0 … 87, from the lowest key up. */
  readonly key: Uint8Array;
  /** (N) 0 … 31. */
  readonly velocity: Uint8Array;
  /** (N) ticks since the first onset, ascending. */
  readonly onset: Int32Array;
  /** (N) ticks, at least the onset. */
  readonly offset: Int32Array;
}

export interface GridOptions {
  /** Semitones to shift all pitches by. */
  readonly transpose?: number;
  /** Factor on all times: 1.1 plays a tenth slower. */
  readonly stretch?: number;
}

/** From seconds to ticks and back, for what lies before and after the notes too. */
export interface TickTime {
  /** With the part of a tick. */
  tickAt(seconds: number): number;
  /** The tick to which an onset of this time comes. */
  roundedTick(seconds: number): number;
  secondsAt(tick: number): number;
}

/** How notes in seconds come onto ticks. */
export interface Rounding {
  /** Rounds notes (ascending by start). */
  gridOf(notes: NoteTable, options?: GridOptions): GridNotes;
  /** How the ticks of `gridOf` lie in time. */
  timeOf(notes: NoteTable): TickTime;
}

export function createGridNotes(length: number): GridNotes {
  return {
    length,
    key: new Uint8Array(length),
    velocity: new Uint8Array(length),
    onset: new Int32Array(length),
    offset: new Int32Array(length),
  };
}

/** The key of a pitch; pitches beyond the piano come back into it by octaves. */
export function keyOf(pitch: number): number {
  let key = pitch - LOWEST_PITCH;
  while (key < 0) key += 12;
  while (key >= KEYS) key -= 12;
  return key;
}

/** How many notes lie beyond the keys of a piano. */
export function countBeyondPiano({ length, pitch }: NoteTable): number {
  let count = 0;
  for (let i = 0; i < length; i++)
    count += Number(pitch[i] < LOWEST_PITCH || pitch[i] >= LOWEST_PITCH + KEYS);
  return count;
}

/** Rounds notes (ascending by start) to the grid. Time begins with the first note. */
export function gridOf(notes: NoteTable, { transpose = 0, stretch = 1 }: GridOptions = {}): GridNotes {
  const { length, pitch, velocity, start, end } = notes;
  const scale = stretch * TICKS_PER_SECOND;
  const origin = length > 0 ? start[0] : 0;
  const grid = createGridNotes(length);
  for (let i = 0; i < length; i++) {
    const onset = Math.round((start[i] - origin) * scale);
    grid.key[i] = keyOf(pitch[i] + transpose);
    grid.velocity[i] = Math.floor(velocity[i] / VELOCITIES_A_BIN);
    grid.onset[i] = onset;
    grid.offset[i] = Math.max(onset, Math.round((end[i] - origin) * scale));
  }
  return inGridOrder(grid);
}

/** Rounds to ticks of 10 ms, the first note to tick 0. */
export const TEN_MILLISECONDS: Rounding = {
  gridOf,
  timeOf({ start: [first = 0] }) {
    return {
      tickAt: (seconds) => (seconds - first) * TICKS_PER_SECOND,
      roundedTick: (seconds) => Math.round((seconds - first) * TICKS_PER_SECOND),
      secondsAt: (tick) => first + tick / TICKS_PER_SECOND,
    };
  },
};

/**
 * Notes that ascend by onset, as a grid has them: within an onset from low to high (those of one key in the
 * order given), and none beyond its key's next onset. A copy.
 */
export function inGridOrder({ length, key, velocity, onset, offset }: GridNotes): GridNotes {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  for (let from = 0, to = 0; from < length; from = to) {
    let isSorted = true;
    for (to = from + 1; to < length && onset[to] === onset[from]; to++) isSorted &&= key[to - 1] <= key[to];
    if (!isSorted) order.subarray(from, to).sort((a, b) => key[a] - key[b] || a - b);
  }
  const grid = createGridNotes(length);
  const nextOnset = new Float64Array(KEYS).fill(Number.POSITIVE_INFINITY);
  for (let n = length - 1; n >= 0; n--) {
    const i = order[n];
    grid.key[n] = key[i];
    grid.velocity[n] = velocity[i];
    grid.onset[n] = onset[i];
    grid.offset[n] = Math.min(offset[i], nextOnset[key[i]]);
    nextOnset[key[i]] = onset[i];
  }
  return grid;
}

/** The grid as notes that begin at `origin` seconds; a velocity is the middle of its bin. */
export function notesOfGrid(grid: GridNotes, origin = 0): NoteTable {
  const notes = createNoteTable(grid.length);
  for (let i = 0; i < grid.length; i++) {
    notes.pitch[i] = grid.key[i] + LOWEST_PITCH;
    notes.velocity[i] = velocityOf(grid.velocity[i]);
    notes.start[i] = origin + grid.onset[i] / TICKS_PER_SECOND;
    notes.end[i] = origin + grid.offset[i] / TICKS_PER_SECOND;
  }
  return notes;
}

/** The middle of a velocity bin, 2 … 126. */
export function velocityOf(bin: number): number {
  return bin * VELOCITIES_A_BIN + VELOCITIES_A_BIN / 2;
}
