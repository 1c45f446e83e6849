import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterEdit, type EditedNote } from './note-edit.js';

const NOTES: EditedNote[] = [
  { pitch: 60, velocity: 80, start: 1, end: 2 },
  { pitch: 67, velocity: 120, start: 1.5, end: 1.75 },
];

test('notes are moved together, and stay on the piano and after the beginning', () => {
  const moved = afterEdit({ kind: 'move', seconds: 0.5, semitones: -2 }, NOTES);
  expect(moved.map(({ pitch, start, end }) => [pitch, start, end])).toEqual([
    [58, 1.5, 2.5],
    [65, 2, 2.25],
  ]);
  fc.assert(
    fc.property(fc.double({ min: -100, max: 100, noNaN: true }), fc.integer(), (seconds, semitones) => {
      const [a, b] = afterEdit({ kind: 'move', seconds, semitones }, NOTES);
      expect(Math.min(a.pitch, b.pitch)).toBeGreaterThanOrEqual(21);
      expect(Math.max(a.pitch, b.pitch)).toBeLessThanOrEqual(108);
      expect(a.start).toBeGreaterThanOrEqual(0);
      expect(b.pitch - a.pitch).toBe(7);
      expect(b.start - a.start).toBeCloseTo(0.5, 9);
    }),
  );
});

test('notes are lengthened and struck harder or softer, within what there is', () => {
  expect(afterEdit({ kind: 'lengthen', seconds: -0.5 }, NOTES).map(({ end }) => end)).toEqual([1.5, 1.52]);
  expect(afterEdit({ kind: 'velocity', by: 20 }, NOTES).map(({ velocity }) => velocity)).toEqual([100, 127]);
  expect(afterEdit({ kind: 'velocity', by: -100 }, NOTES).map(({ velocity }) => velocity)).toEqual([1, 20]);
});

test('a note is drawn; what is removed leaves nothing', () => {
  expect(afterEdit({ kind: 'draw', pitch: 64, start: 3, end: 4 }, NOTES)).toMatchObject([
    { pitch: 64, start: 3, end: 4 },
  ]);
  expect(afterEdit({ kind: 'remove' }, NOTES)).toEqual([]);
  expect(afterEdit(undefined, NOTES)).toEqual([]);
});
