import { expect, test } from 'vitest';
import { Random } from '../../../random.js';
import { effectiveSize, logMean, normalised, systematic } from './resample.js';

test('weights from logarithms, however small', () => {
  expect(normalised([-2000, -2000 + Math.log(3)])).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)]);
  expect(normalised([Number.NEGATIVE_INFINITY, -5])).toEqual([0, 1]);
  expect(normalised([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toEqual([0.5, 0.5]);
});

test('as many as tell as much', () => {
  expect(effectiveSize([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(4);
  expect(effectiveSize([1, 0, 0])).toBeCloseTo(1);
});

test('systematic resampling draws each as often as its weight says, give or take one', () => {
  const weights = [0.5, 0.02, 0.28, 0.2];
  const counts = [0, 0, 0, 0];
  const random = new Random(1);
  for (let draw = 0; draw < 2000; draw++) {
    const drawn = systematic(weights, random);
    for (const [i, from] of drawn.entries()) {
      counts[from]++;
      // Whoever is drawn at all stays where it is.
      if (drawn.includes(i)) expect(drawn[i]).toBe(i);
      else expect(from).not.toBe(i);
    }
    for (const [i, weight] of weights.entries()) {
      const times = drawn.filter((from) => from === i).length;
      expect(Math.abs(times - 4 * weight)).toBeLessThan(1);
    }
  }
  for (const [i, weight] of weights.entries()) expect(counts[i] / 8000).toBeCloseTo(weight, 1);
});

test('the mean of numbers by their logarithms', () => {
  expect(logMean([Math.log(1), Math.log(3)])).toBeCloseTo(Math.log(2));
  expect(logMean([-1000, -1000])).toBeCloseTo(-1000);
  expect(logMean([Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
});
