/**
 * The notes of a corpus in one small file, for other programs to learn from: a safetensors file, gzipped. The
 * notes of M pieces stand one after the other, N in all.
 *
 *     piece_notes       int32 (M)      notes of each piece
 *     piece_part        uint8 (M)      0: to learn from, 1: held out
 *     piece_unit        float64 (M)    seconds of one unit of time
 *     pitch, velocity   uint8 (N)
 *     step, duration    uint8 (4, N)   units since the note before began, and to the note's end: all lowest
 *                                      bytes first
 *
 * Its metadata: `notes_format`, and as JSON `names` and `composers` of the pieces, and `styles`: those of the
 * composers whose styles can be learned.
 */
import { gzipSync } from 'node:zlib';
import { writeSafetensors } from '../../checkpoint/safetensors.js';
import type { Piece } from '../../dataset/corpus.js';
import { frequentComposers } from '../../dataset/styles.js';
import { gridOf } from '../../notes/grid.js';
import type { NoteTable } from '../../notes/note-table.js';

const FORMAT = 2;
/**
 * Ticks a beat that files have, the most frequent first; MIDI files without a tempo play 120 beats a minute.
 */
const TICKS_PER_BEAT = [384, 480, 960, 220, 96, 120, 192, 240, 256, 512, 768, 1000, 1024, 1920];
const COMMON_UNITS = TICKS_PER_BEAT.map((ticks) => 60 / (120 * ticks));
/** Where nothing better is found. */
const MICROSECOND = 1e-6;

export interface NotesFile {
  readonly bytes: Uint8Array;
  readonly notes: number;
  /** Pieces whose times had to be rounded to a microsecond. */
  readonly rounded: number;
  /** Those of them of which a model hears something else on its grid of 10 ms. */
  readonly moved: number;
}

/** @param mostStyles how many composers there may be whose styles can be learned */
export function notesFile(
  train: readonly Piece[],
  validation: readonly Piece[],
  mostStyles: number,
): NotesFile {
  const pieces = [...train, ...validation];
  const notes = pieces.reduce((sum, piece) => sum + piece.notes.length, 0);
  const units = pieces.map((piece) => unitOf(piece.notes));
  const [pitch, velocity] = [new Uint8Array(notes), new Uint8Array(notes)];
  const [step, duration] = [new Uint8Array(4 * notes), new Uint8Array(4 * notes)];
  const put = (bytes: Uint8Array, at: number, value: number) => {
    for (let plane = 0; plane < 4; plane++) bytes[plane * notes + at] = value >>> (8 * plane);
  };
  let at = 0;
  for (const [m, piece] of pieces.entries()) {
    pitch.set(piece.notes.pitch, at);
    velocity.set(piece.notes.velocity, at);
    let before = 0;
    for (let i = 0; i < piece.notes.length; i++, at++) {
      const start = Math.round(piece.notes.start[i] / units[m]);
      put(step, at, start - before);
      put(duration, at, Math.round(piece.notes.end[i] / units[m]) - start);
      before = start;
    }
  }
  const column = (name: string, data: Uint8Array | Int32Array | Float64Array, planes?: number) => ({
    name,
    shape: planes === undefined ? [data.length] : [planes, data.length / planes],
    data,
  });
  const file = writeSafetensors(
    [
      column(
        'piece_notes',
        Int32Array.from(pieces, (piece) => piece.notes.length),
      ),
      column(
        'piece_part',
        Uint8Array.from(pieces, (_, m) => Number(m >= train.length)),
      ),
      column('piece_unit', Float64Array.from(units)),
      column('pitch', pitch),
      column('velocity', velocity),
      column('step', step, 4),
      column('duration', duration, 4),
    ],
    {
      notes_format: String(FORMAT),
      names: JSON.stringify(pieces.map(({ name }) => name)),
      composers: JSON.stringify(pieces.map(({ composer = null }) => composer)),
      styles: JSON.stringify(
        frequentComposers(
          train.map(({ composer }) => composer),
          mostStyles,
        ),
      ),
    },
  );
  const rounded = pieces.filter((_, m) => units[m] === MICROSECOND);
  const moved = rounded.filter((piece) => !keepsGrid(piece.notes)).length;
  return { bytes: gzipSync(file, { level: 9 }), notes, rounded: rounded.length, moved };
}

/** The unit of which every time is a whole number, to the last bit. */
function unitOf({ start, end }: NoteTable): number {
  const fits = (times: Float64Array, unit: number) =>
    times.every((time) => Math.round(time / unit) * unit === time);
  return COMMON_UNITS.find((unit) => fits(start, unit) && fits(end, unit)) ?? MICROSECOND;
}

/** Whether the grid, of which a model hears, stays the same with times in microseconds. */
function keepsGrid(notes: NoteTable): boolean {
  const rounded = (times: Float64Array) => times.map((time) => Math.round(time / MICROSECOND) * MICROSECOND);
  const before = gridOf(notes);
  const after = gridOf({ ...notes, start: rounded(notes.start), end: rounded(notes.end) });
  return (['key', 'velocity', 'onset', 'offset'] as const).every((column) =>
    before[column].every((value, i) => value === after[column][i]),
  );
}
