import { describe, expect, it } from 'vitest';
import { KEYS } from '../notes/grid.js';
import { NONE } from './events.js';
import { NOTE_TUPLES } from './note-tuples.js';
import { PERFORMANCE } from './performance.js';
import { PERFORMANCE_RECALL } from './performance-recall.js';
import { TIME_BINS } from './time-bins.js';

/** Strikes and their velocities, so many ticks apart, each held for a tick. */
const played = (...strikes: [ticks: number, key: number, velocity: number][]) =>
  strikes.flatMap(([ticks, key, velocity]) => [
    [ticks, key, velocity],
    [1, KEYS + key, NONE],
  ]);

function contextAfter(
  representation: typeof PERFORMANCE,
  events: readonly (readonly number[])[],
): Float32Array {
  const tracker = representation.createTracker();
  for (const event of events) tracker.push(event);
  const context = new Float32Array(representation.contextSize).fill(9);
  tracker.context(context, 0);
  return context;
}

describe('a performance with recall', () => {
  const theme = played([7, 30, 3], [7, 34, 7], [11, 37, 15]);
  const events = [...theme, ...played([20, 60, 9], [20, 70, 9]), ...theme.slice(0, 4)];
  const context = contextAfter(PERFORMANCE_RECALL, events);
  const maps = (from: number, size: number) =>
    Array.from({ length: 3 }, (_, map) => [...context.subarray(from + map * size, from + (map + 1) * size)]);

  it('says the same events', () => {
    expect(PERFORMANCE_RECALL.playing).toBe(PERFORMANCE.playing);
    expect(NOTE_TUPLES.playing).toBeUndefined();
  });

  it('hears what `performance` hears', () => {
    const { contextSize } = PERFORMANCE;
    expect([...context.subarray(0, contextSize)]).toEqual([...contextAfter(PERFORMANCE, events)]);
  });

  it('hears which key comes next, and how hard it was struck', () => {
    const told = maps(PERFORMANCE.contextSize, KEYS).map((map) =>
      map.flatMap((value, key) => (value === 0 ? [] : [[key, value]])),
    );
    // Two keys agree; the interval between them is too little to recall by.
    expect(told).toEqual([[[37, 4 / 16]], [], [[37, 16 / 32]]]);
  });

  it('hears when the next strike is due', () => {
    // It came 12 ticks after the one before, of which one has passed.
    const [sharp, blunt, wide] = maps(PERFORMANCE.contextSize + 3 * KEYS, TIME_BINS);
    for (const [map, width] of [
      [sharp, 0.5],
      [blunt, 1.5],
      [wide, 5],
    ] as const) {
      const expected = Array.from({ length: TIME_BINS }, (_, bin) =>
        Math.abs(bin - 11) > 15 ? 0 : (4 / 16) * Math.exp(-Math.abs(bin - 11) / width),
      );
      for (const [bin, value] of map.entries()) expect(value).toBeCloseTo(expected[bin], 6);
    }
  });

  it('no longer expects what should have come', () => {
    const late = [...events, [40, 5, 9], [0, KEYS + 5, NONE], [13, KEYS + 30, NONE]];
    for (const [after, isExpected] of [
      [events, true],
      [[...events, [12, KEYS + 50, NONE]], false],
      [late, false],
    ] as const) {
      const context = contextAfter(PERFORMANCE_RECALL, after);
      const time = context.subarray(PERFORMANCE_RECALL.contextSize - 3 * TIME_BINS);
      expect(time.some((value) => value > 0)).toBe(isExpected);
    }
  });
});
