import type { Beats } from './beats.js';

/**
 * The note table: what the whole library passes around as "notes".
 *
 * A struct of arrays, so that a corpus of millions of notes stays a handful of typed arrays.
 */
export interface NoteTable {
  /** Number of notes, N. */
  readonly length: number;
  /** (N) MIDI note number, 0 … 127; 60 is middle C. */
  readonly pitch: Uint8Array;
  /** (N) strike strength, 1 … 127. */
  readonly velocity: Uint8Array;
  /** (N) onset in seconds, ascending. */
  readonly start: Float64Array;
  /** (N) release of the key in seconds, after its start. */
  readonly end: Float64Array;
  /** The beats of the piece, where they were asked for. */
  readonly beats?: Beats;
}

/** An all-zero table of `length` notes, to be filled in place. */
export function createNoteTable(length: number): NoteTable {
  return {
    length,
    pitch: new Uint8Array(length),
    velocity: new Uint8Array(length),
    start: new Float64Array(length),
    end: new Float64Array(length),
  };
}

/** (N) seconds from the previous note's start to each note's start; 0 for the first note. */
export function stepsOf(notes: NoteTable): Float64Array {
  const steps = new Float64Array(notes.length);
  for (let i = 1; i < notes.length; i++) steps[i] = notes.start[i] - notes.start[i - 1];
  return steps;
}

/** (N) seconds from each note's start to its end. */
export function durationsOf(notes: NoteTable): Float64Array {
  const durations = new Float64Array(notes.length);
  for (let i = 0; i < notes.length; i++) durations[i] = notes.end[i] - notes.start[i];
  return durations;
}

/** A view (no copy) of the notes from `from` up to but not including `to`. */
export function sliceNotes(notes: NoteTable, from: number, to: number): NoteTable {
  const start = notes.start.subarray(from, to);
  return {
    length: start.length,
    pitch: notes.pitch.subarray(from, to),
    velocity: notes.velocity.subarray(from, to),
    start,
    end: notes.end.subarray(from, to),
  };
}

/**
 * The notes of several tables, each ascending by start, as one; notes of one start in the order of the
 * tables.
 */
export function mergeNotes(tables: readonly NoteTable[]): NoteTable {
  if (tables.length === 1) return tables[0];
  const all = createNoteTable(tables.reduce((sum, table) => sum + table.length, 0));
  let offset = 0;
  for (const table of tables) {
    all.pitch.set(table.pitch, offset);
    all.velocity.set(table.velocity, offset);
    all.start.set(table.start, offset);
    all.end.set(table.end, offset);
    offset += table.length;
  }
  const order = Uint32Array.from(all.start.keys());
  return selectNotes(
    all,
    order.sort((a, b) => all.start[a] - all.start[b] || a - b),
  );
}

/** A copy of the notes at the given indices, in their order. */
export function selectNotes(notes: NoteTable, indices: ArrayLike<number>): NoteTable {
  const selected = createNoteTable(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i];
    selected.pitch[i] = notes.pitch[from];
    selected.velocity[i] = notes.velocity[from];
    selected.start[i] = notes.start[from];
    selected.end[i] = notes.end[from];
  }
  return selected;
}
