import { expect, test } from 'vitest';
import { lastEvents } from './recent-events.js';

const tableOf = (rows: readonly (readonly [time: number, symbol: number, velocity: number])[]) => ({
  length: rows.length,
  columns: [0, 1, 2].map((k) => Int32Array.from(rows, (row) => row[k])),
});

const PIECE = tableOf([
  [0, 40, 9],
  [5, 44, 8],
  [7, 88 + 40, -1], // struck before the last four
  [2, 88 + 44, -1], // and so is this
  [3, 50, 7],
  [4, 88 + 50, -1],
]);

test('a primer that is no longer than may be heard is heard as it is', () => {
  expect(lastEvents(PIECE, 6)).toBe(PIECE);
});

test('of a longer one the end is heard, without releases of keys that nobody struck', () => {
  const { length, columns } = lastEvents(PIECE, 4);
  expect(length).toBe(2);
  expect(columns.map((column) => [...column])).toEqual([
    [12, 4],
    [50, 138],
    [7, -1],
  ]);
});
