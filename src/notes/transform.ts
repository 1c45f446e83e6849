/** Notes made of notes: held by the pedal, moved. */
import { lastAtMost } from '../search.js';
import type { NoteTable } from './note-table.js';
import { PEDAL_DOWN, type Pedal } from './pedal.js';

/**
 * The notes as they sound: one whose key is released while the sustain pedal is down goes on until the pedal
 * lifts or the same pitch is struck again, whichever comes first, or to the end of the piece. A pedal that
 * moves at the very moment of a release has moved before it. No note gets shorter.
 */
export function sustainExtended(notes: NoteTable, pedal: Pedal): NoteTable {
  const { length, pitch, start, end } = notes;
  let pieceEnd = pedal.length > 0 ? pedal.time[pedal.length - 1] : 0;
  for (let i = 0; i < length; i++) pieceEnd = Math.max(pieceEnd, end[i]);
  const { down, lift } = pedalStretches(pedal, pieceEnd);

  const extended = new Float64Array(length);
  const nextStrike = new Float64Array(128).fill(Number.POSITIVE_INFINITY);
  for (let i = length - 1; i >= 0; i--) {
    const stretch = lastAtMost(down, end[i]);
    const release = stretch >= 0 && end[i] < lift[stretch] ? lift[stretch] : end[i];
    extended[i] = Math.max(end[i], Math.min(release, nextStrike[pitch[i]]));
    nextStrike[pitch[i]] = start[i];
  }
  return { ...notes, end: extended };
}

/**
 * When the pedal went down and when it lifted, stretch by stretch; one that never lifts ends with the piece.
 */
function pedalStretches(
  { length, time, value }: Pedal,
  pieceEnd: number,
): { down: number[]; lift: number[] } {
  const down: number[] = [];
  const lift: number[] = [];
  let isDown = false;
  for (let i = 0; i < length; i++) {
    if (isDown === value[i] >= PEDAL_DOWN) continue;
    isDown = !isDown;
    (isDown ? down : lift).push(time[i]);
  }
  if (isDown) lift.push(pieceEnd);
  return { down, lift };
}

/** The notes so many seconds later. */
export function shiftNotes(notes: NoteTable, seconds: number): NoteTable {
  return {
    ...notes,
    start: notes.start.map((time) => time + seconds),
    end: notes.end.map((time) => time + seconds),
  };
}

/** Notes as the keys were held, and the pedal where there is one. */
export interface PianoPiece {
  readonly notes: NoteTable;
  readonly pedal?: Pedal;
}

/** The notes as they sound, held by the pedal. */
export function soundingOf({ notes, pedal }: PianoPiece): NoteTable {
  return pedal === undefined ? notes : sustainExtended(notes, pedal);
}
