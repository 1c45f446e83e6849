import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { anyGrid, gridOfRows, rowsOfGrid } from '../../test/helpers/grids.js';
import { KEYS } from '../notes/grid.js';
import { type EventTable, type EventTracker, NONE } from './events.js';
import { PERFORMANCE, SYMBOLS } from './performance.js';
import { MOST_TICKS } from './time-bins.js';

const off = (key: number) => KEYS + key;

function tableOf(rows: readonly (readonly number[])[]): EventTable {
  return {
    length: rows.length,
    columns: [0, 1, 2].map((column) => Int32Array.from(rows, (row) => row[column])),
  };
}

test('an event is time, symbol, and the velocity of a strike', () => {
  const { length, columns } = PERFORMANCE.encode(
    gridOfRows([
      [39, 16, 0, 2],
      [43, 17, 0, 90],
      [39, 18, 90, MOST_TICKS + 91],
    ]),
  );
  expect(PERFORMANCE.attributes.map(({ name }) => name)).toEqual(['time', 'symbol', 'velocity']);
  expect([length, ...columns.map((column) => [...column])]).toEqual([
    6,
    [0, 0, 2, 88, 0, MOST_TICKS],
    [39, 43, off(39), off(43), 39, off(39)],
    [16, 17, NONE, NONE, 18, NONE],
  ]);
});

test('notes still open at the end are closed there, and a key struck twice stays in its place', () => {
  const events = tableOf([
    [70, 5, 1],
    [0, 9, 2],
    [0, off(5), NONE],
    [0, 5, 3],
    [8, 7, 4],
    [1, off(7), NONE],
  ]);
  expect(rowsOfGrid(PERFORMANCE.decode(events))).toEqual([
    [5, 1, 0, 0],
    [5, 3, 0, 9],
    [9, 2, 0, 9],
    [7, 4, 8, 9],
  ]);
});

describe('what a model hears and may say', () => {
  /** Keys that may be struck and released after events, if so much time has passed. */
  const choicesAfter = (rows: readonly (readonly number[])[], time: number) => {
    const tracker = PERFORMANCE.createTracker();
    for (const row of rows) tracker.push(row);
    const mask = new Float32Array(SYMBOLS);
    tracker.allowed(1, [time], mask, 0);
    const allowed = [...mask.keys()].filter((symbol) => mask[symbol] === 1);
    return {
      strikes: allowed.filter((symbol) => symbol < KEYS),
      releases: allowed.filter((symbol) => symbol >= KEYS).map((symbol) => symbol - KEYS),
    };
  };
  const keysBut = (...without: number[]) =>
    Array.from({ length: KEYS }, (_, key) => key).filter((key) => !without.includes(key));
  const chord = [
    [0, 30, 9],
    [0, 40, 9],
    [0, 85, 9],
  ];

  test.each([
    ['at first any key is struck', [], 0, keysBut(), []],
    [
      'in a later tick what is down is released, what is up struck',
      chord,
      1,
      keysBut(30, 40, 85),
      [30, 40, 85],
    ],
    ['strikes go upward; then what was struck in the tick can end', chord, 0, [86, 87], [30, 40, 85]],
    ['releases go upward', [...chord, [5, off(40), NONE]], 0, keysBut(30, 85), [85]],
    ['what was struck before cannot end after a strike', [...chord, [5, 84, 9]], 0, [86, 87], [84]],
    [
      'notes without length end upward, and can be struck again',
      [...chord, [0, off(40), NONE]],
      0,
      [40],
      [85],
    ],
    ['but not what was struck before', [...chord, [5, 20, 9], [0, off(20), NONE]], 0, [20], []],
    ['but only in their tick', [...chord, [0, off(40), NONE]], 1, keysBut(30, 85), [30, 85]],
  ])('%s', (_, events, time, strikes, releases) => {
    expect(choicesAfter(events, time)).toEqual({ strikes, releases });
  });

  /** What a tracker tells of each map: [key, value] where the value is not 0. */
  const maps = (tracker: EventTracker) => {
    const into = new Float32Array(PERFORMANCE.contextSize).fill(9);
    tracker.context(into, 0);
    return Array.from({ length: PERFORMANCE.contextSize / KEYS }, (_, map) =>
      [...into.subarray(map * KEYS, (map + 1) * KEYS)].flatMap((value, key) =>
        value === 0 ? [] : [[key, Math.round(value * 1e4) / 1e4]],
      ),
    );
  };

  it('hears what is down, what was struck when and how hard, what is used, and where the last event was', () => {
    const tracker = PERFORMANCE.createTracker();
    expect(maps(tracker)).toEqual([[], [], [], [], [], [], [], []]);
    tracker.push([0, 3, 15]);
    expect(maps(tracker)).toEqual([[[3, 1]], [], [[3, 1]], [[3, 0.5]], [[3, 0.5]], [], [[3, 1]], []]);
    tracker.push([15, 87, 7]);
    tracker.push([48, off(3), NONE]);
    tracker.push([15, 5, 31]);
    const uses = [78, 0, 63].map((ticks) => Math.exp(-ticks / 800)).map((use) => use / (1 + use));
    const faded = 1 - Math.log(1 + 78) / Math.log(4096);
    const rounded = (value: number) => Math.round(value * 1e4) / 1e4;
    expect(maps(tracker)).toEqual([
      [
        [5, 1],
        [87, 1],
      ],
      [[87, 0.5]], // log(1 + 63) ÷ log(4096)
      [
        [3, rounded(faded)],
        [5, 1],
        [87, 0.5],
      ],
      [
        [3, rounded(faded / 2)],
        [5, 1],
        [87, 0.125],
      ],
      [3, 5, 87].map((key, i) => [key, rounded(uses[i])]),
      [[87, 1]],
      [[5, 1]],
      [],
    ]);
  });

  it('hears how near what is down is to the last key, and forgets all of it with a new piece', () => {
    const tracker = PERFORMANCE.createTracker();
    for (const key of [10, 20, 40, 50, 60]) tracker.push([0, key, 9]);
    tracker.push([9, off(40), NONE]);
    const [, , , , , near, struck, released] = maps(tracker);
    expect(near).toEqual([
      [10, -0.6],
      [20, -1],
      [50, 1],
      [60, 0.6],
    ]);
    expect([struck, released]).toEqual([[], [[40, 1]]]);
    tracker.reset();
    expect(maps(tracker).flat()).toEqual([]);
  });

  it('may say the events of a tick in no other order', () => {
    fc.assert(
      fc.property(anyGrid, fc.nat(), (grid, choice) => {
        const { length, columns } = PERFORMANCE.encode(grid);
        const rows = Array.from({ length }, (_, e) => columns.map((column) => column[e]));
        const places = [...rows.keys()].filter((e) => e > 0 && rows[e][0] === 0);
        // Between the strikes of a key that is struck twice in a tick, others may come.
        const strikes = new Set(rowsOfGrid(grid).map(([key, , onset]) => `${key} ${onset}`));
        fc.pre(places.length > 0 && strikes.size === grid.length);
        const e = places[choice % places.length];
        const swapped = [
          ...rows.slice(0, e - 1),
          [rows[e - 1][0], ...rows[e].slice(1)],
          [0, ...rows[e - 1].slice(1)],
        ];
        const isAllowed = swapped.every(([time, symbol], n) => {
          const { strikes, releases } = choicesAfter(swapped.slice(0, n), time);
          return symbol < KEYS ? strikes.includes(symbol) : releases.includes(symbol - KEYS);
        });
        expect(isAllowed).toBe(false);
      }),
    );
  });
});
