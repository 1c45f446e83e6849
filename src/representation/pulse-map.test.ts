import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { PulseMap } from './pulse-map.js';

const WAITS = Array.from({ length: 120 }, (_, ticks) => ticks);

/** How much each wait is due after strikes at these ticks, the last of which is now. */
function dueAfter(ticks: readonly number[], pulse = new PulseMap()): Float32Array {
  for (const tick of ticks) pulse.push(tick, 0.5);
  const due = new Float32Array(WAITS.length);
  pulse.due(ticks[ticks.length - 1], WAITS, due, 0);
  return due;
}

/** Where it is highest, from one wait up to another. */
function highest(due: Float32Array, from: number, to: number): number {
  const some = due.subarray(from, to);
  return from + some.indexOf(Math.max(...some));
}

const PULSE = Array.from({ length: 40 }, (_, n) => 50 * n);

describe('a map of the pulse', () => {
  it('is highest where the next beat is, and low between', () => {
    const due = dueAfter(PULSE);
    expect(highest(due, 10, 90)).toBe(50);
    expect(due[50]).toBeGreaterThan(0.1);
    expect(due[25]).toBeLessThan(due[50] / 100);
  });

  it('counts from what was struck last, also later', () => {
    const pulse = new PulseMap();
    dueAfter(PULSE, pulse);
    const due = new Float32Array(WAITS.length);
    pulse.due(PULSE[PULSE.length - 1] + 20, WAITS, due, 0);
    expect(highest(due, 10, 70)).toBe(30);
  });

  it('says little where there is none, and nothing before there was anything', () => {
    const random = new Random(3);
    const anything = PULSE.map((_, n) => 50 * n + random.below(45));
    const due = dueAfter(anything);
    expect(Math.max(...due) / (due.reduce((sum, x) => sum + x, 0) / due.length)).toBeLessThan(6);
    const pulse = new PulseMap();
    dueAfter(PULSE, pulse);
    pulse.reset();
    const none = new Float32Array(WAITS.length);
    pulse.due(0, WAITS, none, 0);
    expect(Math.max(...none)).toBe(0);
  });
});
