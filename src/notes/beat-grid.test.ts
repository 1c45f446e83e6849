import { describe, expect, test } from 'vitest';
import { tableOf } from '../../test/helpers/note-rows.js';
import { TempoMap } from '../midi/tempo-map.js';
import { noteValueNamed, onBeatGrid } from './beat-grid.js';
import type { TimeGrid } from './time-grid.js';

const TICKS = 480;
/** 120 beats a minute: a beat is half a second. */
const map = TempoMap.ofBeats(TICKS, []);
const grid: TimeGrid = { ticksPerBeat: TICKS, tempos: [], metres: [], keys: [] };
/** Notes by start and end in beats, moved to lines; as beats again. */
function moved(
  value: string,
  notes: readonly (readonly [start: number, end: number, pitch?: number])[],
  time = grid,
) {
  const rows = notes.map(([start, end, pitch = 60]) => [pitch, start / 2, end / 2] as const);
  const { length, start, end } = onBeatGrid(tableOf(rows), noteValueNamed(value), time, map);
  return Array.from({ length }, (_, n) => [start[n] * 2, end[n] * 2].map((beat) => Number(beat.toFixed(3))));
}

describe('note values', () => {
  test.each([
    ['1/16', 16],
    ['1/8t', 12],
    ['1 / 12', 12],
    ['1/16T', 24],
    ['1/1', 1],
  ])('%s', (text, value) => {
    expect(noteValueNamed(text)).toBe(value);
  });

  test.each(['1/7', '1/0', '2/16', '16', '', '1/5t', '1/128'])('not "%s"', (text) => {
    expect(() => noteValueNamed(text)).toThrow(/no such grid: .*write it like 1\/16/);
  });
});

describe('a grid', () => {
  test('takes strikes and ends to the nearest line, and a step is the least', () => {
    expect(
      moved('1/8', [
        [0.04, 0.45],
        [0.98, 1.02],
        [1.6, 3.2],
      ]),
    ).toEqual([
      [0, 0.5],
      [1, 1.5],
      [1.5, 3],
    ]);
  });

  test('has triplets', () => {
    expect(
      moved('1/8t', [
        [0.3, 0.6],
        [0.7, 1.01],
      ]),
    ).toEqual([
      [0.333, 0.667],
      [0.667, 1],
    ]);
  });

  test('begins anew with a bar', () => {
    const time = {
      ...grid,
      metres: [
        { tick: 0, numerator: 3, denominator: 8 },
        { tick: 720, numerator: 4, denominator: 4 },
      ],
    };
    // The second metre begins at one and a half beats, so its beats lie on halves.
    expect(
      moved(
        '1/4',
        [
          [1.45, 2.4],
          [2.6, 3.6],
        ],
        time,
      ),
    ).toEqual([
      [1.5, 2.5],
      [2.5, 3.5],
    ]);
  });

  test('and with every bar, whole steps or not', () => {
    const time = { ...grid, metres: [{ tick: 0, numerator: 3, denominator: 8 }] };
    expect(
      moved(
        '1/4',
        [
          [1.2, 1.4],
          [1.3, 2],
        ],
        time,
      ),
    ).toEqual([
      [1, 1.5],
      [1.5, 2.5],
    ]);
  });

  test('keeps the louder of two strikes of a key on one line, and ascends', () => {
    const rows = [
      [60, 0.01, 0.2, 90],
      [60, 0.06, 0.55, 70],
      [64, 0.04, 0.2, 70],
    ] as const;
    const notes = onBeatGrid(tableOf(rows), 4, grid, map);
    expect([...notes.pitch]).toEqual([60, 64]);
    expect([...notes.velocity]).toEqual([90, 70]);
    expect([...notes.end]).toEqual([0.5, 0.5]);
  });

  test('strikes nothing before the earliest tick', () => {
    const { start } = onBeatGrid(tableOf([[60, 0.55, 0.9]]), 4, grid, map, 500);
    expect([...start]).toEqual([1]);
  });
});

describe('swing', () => {
  const swung = (late: number) => {
    const spread = [0.02, -0.02, 0.01, 0, -0.01];
    return Array.from({ length: 16 }, (_, n) => {
      const start = (n >> 1) + (n % 2) * late + spread[n % 5] + 0.02;
      return [start, start + 0.3] as const;
    });
  };
  const seconds = (value: string, late: number) =>
    moved(value, swung(late))
      .filter((_, n) => n % 2 === 1)
      .map(([start]) => Number((start % 1).toFixed(2)));

  test('stays, each note as late as most of them', () => {
    for (const value of ['1/8', '1/16']) {
      const places = new Set(seconds(value, 0.65));
      expect(places.size).toBe(1);
      expect([...places][0]).toBeCloseTo(0.67, 1);
      expect([...places][0]).toBeGreaterThan(0.63);
    }
  });

  test('is none where eighths are even, or only a few come late', () => {
    expect(new Set(seconds('1/8', 0.49))).toEqual(new Set([0.5]));
    expect(moved('1/8', swung(0.65).slice(0, 6)).map(([start]) => start)).toEqual([0, 0.5, 1, 1.5, 2, 2.5]);
  });

  test('of sixteenths stays too', () => {
    const notes = Array.from({ length: 32 }, (_, n) => {
      const start = (n >> 1) / 2 + (n % 2) * 0.31;
      return [start, start + 0.1] as const;
    });
    const places = moved('1/16', notes).map(([start]) => Number((start % 0.5).toFixed(2)));
    expect(new Set(places)).toEqual(new Set([0, 0.31]));
  });
});
