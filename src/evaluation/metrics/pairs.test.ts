import { expect, test } from 'vitest';
import { gridOfRows } from '../../../test/helpers/grids.js';
import { TIME_BINS } from '../../representation/time-bins.js';
import { intervalsOf, PAIRS, pairsOf, stepBinOf } from './pairs.js';

test('a pair is an interval and a step bin, whatever the key and the time', () => {
  const notes = gridOfRows([
    [0, 1, 0, 5],
    [87, 1, 0, 5],
    [0, 1, 31, 40],
    [2, 1, 63, 70],
  ]);
  const pairs = pairsOf(notes);
  const steps = [0, 31, 32]; // 32 ticks are the first of a bin that is 4 wide
  expect([...pairs]).toEqual([174 * TIME_BINS, 0 * TIME_BINS + 31, 89 * TIME_BINS + 32]);
  expect([...pairs].map(stepBinOf)).toEqual(steps);
  expect([...intervalsOf(notes)]).toEqual([174, 0, 89]);
  expect(PAIRS).toBeLessThanOrEqual(2 ** 16);
  const moved = pairsOf(
    gridOfRows([
      [10, 9, 100, 105],
      [12, 1, 132, 200],
    ]),
  );
  expect([...moved]).toEqual([pairs[2]]);
});

test('one note has no pair, and neither has none', () => {
  expect(pairsOf(gridOfRows([[3, 1, 0, 1]]))).toHaveLength(0);
  expect(pairsOf(gridOfRows([]))).toHaveLength(0);
});
