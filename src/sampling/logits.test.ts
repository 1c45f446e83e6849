import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { sampleLogits } from './logits.js';

/** How often each index is drawn. */
function histogram(logits: ArrayLike<number>, temperature: number, draws: number, seed = 1): number[] {
  const random = new Random(seed);
  const counts = new Array<number>(logits.length).fill(0);
  for (let i = 0; i < draws; i++) counts[sampleLogits(logits, temperature, random)]++;
  return counts;
}

function softmax(logits: readonly number[], temperature: number): number[] {
  const weights = logits.map((logit) => Math.exp(logit / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

describe('sampleLogits', () => {
  it.each([0.5, 1, 2])('draws from softmax(logits / %d)', (temperature) => {
    const logits = [0, 1, -1, 2, 0.5];
    const draws = 20_000;
    const counts = histogram(logits, temperature, draws);
    // Pearson's chi-squared with 4 degrees of freedom: above 18.5 in one of a thousand seeds.
    const chiSquared = softmax(logits, temperature)
      .map((probability) => probability * draws)
      .reduce((sum, expected, i) => sum + (counts[i] - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(18.5);
  });

  it('takes the largest at temperature 0, the first of equals, and draws no number for it', () => {
    const random = new Random(1);
    const { state } = random;
    expect(sampleLogits([1, 3, 2], 0, random)).toBe(1);
    expect(sampleLogits([1, 3, 3], 0, random)).toBe(1);
    expect(sampleLogits([-5, -7], 0, random)).toBe(0);
    expect(random.state).toEqual(state);
  });

  it('draws one number a choice', () => {
    const [random, beside] = [new Random(1), new Random(1)];
    sampleLogits([1, 2, 3], 1, random);
    beside.next();
    expect(random.state).toEqual(beside.state);
  });

  it('neither overflows nor underflows', () => {
    expect(histogram([1e30, -1e30, 0], 1, 50)).toEqual([50, 0, 0]);
    expect(histogram([-1e30, -1e30], 1, 1000).every((count) => count > 400)).toBe(true);
    expect(histogram([3e38, 3e38], 1e-300, 1000).every((count) => count > 400)).toBe(true);
    expect(histogram([Number.NEGATIVE_INFINITY, 0], 1, 50)).toEqual([0, 50]);
  });

  it('is all but certain at a tiny temperature and all but blind at a huge one', () => {
    expect(histogram([1, 1.001, 0], Number.MIN_VALUE, 50)).toEqual([0, 50, 0]);
    expect(histogram([1, 1.001, 0], 1e-6, 50)).toEqual([0, 50, 0]);
    expect(histogram([5, 0], 1e9, 1000).every((count) => count > 400)).toBe(true);
    expect(histogram([5, 0], Number.POSITIVE_INFINITY, 1000).every((count) => count > 400)).toBe(true);
  });

  it('never draws what has no weight, whatever the random number', () => {
    for (const number of [0, 0.5, 1 - 2 ** -53]) {
      const random = { next: () => number } as Random;
      expect(sampleLogits([-1e9, 0, -1e9], 1, random)).toBe(1);
    }
  });

  it('refuses a temperature that is none', () => {
    for (const temperature of [-1, Number.NaN]) {
      expect(() => sampleLogits([1, 2], temperature, new Random(1))).toThrow(RangeError);
    }
  });
});
