/** Pieces that were edited by hand, as text holds them. */
import type { EditedPiece } from './edited.js';
import { notesFromRows, pedalFromRows, rowsOfNotes, rowsOfPedal } from './rows.js';
import { check, isNumber } from './session-checks.js';

export interface EditedText {
  /**
   * Pitch, velocity, start, end; 1 where a model made it, plus 2 where it was set by hand; its track, or
   * −1.
   */
  readonly notes: readonly (readonly number[])[];
  readonly pedal?: readonly (readonly number[])[];
}

const [MADE, OWN] = [1, 2];
const MOST_TRACKS = 0x7fff;

export function editedText({ notes, pedal, isMade, isOwn, part }: EditedPiece): EditedText {
  const rows = rowsOfNotes(notes).map((row, n) => [...row, MADE * isMade[n] + OWN * isOwn[n], part[n]]);
  return { notes: rows, ...(pedal && { pedal: rowsOfPedal(pedal) }) };
}

/** @throws Damaged when it is no such text */
export function editedFrom(text: unknown, what: string): EditedPiece {
  check(typeof text === 'object' && text !== null, what);
  const { notes: rows, pedal } = text as Partial<EditedText>;
  const notes = notesFromRows(rows, what, `${what}, note`);
  for (const [i, [, , , , flags, track]] of (rows as readonly number[][]).entries())
    check(
      Number.isInteger(flags) &&
        isNumber(flags, 0, 3) &&
        Number.isInteger(track) &&
        isNumber(track, -1, MOST_TRACKS),
      `${what}, note ${i + 1}`,
    );
  const column = (k: number) => Array.from(rows as readonly number[][], (row) => row[k]);
  return {
    notes,
    ...(pedal && { pedal: pedalFromRows(pedal) }),
    isMade: Uint8Array.from(column(4), (flags) => flags & MADE),
    isOwn: Uint8Array.from(column(4), (flags) => (flags & OWN) / OWN),
    part: Int16Array.from(column(5)),
  };
}
