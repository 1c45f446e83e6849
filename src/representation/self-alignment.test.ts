import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { REMEMBERED, SelfAlignment } from './self-alignment.js';

/**
 * The whole table, cell by cell: row i tells how well what ends at value i agrees with what ends at each
 * place before.
 */
function tableOf(values: readonly number[], remembered = REMEMBERED): number[][] {
  const table: number[][] = [];
  for (const [i, value] of values.entries()) {
    const above = table[i - 1] ?? [];
    const row: number[] = [];
    for (let place = 0; place < i; place++) {
      const agrees = values[place] === value;
      const score = Math.max(
        (above[place - 1] ?? 0) + (agrees ? 2 : -6),
        (above[place] ?? 0) - 3,
        (row[place - 1] ?? 0) - 3,
      );
      row.push(place < i - remembered ? 0 : Math.max(0, Math.min(64, score)));
    }
    table.push(row);
  }
  return table;
}

/** The rows as they are given, with their zeros. */
function rowsOf(values: readonly number[]): number[][] {
  const alignment = new SelfAlignment();
  return values.map((value, i) => {
    const { length, places, scores } = alignment.push(value);
    const row = new Array(i).fill(0);
    for (let cell = 0; cell < length; cell++) row[places[cell]] = scores[cell];
    return row;
  });
}

describe('self-alignment', () => {
  const values = fc.array(fc.oneof(fc.integer({ min: -2, max: 3 }), fc.constant(Number.NaN)), {
    maxLength: 120,
  });
  test('is the local alignment of a sequence with itself', () => {
    fc.assert(
      fc.property(values, (sequence) => {
        expect(rowsOf(sequence)).toEqual(tableOf(sequence));
      }),
    );
  });

  test('also where nearly every cell counts', () => {
    const periodic = Array.from({ length: 900 }, (_, i) => (i % 97 === 96 ? Number.NaN : (i * 7) % 5));
    const constant = Array.from({ length: 700 }, (_, i) => (i < 640 ? 3 : i));
    for (const sequence of [periodic, constant]) expect(rowsOf(sequence)).toEqual(tableOf(sequence));
  });

  test('of what lies too far back nothing is remembered', () => {
    const alignment = new SelfAlignment();
    const own = (i: number) => 10_000 + i;
    for (let i = 0; i < 40; i++) alignment.push(i);
    for (let i = 40; i < REMEMBERED; i++) alignment.push(own(i));
    const first = alignment.push(0);
    expect([first.length, first.places[0], first.scores[0]]).toEqual([1, 0, 2]);
    const second = alignment.push(1);
    expect([second.length, second.places[0], second.scores[0]]).toEqual([2, 1, 4]);
    for (let i = 0; i < 10; i++) alignment.push(own(-i));
    expect(alignment.push(11).length).toBe(0);
    expect(alignment.push(13).places[0]).toBe(13);
  });

  test('what was only passed is found by what comes after', () => {
    const alignment = new SelfAlignment();
    for (const value of [1, 2, 3, 4, 5, 9]) alignment.pass(value);
    const [last] = [1, 2, 3]
      .map((value) => {
        const { length, places, scores } = alignment.push(value);
        return Array.from({ length }, (_, cell) => [places[cell], scores[cell]]);
      })
      .slice(-1);
    expect(last).toEqual(
      [
        [1, 1],
        [2, 6],
        [3, 3],
      ].slice(-last.length),
    );
  });

  test('goes on after a dense stretch longer than it remembers', () => {
    const alignment = new SelfAlignment();
    for (let i = 0; i < 2.5 * REMEMBERED; i++) alignment.push(i % 2);
    const { length, places, scores } = alignment.push(7);
    expect(length).toBeGreaterThan(8000);
    expect(places[0]).toBeGreaterThanOrEqual(1.5 * REMEMBERED);
    expect([58, 61]).toContain(scores[100]);
    alignment.reset();
    expect(alignment.push(1).length).toBe(0);
    expect(alignment.push(1).scores[0]).toBe(2);
  });
});
