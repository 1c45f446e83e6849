import { describe, expect, it } from 'vitest';
import { barsFrom, barsOf, beatAt, beatsUpTo, evenBeats, secondsAtBeat, tempoAtBeat } from './beats.js';

/** Slower from the third beat on, which begins a bar. */
const SLOWING = { time: Float64Array.of(1, 1.5, 2, 3, 4), place: Uint8Array.of(2, 3, 0, 1, 2) };

describe('beats', () => {
  it('tell places and times, before the first and after the last too', () => {
    const times = [0, 1, 1.25, 2.5, 4, 6];
    expect(times.map((time) => beatAt(SLOWING, time))).toEqual([-2, 0, 0.5, 2.5, 4, 6]);
    for (const time of times) expect(secondsAtBeat(SLOWING, beatAt(SLOWING, time))).toBe(time);
    expect([-3, 1.9, 2, 9].map((beat) => tempoAtBeat(SLOWING, beat))).toEqual([120, 120, 60, 60]);
  });

  it('up to a time go on as fast as they are then', () => {
    expect(beatAt(beatsUpTo(SLOWING, 1.6), 3)).toBe(4);
    expect(beatAt(beatsUpTo(SLOWING, 2.5), 3)).toBe(3);
    expect(beatsUpTo(SLOWING, -1).time.length).toBe(2);
    expect(beatsUpTo(SLOWING, 99)).toEqual(SLOWING);
  });

  it('count bars and parts of them, from any on and beyond the last', () => {
    const bars = { line: Int32Array.of(-1, 3, 5, 9) };
    const from = (position: number) => [0, 0.5, 1, 1.5, 2, 3, 4].map(barsFrom(bars, position));
    expect(from(0)).toEqual([-1, 1, 3, 4, 5, 9, 13]);
    expect(from(4)).toEqual([3, 4, 5, 7, 9, 13, 17]);
    expect(from(10)).toEqual([9, 11, 13, 15, 17, 21, 25]);
  });

  it('make bars, cut off at either end', () => {
    const bars = (place: number[]) => [
      ...barsOf({ time: Float64Array.from(place.keys()), place: Uint8Array.from(place) }).line,
    ];
    expect(bars([0, 1, 2, 3, 0, 1, 2, 3])).toEqual([0, 4, 8]);
    expect(bars([3, 0, 1, 2, 3, 0, 1])).toEqual([-3, 1, 5, 9]);
    expect(bars([0, 1, 2, 3, 0, 1, 0, 1, 2, 3, 0])).toEqual([0, 4, 6, 10, 14]);
    expect(bars([1, 2])).toEqual([-1, 2]);
    // Cut off in the bar after a shortened one, and in that one itself.
    expect(bars([0, 1, 2, 3, 0, 1, 0, 1])).toEqual([0, 4, 6, 10]);
    expect(bars([0, 1, 2, 3, 0, 1, 2, 3, 0])).toEqual([0, 4, 8, 12]);
  });

  it('are even where nothing else is known', () => {
    const even = evenBeats(2, 120, 3);
    expect([...even.time]).toEqual([2, 2.5, 3, 3.5, 4, 4.5]);
    expect([...even.place]).toEqual([0, 1, 2, 0, 1, 2]);
    expect([...barsOf(even).line]).toEqual([0, 3, 6]);
    expect(beatAt(even, 1002)).toBe(2000);
  });
});
