import { describe, expect, it } from 'vitest';
import { distinctShare, longestRun, lowestEntropy, ROLLING_HOP, ROLLING_WINDOW } from './repetition.js';

const loop = (length: number, period: number) => Uint16Array.from({ length }, (_, i) => i % period);

describe('distinctShare', () => {
  it('is 1 without a repetition, and what a loop leaves', () => {
    expect(distinctShare(loop(50, 50), 2)).toBe(1);
    expect(distinctShare(loop(50, 5), 2)).toBe(5 / 49);
    expect(distinctShare(loop(50, 5), 8)).toBe(5 / 43);
    expect(distinctShare(loop(3, 3), 4)).toBe(0);
  });
});

describe('longestRun', () => {
  it.each([
    [[], 0],
    [[4], 1],
    [[1, 2, 3], 1],
    [[1, 1, 2, 2, 2, 1], 3],
    [[1, 2, 2, 2, 2], 4],
  ])('of %j is %i', (values, run) => {
    expect(longestRun(values)).toBe(run);
  });
});

describe('lowestEntropy', () => {
  it('of a short piece is that of all of it', () => {
    expect(lowestEntropy(loop(16, 16), 16)).toBe(4);
    expect(lowestEntropy([], 3)).toBe(0);
  });

  it('finds where a piece gets stuck, also at its very end', () => {
    const varied = loop(4 * ROLLING_WINDOW, 128);
    expect(lowestEntropy(varied, 128)).toBe(7);
    const stuck = [...varied, ...loop(ROLLING_WINDOW, 2)];
    expect(lowestEntropy(stuck, 128)).toBe(1);
    // Neither at a multiple of the hop nor a window long: a quarter of the last window is of one value.
    const ending = [...varied.subarray(0, 2 * ROLLING_WINDOW + 5), ...new Array(ROLLING_WINDOW - 1).fill(3)];
    expect(ending.length % ROLLING_HOP).not.toBe(0);
    expect(lowestEntropy(ending, 128)).toBeLessThan(0.05);
  });
});
