import { expect, test } from 'vitest';
import { tableOf } from '../../test/helpers/note-rows.js';
import { evenBeats } from '../notes/beats.js';
import { beatsOf } from '../notes/metrical-grid.js';
import { type Chord, chordsNamed } from './chords.js';
import { builtInOpening } from './opening.js';
import { chordLine, readChords } from './read-chords.js';

/** Two seconds a bar. */
const BEATS = evenBeats(0, 120, 4);

/** Broken chords over their roots, eight notes a bar. */
function broken(chords: readonly Chord[]): [number, number, number][] {
  let at = 0;
  return chords.flatMap(({ pitchClasses, bars }) => {
    const notes = Array.from({ length: 8 * bars }, (_, i): [number, number, number] => {
      const place = i % pitchClasses.length;
      const pitch = (place === 0 ? 48 : 60) + pitchClasses[place];
      return [pitch, at + i / 4, at + (i + 1) / 4];
    });
    at += 2 * bars;
    return notes;
  });
}

test('the harmony of the prelude is read as it is taught', () => {
  const notes = builtInOpening();
  expect(chordLine(readChords(notes, beatsOf(notes), 0, 24))).toBe('C Dm7 G7 C Am D7 G Cmaj7');
});

test.each([
  ['C Am F G7'],
  ['Ebm7 Ab7 Dbmaj7 F#'],
  ['Dm7:0.5 G7:0.5 C'],
  ['B A#m7 F# C#7'],
  ['Bm7b5 E7 Am Csus4'],
])('%s is read as it was played', (line) => {
  const notes = tableOf(broken(chordsNamed(line)));
  expect(chordLine(readChords(notes, BEATS, 0, 8)).slice(0, line.length)).toBe(line);
});

test('silence goes on with the chord before, and is none of its own', () => {
  const notes = tableOf(broken(chordsNamed('C')));
  expect(chordLine(readChords(notes, BEATS, 0, 6))).toBe('C C C');
  expect(readChords(notes, BEATS, 2, 6)).toEqual([]);
  expect(readChords(tableOf([]), BEATS, 0, 6)).toEqual([]);
});
