import { expect, test } from 'vitest';
import { type GridRow, gridOfRows } from '../../../test/helpers/grids.js';
import { scaleConsistency } from './scale.js';

const tune = (keys: readonly number[]) =>
  gridOfRows(keys.map((key, i): GridRow => [key, 9, 10 * i, 10 * i + 5]));

test('notes of one scale, in any key, are all of them; of two, the larger part; of all twelve, seven', () => {
  const major = [0, 2, 4, 5, 7, 9, 11, 12, 24, 36];
  for (let tonic = 0; tonic < 12; tonic++) {
    expect(scaleConsistency(tune(major.map((degree) => degree + tonic)))).toBe(1);
  }
  expect(scaleConsistency(tune([0, 2, 4, 5, 7, 9, 11, 1, 3, 6]))).toBe(0.7);
  expect(scaleConsistency(tune(Array.from({ length: 12 }, (_, key) => key)))).toBe(7 / 12);
});
