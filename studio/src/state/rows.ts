/** Notes and pedals as rows of numbers, as text holds them. */
import { createNoteTable, type NoteTable, type Pedal } from '../../../src/index.js';
import { check, isNumber, isPitch, isTime, MOST_NOTES } from './session-checks.js';

/** Pitch, velocity, start, end of each note. */
export function rowsOfNotes({ length, pitch, velocity, start, end }: NoteTable): number[][] {
  return Array.from({ length }, (_, i) => [pitch[i], velocity[i], start[i], end[i]]);
}

/** Time and position of each movement. */
export function rowsOfPedal({ length, time, value }: Pedal): number[][] {
  return Array.from({ length }, (_, i) => [time[i], value[i]]);
}

/**
 * @param what is read, and what is one of it, for the error
 * @throws Damaged when they are no notes in time
 */
export function notesFromRows(rows: unknown, what: string, one: string): NoteTable {
  check(Array.isArray(rows) && rows.length <= MOST_NOTES, what);
  const notes = createNoteTable(rows.length);
  let before = 0;
  for (const [i, row] of rows.entries()) {
    check(Array.isArray(row), `${one} ${i + 1}`);
    const [pitch, velocity, start, end] = row as readonly unknown[];
    check(isPitch(pitch) && isNumber(velocity, 1, 127), `${one} ${i + 1}`);
    check(isTime(start) && start >= before && isTime(end) && end >= start, `${one} ${i + 1}`);
    notes.pitch[i] = pitch;
    notes.velocity[i] = velocity;
    notes.start[i] = before = start;
    notes.end[i] = end;
  }
  return notes;
}

/** @throws Damaged when they are no movements of a pedal */
export function pedalFromRows(rows: unknown): Pedal {
  check(Array.isArray(rows) && rows.length <= MOST_NOTES, 'the pedal');
  const isMovement = (row: unknown) => Array.isArray(row) && isTime(row[0]) && isNumber(row[1], 0, 127);
  check(rows.every(isMovement), 'the pedal');
  return {
    length: rows.length,
    time: Float64Array.from(rows, ([time]) => time),
    value: Uint8Array.from(rows, ([, value]) => value),
  };
}
