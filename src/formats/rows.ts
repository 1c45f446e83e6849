import { noteName } from '../notes/note-name.js';
import { durationsOf, type NoteTable, sliceNotes, stepsOf } from '../notes/note-table.js';

/** A row of a table that is written. */
export type Row = Readonly<Record<string, string | number>>;

/** The columns of a note. */
export const NOTE_COLUMNS = ['pitch', 'name', 'start', 'end', 'step', 'duration', 'velocity'] as const;

/** One note as it is written; times in seconds. */
export interface NoteRow {
  pitch: number;
  name: string;
  start: number;
  end: number;
  step: number;
  duration: number;
  velocity: number;
}

/** The first `head` notes as rows. */
export function noteRows(notes: NoteTable, head = notes.length): NoteRow[] {
  const shown = sliceNotes(notes, 0, head);
  const steps = stepsOf(shown);
  const durations = durationsOf(shown);
  return Array.from({ length: shown.length }, (_, i) => ({
    pitch: shown.pitch[i],
    name: noteName(shown.pitch[i]),
    start: shown.start[i],
    end: shown.end[i],
    step: steps[i],
    duration: durations[i],
    velocity: shown.velocity[i],
  }));
}
