import { expect, test } from 'vitest';
import { type GridRow, gridOfRows } from '../../../test/helpers/grids.js';
import { grooveSimilarity } from './groove.js';

const at = (onsets: readonly number[]) =>
  gridOfRows(onsets.map((onset): GridRow => [40, 9, onset, onset + 1]));

test('bars struck at the same places are all alike', () => {
  expect(grooveSimilarity(at([0, 50, 100, 200, 250, 300, 400, 450, 500, 600]))).toBe(1);
});

test('positions that two bars disagree on count for all pairs of bars, chords once, the last bar not', () => {
  // Three bars with onsets at 0, at 0 and 100, and at 0 and 150: 1, 1 and 2 of 64 positions differ.
  const onsets = [0, 0, 200, 200, 300, 400, 550, 600, 610, 620, 630];
  expect(grooveSimilarity(at(onsets))).toBeCloseTo(1 - 4 / 3 / 64, 12);
});

test('a piece of less than two bars has none', () => {
  expect(grooveSimilarity(at([0, 399]))).toBeUndefined();
  expect(grooveSimilarity(at([0, 400]))).toBeDefined();
  expect(grooveSimilarity(at([]))).toBeUndefined();
});
