import { describe, expect, test } from 'vitest';
import { createNoteTable, type NoteTable } from './note-table.js';
import type { Pedal } from './pedal.js';
import { sustainExtended } from './transform.js';

function notesOf(...rows: [pitch: number, start: number, end: number][]): NoteTable {
  const notes = createNoteTable(rows.length);
  rows.forEach(([pitch, start, end], i) => {
    notes.pitch[i] = pitch;
    notes.start[i] = start;
    notes.end[i] = end;
  });
  return notes;
}

function pedalOf(...movements: [time: number, value: number][]): Pedal {
  return {
    length: movements.length,
    time: Float64Array.from(movements, ([time]) => time),
    value: Uint8Array.from(movements, ([, value]) => value),
  };
}

describe('sustainExtended', () => {
  test.each<[string, NoteTable, Pedal, number[]]>([
    ['without pedal nothing changes', notesOf([60, 0, 1]), pedalOf(), [1]],
    [
      'a note goes on until the pedal lifts',
      notesOf([60, 0, 1], [64, 0, 3]),
      pedalOf([0.5, 127], [2, 0]),
      [2, 3],
    ],
    [
      'pressed after the release, the pedal does nothing',
      notesOf([60, 0, 1]),
      pedalOf([1.1, 127], [2, 0]),
      [1],
    ],
    ['lifted before the release, neither', notesOf([60, 0, 1]), pedalOf([0, 127], [0.9, 0]), [1]],
    ['half way down is down', notesOf([60, 0, 1]), pedalOf([0, 64], [2, 63]), [2]],
    [
      'movements while down or up do not count',
      notesOf([60, 0, 1]),
      pedalOf([0, 9], [0.5, 70], [1.5, 100], [2, 3], [3, 0]),
      [2],
    ],
    [
      'a strike of the same pitch ends it',
      notesOf([60, 0, 1], [62, 1.2, 1.3], [60, 1.5, 1.7]),
      pedalOf([0, 127], [2, 0]),
      [1.5, 2, 2],
    ],
    [
      'a strike at the release lets it end there',
      notesOf([60, 0, 1], [60, 1, 1.5]),
      pedalOf([0, 127], [2, 0]),
      [1, 2],
    ],
    ['overlapping notes get no shorter', notesOf([60, 0, 4], [60, 1, 2]), pedalOf([0, 127], [3, 0]), [4, 3]],
    [
      'a pedal that never lifts holds to the end of the piece',
      notesOf([60, 0, 1], [62, 0, 5]),
      pedalOf([0, 127]),
      [5, 5],
    ],
    ['even if the last thing to move is the pedal', notesOf([60, 0, 1]), pedalOf([0, 127], [7, 100]), [7]],
    ['pressed at the release, it holds', notesOf([60, 0, 1]), pedalOf([1, 127], [2, 0]), [2]],
    ['lifted at the release, it does not', notesOf([60, 0, 1]), pedalOf([0, 127], [1, 0], [1.5, 127]), [1]],
    [
      'lifted and pressed at the release, it holds',
      notesOf([60, 0, 1]),
      pedalOf([0, 127], [1, 0], [1, 127], [3, 0]),
      [3],
    ],
  ])('%s', (_, notes, pedal, ends) => {
    const before = notes.end.slice();
    const extended = sustainExtended(notes, pedal);
    expect([...extended.end]).toEqual(ends);
    expect([...extended.start]).toEqual([...notes.start]);
    expect(notes.end).toEqual(before);
  });
});
