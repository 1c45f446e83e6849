import { describe, expect, it } from 'vitest';
import { KEYS } from '../notes/grid.js';
import { Random } from '../random.js';
import { Pace } from './pace.js';
import { Repetition } from './repetition.js';

describe('the pace', () => {
  const paceOf = (before: number, after: number, strikes = 100) => {
    const pace = new Pace();
    for (let n = 0; n < strikes; n++) pace.push(before, true);
    pace.takeForUsual();
    for (let n = 0; n < 200; n++) pace.push(after, true);
    return pace;
  };

  it('is free to change by a fifth', () => {
    expect(paceOf(10, 10).drift(1)).toBe(0);
    expect(paceOf(10, 11.9).drift(1)).toBe(0);
    expect(paceOf(10, 8.5).drift(1)).toBe(-0);
  });

  it('drifts by what is more', () => {
    expect(paceOf(10, 20).drift(1)).toBeCloseTo(Math.log(2) - 0.2);
    expect(paceOf(10, 5).drift(1)).toBeCloseTo(0.2 - Math.log(2));
  });

  it('is as many times as fast as is wished', () => {
    expect(paceOf(10, 5).drift(2)).toBeCloseTo(0);
    expect(paceOf(10, 10).drift(2)).toBeCloseTo(Math.log(2) - 0.2);
  });

  it('says nothing of a few strikes, and counts rests', () => {
    expect(paceOf(10, 40, 20).drift(1)).toBe(0);
    const pace = paceOf(10, 10);
    pace.push(1200, false);
    expect(pace.drift(1)).toBeCloseTo(Math.log(2) - 0.2);
  });
});

describe('what comes again', () => {
  const weightsAfter = (repetition: Repetition) => {
    const weights = new Float32Array(2 * KEYS).fill(1);
    repetition.hold(weights);
    return weights;
  };
  const strike = (repetition: Repetition, keys: readonly number[]) => {
    for (const key of keys) repetition.push(key);
  };
  const loop = [40, 43, 47, 52, 50, 45, 41];
  const times = (count: number) => Array.from({ length: count }, () => loop).flat();

  it('gets less likely where more does than in the music before', () => {
    const repetition = new Repetition();
    const random = new Random(1);
    strike(
      repetition,
      Array.from({ length: 100 }, () => random.below(KEYS)),
    );
    repetition.takeForUsual();
    strike(repetition, times(3));
    const some = weightsAfter(repetition);
    expect(some[loop[0]]).toBeLessThan(0.2);
    expect([...some.keys()].filter((symbol) => some[symbol] !== 1)).toEqual([loop[0]]);
    strike(repetition, times(6));
    expect(weightsAfter(repetition)[loop[0]]).toBeLessThan(some[loop[0]] / 1000);
    strike(repetition, times(100));
    expect(weightsAfter(repetition)[loop[0]]).toBeGreaterThan(0);
  });

  it('goes on where the music before did so', () => {
    const repetition = new Repetition();
    strike(repetition, times(300));
    repetition.takeForUsual();
    strike(repetition, times(3));
    expect(weightsAfter(repetition)).toEqual(new Float32Array(2 * KEYS).fill(1));
  });

  it('gets likelier where less does than in such music', () => {
    const repetition = new Repetition();
    repetition.takeForUsual(0.1);
    strike(repetition, loop);
    strike(repetition, loop.slice(0, 4));
    const weights = weightsAfter(repetition);
    expect([...weights.keys()].filter((symbol) => weights[symbol] !== 1)).toEqual([loop[4]]);
    expect(weights[loop[4]]).toBeCloseTo(2 ** 6);
    // Until enough does.
    strike(repetition, times(10));
    expect(weightsAfter(repetition)[loop[0]]).toBeLessThan(1);
  });

  it('is forgotten after something else', () => {
    const repetition = new Repetition();
    repetition.takeForUsual();
    strike(repetition, times(8));
    strike(repetition, [3, 80]);
    expect(weightsAfter(repetition)).toEqual(new Float32Array(2 * KEYS).fill(1));
  });
});
