import { expect, it } from 'vitest';
import { scheduleFactor } from './schedule.js';

it('goes up, stays, and comes down to nothing', () => {
  const schedule = { warmup: 4, decayFrom: 0.5 };
  const factors = Array.from({ length: 20 }, (_, update) => scheduleFactor(schedule, update, 20));
  expect(factors.slice(0, 5)).toEqual([0.25, 0.5, 0.75, 1, 1]);
  expect(factors[10]).toBe(1);
  expect(factors[15]).toBeCloseTo(0.5, 12);
  expect(factors[19]).toBeCloseTo(0.1, 12);
  // An epoch that is longer than was thought does not turn back.
  expect(scheduleFactor(schedule, 25, 20)).toBe(0);
  expect(scheduleFactor({ warmup: 0, decayFrom: 1 }, 0, 10)).toBe(1);
});
