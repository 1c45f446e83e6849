/** Note tables as rows of pitch, start and end, for tests in which nothing else matters. */
import { createNoteTable, type NoteTable } from '../../src/notes/note-table.js';

export type NoteRow = readonly [pitch: number, start: number, end: number, velocity?: number];

export function tableOf(rows: readonly NoteRow[]): NoteTable {
  const notes = createNoteTable(rows.length);
  rows.forEach(([pitch, start, end, velocity = 70], i) => {
    notes.pitch[i] = pitch;
    notes.velocity[i] = velocity;
    notes.start[i] = start;
    notes.end[i] = end;
  });
  return notes;
}

export const rowsOf = ({ length, pitch, start, end }: NoteTable) =>
  Array.from({ length }, (_, i): [pitch: number, start: number, end: number] => [pitch[i], start[i], end[i]]);
