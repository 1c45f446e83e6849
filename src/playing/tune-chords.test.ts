import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tableOf } from '../../test/helpers/note-rows.js';
import { evenBeats } from '../notes/beats.js';
import { chordLine } from './read-chords.js';
import { DEGREES, FOLLOWS, TONES } from './tune-chord-table.js';
import { chordsOfTune } from './tune-chords.js';

/** Two seconds a bar. */
const BEATS = evenBeats(0, 120, 4);
/** Four notes a bar. */
const tune = (...pitches: number[]) =>
  tableOf(pitches.map((pitch, i) => [pitch, i / 2, (i + 1) / 2] as const));
const chordsOf = (...pitches: number[]) => chordsOfTune(tune(...pitches), BEATS, 0, pitches.length / 2);

test('a tune of broken chords has these chords', () => {
  const tones = { C: [60, 64, 67, 64], F: [65, 69, 72, 69], G: [67, 71, 74, 71], Am: [69, 72, 76, 72] };
  const line = ['C', 'Am', 'F', 'G', 'C'] as const;
  expect(chordLine(chordsOf(...line.flatMap((name) => tones[name])))).toBe(line.join(' '));
});

test('the same tune elsewhere has the same chords elsewhere', () => {
  const song = fc.array(fc.integer({ min: 60, max: 76 }), { minLength: 4, maxLength: 32 });
  fc.assert(
    fc.property(song, fc.integer({ min: -11, max: 11 }), (pitches, up) => {
      const [here, there] = [pitches, pitches.map((pitch) => pitch + up)].map((notes) => chordsOf(...notes));
      const roots = here.map(({ pitchClasses }) => pitchClasses.map((each) => (each + up + 12) % 12));
      expect(there.map(({ pitchClasses }) => pitchClasses)).toEqual(roots);
    }),
    // a whole-tone scale is the same six semitones away: two keys are just as likely
    { examples: [[[66, 60, 62, 68, 70, 64], -1]], numRuns: 1000 },
  );
});

test('there is a chord for every bar, also where the tune rests, and none without bars', () => {
  const rests = tableOf([
    [60, 0, 1],
    [67, 7, 8],
  ]);
  expect(chordsOfTune(rests, BEATS, 0, 8).length).toBe(4);
  expect(chordsOfTune(rests, BEATS, 3, 8).length).toBe(3);
  expect(chordsOfTune(rests, BEATS, 8, 8)).toEqual([]);
});

test('what it knows are parts of a whole, none of them nothing', () => {
  for (const parts of [...TONES, ...FOLLOWS, DEGREES]) {
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 3);
    expect(Math.min(...parts)).toBeGreaterThan(0);
  }
});
