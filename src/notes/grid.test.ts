import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { expectInGridOrder, type GridRow, gridOfRows, rowsOfGrid } from '../../test/helpers/grids.js';
import {
  countBeyondPiano,
  createGridNotes,
  type GridOptions,
  gridOf,
  inGridOrder,
  KEYS,
  keyOf,
  LOWEST_PITCH,
  notesOfGrid,
  VELOCITY_BINS,
  velocityOf,
} from './grid.js';
import { createNoteTable, type NoteTable } from './note-table.js';

type Row = readonly [pitch: number, start: number, end: number, velocity?: number];

function notesOf(rows: readonly Row[]): NoteTable {
  const notes = createNoteTable(rows.length);
  rows.forEach(([pitch, start, end, velocity = 64], i) => {
    notes.pitch[i] = pitch;
    notes.velocity[i] = velocity;
    notes.start[i] = start;
    notes.end[i] = end;
  });
  return notes;
}

const A0 = LOWEST_PITCH;

describe('gridOf', () => {
  test.each<[string, Row[], GridRow[], GridOptions?]>([
    ['no notes are none', [], []],
    [
      'times go to the nearest tick from the first onset on',
      [
        [A0, 7.003, 7.0171],
        [A0 + 1, 7.0079, 7.0081],
        [A0 + 2, 7.0131, 8],
      ],
      [
        [0, 16, 0, 1],
        [1, 16, 0, 1],
        [2, 16, 1, 100],
      ],
    ],
    [
      'velocities go to bins of four',
      [1, 3, 4, 127].map((velocity, i): Row => [A0, i, i + 0.5, velocity]),
      [0, 0, 1, 31].map((bin, i): GridRow => [0, bin, 100 * i, 100 * i + 50]),
    ],
    [
      'a note shorter than half a tick has no length',
      [
        [A0, 0, 0.004],
        [A0, 1, 1.5],
      ],
      [
        [0, 16, 0, 0],
        [0, 16, 100, 150],
      ],
    ],
    [
      'a note ends where its key is struck again',
      [
        [A0, 0, 4],
        [A0 + 1, 0.5, 2],
        [A0, 1, 3],
        [A0, 3, 5],
      ],
      [
        [0, 16, 0, 100],
        [1, 16, 50, 200],
        [0, 16, 100, 300],
        [0, 16, 300, 500],
      ],
    ],
    [
      'of two strikes of a key in one tick the earlier has no length',
      [
        [A0, 0, 1, 10],
        [A0, 0.004, 0.5, 20],
        [A0 + 3, 0.004, 1, 30],
      ],
      [
        [0, 2, 0, 0],
        [0, 5, 0, 50],
        [3, 7, 0, 100],
      ],
    ],
    [
      'what an onset has in the table in any order goes upward',
      [
        [A0 + 9, 0, 1],
        [A0 + 2, 0, 2],
        [A0 + 5, 0.001, 3],
        [A0, 0.004, 4],
        [A0 + 1, 0.01, 5],
      ],
      [
        [0, 16, 0, 400],
        [2, 16, 0, 200],
        [5, 16, 0, 300],
        [9, 16, 0, 100],
        [1, 16, 1, 500],
      ],
    ],
    [
      'an octave beyond the piano is the octave within, and sounds once',
      [
        [A0 - 1, 0, 3],
        [A0 + 11, 1, 2],
        [A0 + KEYS, 2, 3],
      ],
      [
        [11, 16, 0, 100],
        [11, 16, 100, 200],
        [KEYS - 12, 16, 200, 300],
      ],
    ],
    [
      'transposed; what leaves the piano comes back into it',
      [
        [A0, 0, 1],
        [A0 + KEYS - 1, 1, 2],
      ],
      [
        [5, 16, 0, 100],
        [KEYS + 4 - 12, 16, 100, 200],
      ],
      { transpose: 5 },
    ],
    [
      'stretched before it is rounded',
      [
        [A0, 1, 1.004],
        [A0, 2.004, 3],
      ],
      [
        [0, 16, 0, 1],
        [0, 16, 151, 300],
      ],
      { stretch: 1.5 },
    ],
    [
      'times that only just fit into a tick number',
      [
        [A0 + 1, 0, 1],
        [A0 + 4, 21_000_000.001, 21_000_000.5],
        [A0 + 3, 21_000_000.002, 21_000_001],
      ],
      [
        [1, 16, 0, 100],
        [3, 16, 2_100_000_000, 2_100_000_100],
        [4, 16, 2_100_000_000, 2_100_000_050],
      ],
    ],
  ])('%s', (_, notes, rows, options) => {
    const grid = gridOf(notesOf(notes), options);
    expect(rowsOfGrid(grid)).toEqual(rows);
    expectInGridOrder(grid);
  });

  it('gives a grid for any notes ascending by start', () => {
    const anyNotes = fc.array(
      fc.tuple(fc.nat(127), fc.nat(60), fc.nat(80), fc.integer({ min: 1, max: 127 })),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(anyNotes, fc.integer({ min: -6, max: 6 }), (rows, transpose) => {
        let start = 3;
        const notes = rows.map(([pitch, step, duration, velocity]): Row => {
          start += step / 4000;
          return [pitch, start, start + duration / 4000, velocity];
        });
        const grid = gridOf(notesOf(notes), { transpose });
        expect(grid.length).toBe(rows.length);
        expectInGridOrder(grid);
      }),
    );
  });
});

