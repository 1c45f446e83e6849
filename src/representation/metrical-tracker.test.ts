import { describe, expect, it } from 'vitest';
import { KEYS } from '../notes/grid.js';
import { BarCounter } from './bar-counter.js';
import { BarEcho } from './bar-echo.js';
import { METRICAL } from './metrical.js';
import { BEAT_BINS, KEY_MAPS } from './metrical-tracker.js';
import { lastEventsInBeats } from './recent-events.js';

const BAR = 96;

describe('counting bars', () => {
  it('goes on over bars of other lengths', () => {
    const count = new BarCounter();
    const goOn = (ticks: number, beats: number) => {
      count.go(ticks, beats);
      return [count.bars, count.now - count.barStart];
    };
    expect(goOn(24, 4)).toEqual([0, 24]);
    expect(goOn(BAR, 4)).toEqual([1, 24]);
    expect(goOn(BAR - 24, 2)).toEqual([2, 0]);
    expect(goOn(50, 4)).toEqual([3, 2]);
    expect(goOn(3 * BAR, 4)).toEqual([6, 2]);
    count.reset();
    expect(goOn(110, 5)).toEqual([0, 110]);
  });
});

describe('an echo of bars before', () => {
  it('is what was struck next then, all of its tick', () => {
    const echo = new BarEcho();
    for (const [key, tick] of [
      [40, 0],
      [44, 0],
      [47, 0],
      [50, 12],
    ])
      echo.push(key, tick);
    const keysFrom = (tick: number, above: number) => {
      const into = new Float32Array(KEYS);
      const wait = echo.hear(tick, above, into, 0);
      return [wait, [...into.keys()].filter((key) => into[key] === 1)];
    };
    expect(keysFrom(0, -1)).toEqual([0, [40, 44, 47]]);
    expect(keysFrom(0, 44)).toEqual([0, [47]]);
    expect(keysFrom(0, 47)).toEqual([12, [50]]);
    expect(keysFrom(5, 47)).toEqual([7, [50]]);
    expect(keysFrom(12, 50)).toEqual([undefined, []]);
    expect(keysFrom(-1, -1)).toEqual([undefined, []]);
  });
});

/** Strikes of these keys, a beat apart, each released with the next. */
function events(keys: readonly number[], perBar = 4) {
  const length = keys.length * 2;
  const columns = METRICAL.attributes.map(() => new Int32Array(length));
  const given = [new Int32Array(length).fill(perBar), new Int32Array(length).fill(100)];
  for (const [n, key] of keys.entries()) {
    columns[0].set([0, 1], 2 * n);
    columns[2].set([key, KEYS + key], 2 * n);
    columns[3].set([16, -1], 2 * n);
  }
  return { length, columns: [...columns, ...given, new Int32Array(length).fill(-1)] };
}

/** What is heard after so many events: keys of a map, and the numbers after the maps. */
function heardAfter({ columns }: ReturnType<typeof events>, count: number) {
  const tracker = METRICAL.createTracker();
  for (let e = 0; e < count; e++) tracker.push(columns.map((column) => column[e]));
  const context = new Float32Array(METRICAL.contextSize);
  tracker.context(context, 0);
  const ones = (from: number, size: number) =>
    [...context.subarray(from, from + size).keys()].filter((i) => context[from + i] === 1);
  const after = KEY_MAPS * KEYS;
  return {
    map: (n: number) => ones(n * KEYS, KEYS),
    tick: ones(after, 24),
    beat: ones(after + 24, 12),
    perBar: ones(after + 36, 12),
    phrase: ones(after + 48, 8),
    ending: [...context.subarray(after + 60, after + 68)],
    // After them, of each echo, how many beats ahead and at which tick.
    ahead: [1, 2, 3].map((n) => ones(after + 68 + n * BEAT_BINS.count, BEAT_BINS.count)),
    at: [1, 2, 3].map((n) => ones(after + 68 + 4 * BEAT_BINS.count + n * 24, 24)),
  };
}

describe('what is heard in musical time', () => {
  const keys = [40, 42, 44, 45, 47, 49, 51, 52, 54];

  it('is where in beat, bar and phrase it all is', () => {
    const heard = heardAfter(events(keys), 13);
    expect(heard).toMatchObject({ tick: [0], beat: [2], perBar: [3], phrase: [1] });
    expect(heardAfter(events(keys, 3), 13)).toMatchObject({ beat: [0], perBar: [2], phrase: [2] });
  });

  it('is what came next a bar before, and when', () => {
    // The strike of the seventh beat was the last event: a bar before, the fourth beat came next.
    const heard = heardAfter(events(keys), 13);
    expect(heard.map(11)).toEqual([keys[3]]);
    expect(heard.map(12)).toEqual([]);
    expect([heard.ahead, heard.at]).toEqual([
      [[1], [], []],
      [[0], [], []],
    ]);
    // Two bars and more before there was something too, by the end.
    expect(heardAfter(events(keys), 17).map(12)).toEqual([keys[1]]);
  });

  it('is how far the end is, where that is told', () => {
    const { columns, length } = events(keys);
    const told = (left: number) => {
      const last = columns.slice(0, -1);
      return heardAfter({ length, columns: [...last, new Int32Array(length).fill(left)] }, 5).ending;
    };
    expect(told(-1)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(told(0)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(told(18)).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect(told(100_000)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('stays in its bar when only the last events are kept', () => {
    const all = events(keys);
    const last = lastEventsInBeats(all, 7);
    // A release whose strike is gone is left out; the first strike is in the second beat of its bar.
    expect(last.length).toBe(6);
    expect([last.columns[0][0], last.columns[2][0]]).toEqual([2, keys[6]]);
    expect(heardAfter(last as typeof all, 1)).toMatchObject({ beat: [2] });
  });
});
