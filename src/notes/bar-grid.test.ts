import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BarGrid } from './bar-grid.js';
import { evenBeats } from './beats.js';

/** An upbeat, a bar of four, one of three, one of two that is cut off. */
const MIXED = new BarGrid({
  time: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
  place: Uint8Array.of(3, 0, 1, 2, 3, 0, 1, 2, 0, 1),
});

describe('a grid of bars', () => {
  it('counts bars and beats from one', () => {
    const grid = new BarGrid(evenBeats(0, 90, 3));
    for (const [bar, seconds] of [
      [1, 0],
      [2, 2],
      [5, 8],
      [101, 200],
    ])
      expect(grid.secondsOf(bar)).toBeCloseTo(seconds, 9);
    expect(grid.secondsOf(5, 2.5)).toBeCloseTo(9, 9);
    expect(grid.placeAt(8)).toEqual({ bar: 5, beat: 1, part: 0 });
    expect(grid.placeAt(9).part).toBeCloseTo(0.5, 9);
    expect(grid.placeAt(-1)).toMatchObject({ bar: 0, beat: 2 });
    expect(grid.beatsIn(7)).toBe(3);
  });

  it('knows upbeats and bars of other lengths', () => {
    expect([1, 2, 3, 4, 5].map((bar) => MIXED.secondsOf(bar))).toEqual([-2, 2, 6, 9, 13]);
    expect([0, 1, 2, 3, 4, 5].map((bar) => MIXED.beatsIn(bar))).toEqual([4, 4, 4, 3, 4, 4]);
    expect(MIXED.placeAt(1)).toEqual({ bar: 1, beat: 4, part: 0 });
    expect(MIXED.placeAt(8.5)).toEqual({ bar: 3, beat: 3, part: 0.5 });
    expect(MIXED.placeAt(12)).toMatchObject({ bar: 4, beat: 4 });
  });

  it('finds the nearest beat or part of one', () => {
    const grid = new BarGrid(evenBeats(0.25, 60, 4));
    expect([0, 0.9, 3.7].map((time) => grid.nearest(time))).toEqual([0.25, 1.25, 3.25]);
    expect([0, 0.9, 3.7].map((time) => grid.nearest(time, 4))).toEqual([0, 1, 3.75]);
  });

  it('lists what lies in a stretch', () => {
    const lines = [...MIXED.between(5, 8.5, 2)];
    expect(lines.map(({ time }) => time)).toEqual([5, 5.5, 6, 6.5, 7, 7.5, 8, 8.5]);
    expect(lines.map(({ bar, beat }) => `${bar}:${beat}`).join(' ')).toBe(
      '2:4 2:4.5 3:1 3:1.5 3:2 3:2.5 3:3 3:3.5',
    );
  });

  it('tells of every place where it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20, max: 40 }), fc.integer({ min: 0, max: 2 }), (bar, beat) => {
        const inside = beat % MIXED.beatsIn(bar);
        expect(MIXED.placeAt(MIXED.secondsOf(bar, inside + 1))).toMatchObject({ bar, beat: inside + 1 });
      }),
    );
  });
});
