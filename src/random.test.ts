import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random, seededPermutation } from './random.js';

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
  it('is xoshiro128**: the reference numbers from state 1, 2, 3, 4', () => {
    expect(draws(new Random([1, 2, 3, 4]), 10)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('repeats itself from the same seed and differs between seeds, also above 2^32', () => {
    const seeds = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER];
    const streams = seeds.map((seed) => draws(new Random(seed), 4).join());
    expect(new Set(streams).size).toBe(seeds.length);
    expect(seeds.map((seed) => draws(new Random(seed), 4).join())).toEqual(streams);
  });

  it('never starts from the forbidden all-zero state, whatever the seed', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (seed) => {
        expect(new Random(seed).state.some((word) => word !== 0)).toBe(true);
      }),
    );
  });

  it('continues from a saved state', () => {
    const random = new Random(7);
    random.normal();
    const saved = JSON.parse(JSON.stringify(random.state));
    const expected = [random.next(), random.normal(), random.uint32()];
    const restored = new Random(saved);
    expect([restored.next(), restored.normal(), restored.uint32()]).toEqual(expected);
    random.state = saved;
    expect(random.next()).toBe(expected[0]);
  });

  it('refuses seeds and states that are none', () => {
    for (const seed of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => new Random(seed)).toThrow(RangeError);
    for (const state of [
      [0, 0, 0, 0],
      [1, 2, 3],
      [1, 2, 3, 2 ** 32],
      [1, 2, 3, -1],
    ]) {
      expect(() => new Random(state as never)).toThrow(RangeError);
    }
  });

  it('draws uniformly from [0, 1), mean and variance within five standard errors', () => {
    const random = new Random(1);
    const count = 100_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const value = random.next();
      if (!(value >= 0 && value < 1)) expect.fail(`${value} is outside [0, 1)`);
      sum += value;
      squares += (value - 0.5) ** 2;
    }
    expect(Math.abs(sum / count - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(squares / count - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / count));
  });

  it('draws normals with mean 0, variance 1 and the right tails', () => {
    const random = new Random(2);
    const count = 100_000;
    let sum = 0;
    let squares = 0;
    let beyondTwo = 0;
    for (let i = 0; i < count; i++) {
      const value = random.normal();
      sum += value;
      squares += value * value;
      if (Math.abs(value) > 2) beyondTwo++;
    }
    expect(Math.abs(sum / count)).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(squares / count - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    expect(Math.abs(beyondTwo / count - 0.0455)).toBeLessThan(5 * Math.sqrt(0.0455 / count));
  });

  it('draws every number below a bound equally often', () => {
    const random = new Random(3);
    const counts = new Array(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.below(6)]++;
    for (const count of counts)
      expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(10_000 * (5 / 6)));
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
  });

  it('forks by label without moving its own stream', () => {
    const random = new Random(5);
    const before = random.state;
    const forks = ['a', 'b', 1, 2].map((label) => draws(random.fork(label), 3).join());
    expect(new Set(forks).size).toBe(4);
    expect(random.state).toEqual(before);
    expect(draws(random.fork('b'), 3).join()).toBe(forks[1]);
    random.uint32();
    expect(draws(random.fork('b'), 3).join()).not.toBe(forks[1]);
  });
});

describe('seededPermutation', () => {
  it('holds every index once', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(), fc.nat(50), (count, seed, epoch) => {
        const sorted = seededPermutation(count, seed, epoch).sort();
        expect(sorted).toEqual(Uint32Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it('is fixed by seed and epoch, and changes with either', () => {
    const order = seededPermutation(100, 1, 0);
    expect(seededPermutation(100, 1, 0)).toEqual(order);
    expect(seededPermutation(100, 1, 1)).not.toEqual(order);
    expect(seededPermutation(100, 2, 0)).not.toEqual(order);
  });

  it('puts each index first equally often', () => {
    const counts = new Array(5).fill(0);
    for (let epoch = 0; epoch < 5000; epoch++) counts[seededPermutation(5, 0, epoch)[0]]++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000 * 0.8));
  });
});
