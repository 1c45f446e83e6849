import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEYS } from '../notes/grid.js';
import { Recall } from './recall.js';

/** Strikes one tick apart, each a little harder than the one before. */
function heard(keys: readonly number[]): Recall {
  const recall = new Recall();
  for (const [i, key] of keys.entries()) recall.push(key, 10 * i, (i + 1) / 256);
  return recall;
}

/** [key, value] of the keys whose value is not 0. */
const told = (map: Float32Array) => [...map].flatMap((value, key) => (value === 0 ? [] : [[key, value]]));

/**
 * The whole table of Smith & Waterman, cell by cell, for the strikes of a piece against themselves; agreement
 * is told from outside. Gives its last row: scores of the alignments that end at each strike before the last
 * one.
 */
function lastRow(length: number, agree: (i: number, j: number) => boolean): number[] {
  const table = Array.from({ length }, () => new Array<number>(length).fill(0));
  const at = (i: number, j: number) => (i < 0 || j < 0 || j >= i ? 0 : table[i][j]);
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < i; j++) {
      const score = Math.max(at(i - 1, j - 1) + (agree(i, j) ? 2 : -6), at(i - 1, j) - 3, at(i, j - 1) - 3);
      table[i][j] = Math.min(64, Math.max(0, score));
    }
  }
  return table[length - 1].slice(0, length - 1);
}

describe('recall', () => {
  const THEME = [30, 34, 37, 42, 41];

  it('knows how a theme went on when it returns, and how certainly', () => {
    const recall = heard([...THEME, 60, 70, ...THEME.slice(0, 3)]);
    // Three strikes agree; less so if the next one is thought to be left out.
    expect(told(recall.strength)).toEqual([
      [41, 3 / 16],
      [42, 6 / 16],
    ]);
    expect(told(recall.force)).toEqual([
      [41, 5 / 256],
      [42, 4 / 256],
    ]);
    expect([recall.wait, recall.certainty]).toEqual([10, 6 / 16]);
  });

  it('knows it by its intervals when it returns elsewhere', () => {
    const recall = heard([...THEME, 60, 70, ...THEME.slice(0, 4).map((key) => key + 5)]);
    expect(told(recall.strength)).toEqual([]);
    // Three intervals agree; less so if the next one, down to the 46, is thought to be left out.
    expect(told(recall.transposed)).toEqual([
      [46, 6 / 16],
      [66, 3 / 16],
    ]);
  });

  it('tells of no keys beyond the piano', () => {
    const recall = heard([0, 4, 8, 20, 50, 71, 75, 79]);
    expect(told(recall.transposed)).toEqual([]);
  });

  it('gets over a strike too many, one too few, and a wrong one', () => {
    const theme = [30, 34, 37, 42, 41, 39, 44, 46];
    const before = [...theme, 60, 70];
    const certainty = (keys: readonly number[]) => {
      const recall = heard([...before, ...keys]);
      expect(told(recall.strength).map(([key]) => key)).toContain(44);
      return recall.certainty;
    };
    expect(certainty([30, 34, 37, 42, 41, 39])).toBe(12 / 16);
    expect(certainty([30, 34, 37, 80, 42, 41, 39])).toBe(9 / 16);
    expect(certainty([30, 34, 37, 41, 39])).toBe(7 / 16);
    expect(certainty([30, 34, 37, 80, 41, 39])).toBe(4 / 16);
  });

  it('prefers the later of places that agree alike', () => {
    const recall = heard([30, 34, 50, 5, 30, 34, 50, 7, 30, 34]);
    expect(told(recall.strength)).toEqual([[50, 4 / 16]]);
    expect(told(recall.force)).toEqual([[50, 7 / 256]]);
  });

  it('begins anew with a piece', () => {
    const recall = heard([...THEME, ...THEME.slice(0, 3)]);
    recall.reset();
    for (const map of [recall.strength, recall.transposed, recall.force]) expect(told(map)).toEqual([]);
    expect([recall.wait, recall.certainty]).toEqual([0, 0]);
    for (const key of THEME.slice(0, 3)) recall.push(key, 0, 0.5);
    expect(recall.certainty).toBe(0);
  });

  it('is a local alignment of the piece with itself', () => {
    const keys = fc.array(fc.integer({ min: 40, max: 43 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(keys, (keys) => {
        const recall = heard(keys);
        const interval = (i: number) => (i === 0 ? Number.NaN : keys[i] - keys[i - 1]);
        const strength = new Float32Array(KEYS);
        const transposed = new Float32Array(KEYS);
        const byKey = lastRow(keys.length, (i, j) => keys[i] === keys[j]);
        const byInterval = lastRow(keys.length, (i, j) => interval(i) === interval(j));
        for (const [j, score] of byKey.entries()) {
          const next = keys[j + 1];
          if (score >= 3) strength[next] = Math.max(strength[next], score / 16);
        }
        for (const [j, score] of byInterval.entries()) {
          const next = (keys.at(-1) as number) + interval(j + 1);
          if (score >= 3) transposed[next] = Math.max(transposed[next], score / 16);
        }
        expect([...recall.strength]).toEqual([...strength]);
        expect([...recall.transposed]).toEqual([...transposed]);
        expect(recall.certainty).toBe(Math.max(...strength));
      }),
    );
  });

  it('remembers the last 8,192 strikes, however long a piece is', () => {
    // Keys in an order that does not repeat for long, then the beginning of what was heard so many strikes
    // ago.
    const keys = Array.from({ length: 20_000 }, (_, i) => ((i * i * 7919) % 10_007) % KEYS);
    const recalledAfter = (strikes: number) => {
      const again = keys.slice(keys.length - strikes).slice(0, 10);
      const recall = heard([...keys, ...again.slice(0, 9)]);
      return recall.strength[again[9]];
    };
    expect(recalledAfter(8000)).toBe(18 / 16);
    expect(recalledAfter(8300)).toBeLessThan(1);
  });
});
