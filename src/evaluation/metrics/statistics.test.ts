import { expect, test } from 'vitest';
import { entropyBits, sharesOf, spreadOf } from './statistics.js';

test('entropy is log2 of the classes where all are as frequent, and 0 where there is but one', () => {
  expect(entropyBits([5, 5, 5, 5, 5, 5, 5, 5])).toBe(3);
  expect(entropyBits(new Array(12).fill(2))).toBeCloseTo(Math.log2(12), 12);
  expect(entropyBits([0, 7, 0])).toBe(0);
  expect(entropyBits([0.5, 0.25, 0.25])).toBe(1.5);
  expect(entropyBits([0, 0])).toBe(0);
});

test('the deviation is that of a sample', () => {
  expect(spreadOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: Math.sqrt(32 / 7) });
  expect(spreadOf([3])).toEqual({ mean: 3, deviation: 0 });
});

test('shares sum to 1, or are 0 where nothing was counted', () => {
  expect([...sharesOf([1, 3, 0])]).toEqual([0.25, 0.75, 0]);
  expect([...sharesOf([0, 0])]).toEqual([0, 0]);
});
