import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { drawClass, dropUnlikely, sampleLogits } from './logits.js';

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

describe('drawing a class', () => {
  const logits = [0.2, 1.5, -0.7, 0.9, 1.5].map(Math.fround);
  const all = [1, 1, 1, 1, 1];
  const count = (weights: number[], options: Parameters<typeof drawClass>[2], draws = 20_000) => {
    const random = new Random(4);
    const counts = [0, 0, 0, 0, 0];
    for (let n = 0; n < draws; n++) counts[drawClass(logits, weights, options, random)]++;
    return counts.map((times) => times / draws);
  };
  const expectOdds = (found: number[], odds: number[]) => {
    const total = odds.reduce((sum, value) => sum + value, 0);
    found.forEach((share, i) => {
      expect(Math.abs(share - odds[i] / total)).toBeLessThan(0.015);
      if (odds[i] === 0) expect(share).toBe(0);
    });
  };

  it('has the odds of softmax, weights and temperature', () => {
    expectOdds(count(all, { temperature: 1 }), logits.map(Math.exp));
    const weights = [1, 0, 2, 0.5, 1];
    for (const temperature of [0.5, 2]) {
      const odds = logits.map((logit, i) => (Math.exp(logit) * weights[i]) ** (1 / temperature));
      expectOdds(count(weights, { temperature }), odds);
    }
  });

  it('keeps the likeliest that together have so much', () => {
    const odds = logits.map(Math.exp); // 1.22, 4.48, 0.50, 2.46, 4.48 of 13.14
    expectOdds(count(all, { temperature: 1, topP: 0.5 }), [0, odds[1], 0, 0, odds[4]]);
    expectOdds(count(all, { temperature: 1, topP: 0.8 }), [0, odds[1], 0, odds[3], odds[4]]);
    expect(count(all, { temperature: 1, topP: 0 }, 50)).toEqual([0, 1, 0, 0, 0]);
  });

  it('without temperature takes the likeliest that is allowed, the first of equals', () => {
    const random = new Random(1);
    const before = random.state;
    expect(drawClass(logits, all, { temperature: 0 }, random)).toBe(1);
    expect(drawClass(logits, [1, 0, 1, 1, 0], { temperature: 0 }, random)).toBe(3);
    expect(random.state).toEqual(before);
  });

  it('has nothing to draw where nothing is allowed', () => {
    expect(() => drawClass(logits, [0, 0, 0, 0, 0], { temperature: 1 }, new Random(1))).toThrow(RangeError);
  });
});

describe('dropping what is unlikely', () => {
  const logits = [1.22, 4.48, 0.5, 2.46, 4.48, 0.1].map(Math.log);
  const kept = (minP: number, weights = [1, 1, 1, 1, 1, 1], from = 0, to = 6) => {
    const left = Float64Array.from(weights);
    dropUnlikely(logits, left, minP, from, to);
    return Array.from(left);
  };

  it('keeps what is at least so much as likely as the likeliest', () => {
    expect(kept(0.2)).toEqual([1, 1, 0, 1, 1, 0]);
    expect(kept(0.6)).toEqual([0, 1, 0, 0, 1, 0]);
    expect(kept(1)).toEqual([0, 1, 0, 0, 1, 0]);
    expect(kept(0)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('compares only what has weight, by how likely it is with it', () => {
    expect(kept(0.5, [1, 0, 1, 0.4, 0, 1])).toEqual([1, 0, 0, 0.4, 0, 0]);
    expect(kept(0.5, [0, 0, 0, 0, 0, 0])).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('leaves other classes alone', () => {
    expect(kept(0.9, [1, 1, 1, 1, 1, 1], 2, 4)).toEqual([1, 1, 0, 1, 1, 1]);
  });
});
