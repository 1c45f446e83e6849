import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import { NoteIndex } from './note-index.js';

type Note = { start: number; length: number; pitch: number; velocity: number };

const note = fc.record({
  start: fc.integer({ min: 0, max: 1000 }),
  length: fc.integer({ min: 0, max: 200 }),
  pitch: fc.integer({ min: 21, max: 108 }),
  velocity: fc.integer({ min: 1, max: 127 }),
});

function tableOf(notes: readonly Note[]): NoteTable {
  const table = createNoteTable(notes.length);
  for (const [i, { start, length, pitch, velocity }] of notes.entries()) {
    table.start[i] = start;
    table.end[i] = start + length;
    table.pitch[i] = pitch;
    table.velocity[i] = velocity;
  }
  return table;
}

const between = (index: NoteIndex, from: number, to: number): number[] => {
  const found: number[] = [];
  index.between(from, to, (i) => found.push(i));
  return found;
};

describe('a note index', () => {
  it('finds exactly the notes that sound within a span, in whatever order they came', () => {
    const span = fc.tuple(fc.integer({ min: 0, max: 1200 }), fc.integer({ min: 1, max: 300 }));
    fc.assert(
      fc.property(fc.array(note, { maxLength: 700 }), span, (notes, [from, width]) => {
        const index = new NoteIndex();
        index.add(tableOf(notes));
        expect(index.length).toBe(notes.length);
        for (let i = 1; i < index.length; i++)
          expect(index.start[i]).toBeGreaterThanOrEqual(index.start[i - 1]);
        const expected = notes.filter(({ start, length }) => start < from + width && start + length > from);
        const found = between(index, from, from + width);
        const pitches = (list: number[]) => list.sort((a, b) => a - b);
        expect(pitches(found.map((i) => index.pitch[i]))).toEqual(
          pitches(expected.map(({ pitch }) => pitch)),
        );
        expect(index.extent).toBe(Math.max(0, ...notes.map(({ start, length }) => start + length)));
      }),
      { numRuns: 60 },
    );
  });

  it('grows by strikes and releases, out of order too', () => {
    const index = new NoteIndex();
    index.strike(1, 60, 80);
    index.strike(2, 64, 90);
    expect([...index.openNotes()]).toEqual([0, 1]);
    // A note from before moves the others up; the keys that are down are still the same.
    index.add(tableOf([{ start: 0, length: 1, pitch: 40, velocity: 50 }]));
    expect([...index.openNotes()].map((i) => index.pitch[i])).toEqual([60, 64]);
    index.release(3, 60);
    expect(index.end[1]).toBe(3);
    expect(between(index, 3.5, 4).map((i) => index.pitch[i])).toEqual([64]);
    expect(index.release(4, 60)).toBe(-1);
    index.strike(5, 64, 70);
    expect(index.end[2]).toBe(5);
    expect([index.lowest, index.highest, index.extent]).toEqual([40, 64, 5]);
  });

  it('gives the note under a point, the later one where two lie upon each other', () => {
    const index = new NoteIndex();
    index.add(
      tableOf([
        { start: 0, length: 10, pitch: 60, velocity: 1 },
        { start: 4, length: 2, pitch: 60, velocity: 2 },
        { start: 4, length: 2, pitch: 62, velocity: 3 },
      ]),
    );
    expect(index.velocity[index.at(1, 60)]).toBe(1);
    expect(index.velocity[index.at(5, 60)]).toBe(2);
    expect(index.at(5, 61)).toBe(-1);
    expect(index.at(11, 60)).toBe(-1);
  });
});
