import { expect, test } from 'vitest';
import { gridOfRows, rowsOfGrid } from '../../test/helpers/grids.js';
import { KEYS } from '../notes/grid.js';
import { NOTE_TUPLES } from './note-tuples.js';
import { MOST_TICKS } from './time-bins.js';

test('an event is step, key, velocity and duration', () => {
  const { length, columns } = NOTE_TUPLES.encode(
    gridOfRows([
      [3, 1, 0, 0],
      [3, 2, 0, 500],
      [8, 3, 0, MOST_TICKS + 1],
      [3, 4, MOST_TICKS + 9, MOST_TICKS + 9],
    ]),
  );
  expect(NOTE_TUPLES.attributes.map(({ name }) => name)).toEqual(['step', 'key', 'velocity', 'duration']);
  expect([length, ...columns.map((column) => [...column])]).toEqual([
    4,
    [0, 0, 0, MOST_TICKS],
    [3, 3, 8, 3],
    [1, 2, 3, 4],
    [0, 500, MOST_TICKS, 0],
  ]);
});

test('any events are some notes', () => {
  const columns = [
    [9, 0, 0, 5],
    [8, 8, 2, 2],
    [1, 2, 3, 4],
    [3, 3, 7, 0],
  ].map((column) => Int32Array.from(column));
  expect(rowsOfGrid(NOTE_TUPLES.decode({ length: 4, columns }))).toEqual([
    [2, 3, 0, 5],
    [8, 1, 0, 0],
    [8, 2, 0, 3],
    [2, 4, 5, 5],
  ]);
});

test('within a tick keys go upward, and the last is struck again only if it had no length', () => {
  const tracker = NOTE_TUPLES.createTracker();
  const lowestAfter = (step: number) => {
    const mask = new Float32Array(KEYS);
    tracker.allowed(1, [step], mask, 0);
    const lowest = mask.indexOf(1);
    expect(mask).toEqual(Float32Array.from(mask, (_, key) => Number(key >= lowest)));
    return lowest;
  };
  expect([lowestAfter(0), lowestAfter(1)]).toEqual([0, 0]);
  tracker.push([0, 30, 5, 10]);
  expect([lowestAfter(0), lowestAfter(1)]).toEqual([31, 0]);
  tracker.push([0, 40, 5, 0]);
  expect([lowestAfter(0), lowestAfter(1)]).toEqual([40, 0]);
  tracker.push([7, KEYS - 1, 5, 10]);
  expect([lowestAfter(0), lowestAfter(1)]).toEqual([KEYS - 1, 0]); // nothing would be left
  tracker.push([1, 2, 5, 0]);
  expect(lowestAfter(0)).toBe(2);
});
