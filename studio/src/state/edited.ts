/** A piece as it was set by hand: each note with where it came from, and what edits make of it. */
import {
  afterEdit,
  createNoteTable,
  type NoteEdit,
  type NoteTable,
  PEDAL_DOWN,
  type Pedal,
  selectNotes,
} from '../../../src/index.js';
import { louder, onOneString } from './one-string.js';

export interface EditedPiece {
  readonly notes: NoteTable;
  readonly pedal?: Pedal;
  /** (N) 1 where a model made it. */
  readonly isMade: Uint8Array;
  /** (N) 1 where it was set by hand. */
  readonly isOwn: Uint8Array;
  /** (N) the track of the file it came from; −1 for none. */
  readonly part: Int16Array;
}

/** A piece after an edit, and which of its notes the edit was about. */
export interface Edit {
  readonly piece: EditedPiece;
  readonly picked: readonly number[];
}

/** Notes are told apart by it. */
export const nameOf = ({ pitch, start }: NoteTable, n: number) => `${pitch[n]} ${start[n]}`;

interface Row {
  pitch: number;
  velocity: number;
  start: number;
  end: number;
  isMade: number;
  isOwn: number;
  part: number;
  isPicked: boolean;
}

const rowsOf = ({ notes, isMade, isOwn, part }: EditedPiece, picked: ReadonlySet<number>): Row[] =>
  Array.from({ length: notes.length }, (_, n) => ({
    pitch: notes.pitch[n],
    velocity: notes.velocity[n],
    start: notes.start[n],
    end: notes.end[n],
    isMade: isMade[n],
    isOwn: isOwn[n],
    part: part[n],
    isPicked: picked.has(n),
  }));

function pieceOf(all: Row[], pedal: Pedal | undefined): Edit {
  const inTime = all.sort((a, b) => a.start - b.start || a.pitch - b.pitch);
  const rows = onOneString(inTime, (one, other) => ({
    ...louder(one, other),
    isPicked: one.isPicked || other.isPicked,
  }));
  const notes = createNoteTable(rows.length);
  for (const [n, row] of rows.entries()) {
    notes.pitch[n] = row.pitch;
    notes.velocity[n] = row.velocity;
    notes.start[n] = row.start;
    notes.end[n] = row.end;
  }
  const piece: EditedPiece = {
    notes,
    ...(pedal && { pedal }),
    isMade: Uint8Array.from(rows, ({ isMade }) => isMade),
    isOwn: Uint8Array.from(rows, ({ isOwn }) => isOwn),
    part: Int16Array.from(rows, ({ part }) => part),
  };
  return { piece, picked: rows.flatMap(({ isPicked }, n) => (isPicked ? [n] : [])) };
}

/** What an edit with the pencil makes of a piece; `picked` are the places of the notes it is about. */
export function edited(piece: EditedPiece, picked: readonly number[], edit: NoteEdit): Edit {
  const { pedal } = piece;
  const isPicked = new Set(picked);
  if (edit.kind === 'pedal') return { piece: { ...piece, pedal: pressed(pedal, edit) }, picked };
  if (edit.kind === 'lift') return { piece: { ...piece, pedal: lifted(pedal, edit.at) }, picked };
  const rows = rowsOf(piece, isPicked);
  if (edit.kind === 'remove')
    return pieceOf(
      rows.filter(({ isPicked }) => !isPicked),
      pedal,
    );
  if (edit.kind === 'draw') {
    const [note] = afterEdit(edit, []);
    const others = rows.map((row) => ({ ...row, isPicked: false }));
    return pieceOf([...others, { ...note, isMade: 0, isOwn: 1, part: -1, isPicked: true }], pedal);
  }
  const meant = rows.filter(({ isPicked }) => isPicked);
  const changed = afterEdit(edit, meant).map((note, i) => ({ ...meant[i], ...note, isOwn: 1 }));
  const stay =
    edit.kind === 'move' && edit.isCopy
      ? rows.map((row) => ({ ...row, isPicked: false }))
      : rows.filter(({ isPicked }) => !isPicked);
  return pieceOf([...stay, ...changed], pedal);
}

/**
 * Notes brought to a grid: their beginnings, and as much later or earlier their ends.
 *
 * @param nearest the nearest place of the grid, seconds
 */
export function quantised(
  piece: EditedPiece,
  picked: readonly number[],
  nearest: (seconds: number) => number,
): Edit {
  const isMeant = new Set(picked);
  const rows = rowsOf(piece, isMeant).map((row) => {
    if (!row.isPicked) return row;
    const start = Math.max(0, nearest(row.start));
    return { ...row, start, end: row.end + start - row.start, isOwn: start === row.start ? row.isOwn : 1 };
  });
  return pieceOf(rows, piece.pedal);
}

/** Notes put in beside what is there; they are picked. */
export function inserted(piece: EditedPiece, notes: NoteTable): Edit {
  const others = rowsOf(piece, new Set());
  const own = Array.from({ length: notes.length }, (_, n) => ({
    pitch: notes.pitch[n],
    velocity: notes.velocity[n],
    start: notes.start[n],
    end: notes.end[n],
    isMade: 0,
    isOwn: 1,
    part: -1,
    isPicked: true,
  }));
  return pieceOf([...others, ...own], piece.pedal);
}

/** The notes of which something is true. */
export function notesOf({ notes }: EditedPiece, isIn: (n: number) => boolean): NoteTable {
  return selectNotes(notes, Array.from(notes.start.keys()).filter(isIn));
}

type Movement = readonly [time: number, value: number];

const movementsOf = (pedal: Pedal | undefined): Movement[] =>
  Array.from({ length: pedal?.length ?? 0 }, (_, i) => [pedal!.time[i], pedal!.value[i]]);

function pedalOf(movements: readonly Movement[]): Pedal {
  return {
    length: movements.length,
    time: Float64Array.from(movements, ([time]) => time),
    value: Uint8Array.from(movements, ([, value]) => value),
  };
}

const DOWN = 127;

/** The pedal down, or up, over a span of the piece; before and after it as it was. */
function pressed(
  pedal: Pedal | undefined,
  span: { readonly from: number; readonly to: number; readonly isDown: boolean },
): Pedal {
  const movements = movementsOf(pedal);
  // A hand may draw beyond the beginning.
  const [from, to] = [Math.max(0, span.from), Math.max(0, span.to)];
  if (to <= from) return pedalOf(movements);
  const valueAt = (time: number) => movements.findLast(([at]) => at <= time)?.[1] ?? 0;
  const after = valueAt(to);
  return pedalOf([
    ...movements.filter(([time]) => time < from),
    [from, span.isDown ? DOWN : 0],
    [to, after],
    ...movements.filter(([time]) => time > to),
  ]);
}

/** The pedal not put down for the span in which a time lies. */
function lifted(pedal: Pedal | undefined, at: number): Pedal {
  const movements = movementsOf(pedal);
  const isDown = ([, value]: Movement) => value >= PEDAL_DOWN;
  const last = movements.findLastIndex(([time]) => time <= at);
  if (last < 0 || !isDown(movements[last])) return pedalOf(movements);
  let [first, end] = [last, last + 1];
  while (first > 0 && isDown(movements[first - 1])) first--;
  while (end < movements.length && isDown(movements[end])) end++;
  return pedalOf([...movements.slice(0, first), ...movements.slice(end)]);
}
