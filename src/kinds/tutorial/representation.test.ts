import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import { decodeTutorial, encodeTutorial, TUTORIAL_VELOCITY } from './representation.js';

function notesOf(rows: readonly (readonly [pitch: number, start: number, end: number])[]): NoteTable {
  const notes = createNoteTable(rows.length);
  rows.forEach(([pitch, start, end], i) => {
    notes.pitch[i] = pitch;
    notes.velocity[i] = 64;
    notes.start[i] = start;
    notes.end[i] = end;
  });
  return notes;
}

/** Notes in order of their starts: pitch, step and duration. */
const anyNotes = fc
  .array(
    fc.tuple(
      fc.nat(127),
      fc.double({ min: 0, max: 10, noNaN: true }),
      fc.double({ min: 0.001, max: 30, noNaN: true }),
    ),
    { maxLength: 50 },
  )
  .map((rows) => {
    let start = 0;
    return notesOf(
      rows.map(([pitch, step, duration]) => {
        start += step;
        return [pitch, start, start + duration];
      }),
    );
  });

describe('the tutorial representation', () => {
  it('is pitch ÷ 128, step and duration; the first step is 0', () => {
    const notes = notesOf([
      [64, 1, 1.5],
      [127, 1.25, 3],
      [0, 1.25, 1.375],
    ]);
    expect([...encodeTutorial(notes)]).toEqual([0.5, 0, 0.5, 127 / 128, 0.25, 1.75, 0, 0, 0.125]);
  });

  it('is decoded from an origin on, at one velocity', () => {
    const notes = decodeTutorial(Float32Array.of(0.5, 0.25, 1, 0.25, 0.5, 0.125), 10);
    expect([...notes.pitch]).toEqual([64, 32]);
    expect([...notes.velocity]).toEqual([TUTORIAL_VELOCITY, TUTORIAL_VELOCITY]);
    expect([...notes.start]).toEqual([10.25, 10.75]);
    expect([...notes.end]).toEqual([11.25, 10.875]);
  });

  it('finds pitches again exactly, times to single precision of each step and duration', () => {
    fc.assert(
      fc.property(anyNotes, (notes) => {
        const back = decodeTutorial(encodeTutorial(notes), notes.start[0]);
        expect(back.length).toBe(notes.length);
        expect(back.pitch).toEqual(notes.pitch);
        for (let i = 0; i < notes.length; i++) {
          // Half a unit in the last place of at most 10 s a step, 30 s a duration.
          const tolerance = (i + 1) * 5e-7 + 1e-6;
          if (!(Math.abs(back.start[i] - notes.start[i]) <= tolerance))
            expect.fail(`start ${i}: ${back.start[i]}`);
          if (!(Math.abs(back.end[i] - notes.end[i]) <= 2 * tolerance))
            expect.fail(`end ${i}: ${back.end[i]}`);
        }
      }),
    );
  });

  it('is the same after decoding and encoding, but for rounding', () => {
    fc.assert(
      fc.property(anyNotes, (notes) => {
        const features = encodeTutorial(notes);
        const again = encodeTutorial(decodeTutorial(features));
        expect(again.length).toBe(features.length);
        features.forEach((value, i) => {
          if (!(Math.abs(again[i] - value) <= 1e-6 * Math.max(1, value)))
            expect.fail(`${i}: ${again[i]}, not ${value}`);
        });
      }),
    );
  });

  it('of no notes is empty', () => {
    expect(encodeTutorial(createNoteTable(0))).toEqual(new Float32Array(0));
    expect(decodeTutorial(new Float32Array(0)).length).toBe(0);
  });
});
