/** Random tensors, and what it means for two of them to agree. */
import { expect } from 'vitest';
import type { Random } from '../../src/random.js';

/**
 * Uniform numbers of absolute value 0.2 … 1.2: away from zero, where relu has its kink and division its pole.
 */
export function randomValues(random: Random, length: number, positive = false): Float64Array {
  return Float64Array.from(
    { length },
    () => (0.2 + random.next()) * (positive || random.next() < 0.5 ? 1 : -1),
  );
}

/**
 * Fails unless every element of `actual` lies within `relative` × the largest magnitude in `expected`, plus
 * `absolute`. Not relative to each element: single precision promises nothing about what cancellation left
 * over.
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative: number,
  what = 'tensor',
  absolute = 0,
): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  const limit = relative * largest + absolute;
  for (let i = 0; i < expected.length; i++) {
    // Written so that NaN fails.
    if (!(Math.abs(actual[i] - expected[i]) <= limit)) {
      expect.fail(`${what}[${i}] is ${actual[i]}, expected ${expected[i]} ± ${limit}`);
    }
  }
}
