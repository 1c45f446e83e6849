import { expect, test } from 'vitest';
import { createNoteTable, durationsOf, mergeNotes, selectNotes, sliceNotes, stepsOf } from './note-table.js';

function tableOf(pitches: number[], starts: number[]) {
  const notes = createNoteTable(pitches.length);
  notes.pitch.set(pitches);
  notes.velocity.fill(64);
  notes.start.set(starts);
  notes.end.set(starts.map((start) => start + 0.5));
  return notes;
}

test('steps and durations', () => {
  const notes = tableOf([60, 61, 62], [1, 1, 1.25]);
  expect([...stepsOf(notes)]).toEqual([0, 0, 0.25]);
  expect([...durationsOf(notes)]).toEqual([0.5, 0.5, 0.5]);
});

test('a slice shares its memory, a selection does not', () => {
  const notes = tableOf([60, 61, 62], [0, 1, 2]);
  const slice = sliceNotes(notes, 1, 3);
  const selection = selectNotes(notes, [2, 0]);
  expect([slice.length, ...slice.pitch]).toEqual([2, 61, 62]);
  expect([selection.length, ...selection.pitch, ...selection.end]).toEqual([2, 62, 60, 2.5, 0.5]);
  notes.pitch.fill(1);
  expect([...slice.pitch]).toEqual([1, 1]);
  expect([...selection.pitch]).toEqual([62, 60]);
});

test('merged by start, equal starts in the order of the tables', () => {
  const merged = mergeNotes([tableOf([1, 2], [0, 3]), tableOf([3, 4, 5], [0, 1, 3]), tableOf([], [])]);
  expect([...merged.pitch]).toEqual([1, 3, 4, 2, 5]);
  expect([...merged.start]).toEqual([0, 0, 1, 3, 3]);
  expect(mergeNotes([]).length).toBe(0);
});