test('keys are those of the piano, and others by octaves', () => {
  const keys = Array.from({ length: 128 }, (_, pitch) => keyOf(pitch));
  for (const [pitch, key] of keys.entries()) {
    const isOfPiano = pitch >= 21 && pitch <= 108;
    if (isOfPiano) expect(key).toBe(pitch - 21);
    expect([(key + 21 - pitch) % 12 === 0, key >= 0 && key < 88]).toEqual([true, true]);
  }
  expect([keyOf(20), keyOf(0), keyOf(109), keyOf(127)]).toEqual([11, 3, 76, 82]);
  expect(countBeyondPiano(notesOf([0, 20, 21, 60, 108, 109, 127].map((pitch): Row => [pitch, 0, 1])))).toBe(
    4,
  );
});

test('a grid is put in order in a copy', () => {
  const rows: GridRow[] = [
    [8, 1, 0, 90],
    [3, 2, 0, 20],
    [3, 3, 0, 70],
    [3, 4, 40, 50],
  ];
  const given = gridOfRows(rows);
  const grid = inGridOrder(given);
  expect(rowsOfGrid(grid)).toEqual([
    [3, 2, 0, 0],
    [3, 3, 0, 40],
    [8, 1, 0, 90],
    [3, 4, 40, 50],
  ]);
  expect(rowsOfGrid(given)).toEqual(rows);
  expect(inGridOrder(createGridNotes(0)).length).toBe(0);
});

test('a grid becomes notes from an origin on, and those the same grid', () => {
  const grid = gridOfRows([
    [0, 0, 0, 5],
    [87, 31, 0, 7],
    [40, 16, 3, 3],
  ]);
  const notes = notesOfGrid(grid, 2);
  expect([...notes.pitch]).toEqual([21, 108, 61]);
  expect([...notes.velocity]).toEqual([2, 126, 66]);
  expect([...notes.start]).toEqual([2, 2, 2.03]);
  expect([...notes.end]).toEqual([2.05, 2.07, 2.03]);
  expect(rowsOfGrid(gridOf(notes))).toEqual(rowsOfGrid(grid));
  expect(notesOfGrid(grid).start[0]).toBe(0);
});

test('the velocity of a bin is at most two from those in it', () => {
  for (let velocity = 1; velocity <= 127; velocity++) {
    const bin = gridOf(notesOf([[60, 0, 1, velocity]])).velocity[0];
    expect(bin).toBeLessThan(VELOCITY_BINS);
    expect(Math.abs(velocityOf(bin) - velocity)).toBeLessThanOrEqual(2);
  }
});
