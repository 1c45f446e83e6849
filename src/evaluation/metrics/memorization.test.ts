import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GridRow, gridOfRows } from '../../../test/helpers/grids.js';
import { Random } from '../../random.js';
import { COPIED_RUNS, memorizationOf } from './memorization.js';
import { pairsOf } from './pairs.js';

/** Notes without a pattern, one after the other. */
function tune(seed: number, length: number): GridRow[] {
  const random = new Random(seed);
  let now = 0;
  return Array.from({ length }, () => {
    now += 1 + random.below(500);
    return [20 + random.below(40), random.below(32), now, now + 5];
  });
}

/** Notes `from` … `to − 1`, in another key, at another time and loudness. */
function transposed(
  rows: readonly GridRow[],
  from: number,
  to: number,
  semitones: number,
  at: number,
): GridRow[] {
  const shift = at - rows[from][2];
  return rows
    .slice(from, to)
    .map(([key, , onset, offset]) => [key + semitones, 31, onset + shift, offset + shift]);
}

const pairsOfRows = (rows: readonly GridRow[]) => pairsOf(gridOfRows(rows));

describe('memorizationOf', () => {
  const train = [tune(1, 300), tune(2, 1), tune(3, 400)];
  const trainPairs = train.map(pairsOfRows);

  it.each([9, 17, 24, 33, 100])('finds %i notes copied into another key, exactly', (copied) => {
    const before = tune(4, 50);
    const copy = transposed(train[2], 120, 120 + copied, -7, before[49][2] + 77);
    const after = tune(5, 50).map(([key, velocity, onset, offset]): GridRow => {
      const shift = copy[copied - 1][2] + 33;
      return [key, velocity, onset + shift, offset + shift];
    });
    const [found] = memorizationOf([pairsOfRows([...before, ...copy, ...after])], trainPairs);
    expect(found.longest).toBe(copied - 1);
    expect(found.longestAt).toEqual({ note: 50, sourcePiece: 2, sourceNote: 120 });
    const notes = 100 + copied;
    expect(found.shares).toEqual(COPIED_RUNS.map((run) => (copied > run ? copied / notes : 0)));
  });

  it('finds nothing in what is new, and everything in a copy', () => {
    const [fresh, copy] = memorizationOf([pairsOfRows(tune(9, 200)), trainPairs[0]], trainPairs);
    expect(fresh.longest).toBeLessThan(4);
    expect(fresh.shares).toEqual([0, 0, 0]);
    expect([copy.longest, copy.shares]).toEqual([299, [1, 1, 1]]);
    expect(copy.longestAt).toEqual({ note: 0, sourcePiece: 0, sourceNote: 0 });
  });

  it('does not copy across the end of a train piece', () => {
    const rows = [...transposed(train[0], 290, 300, 0, 0), ...transposed(train[2], 0, 10, 0, 100_000)];
    const [found] = memorizationOf([pairsOfRows(rows)], [trainPairs[0], trainPairs[2]]);
    expect(found.longest).toBe(9);
    // Both halves are runs of 9 pairs, and every note is in one.
    expect(found.shares).toEqual([1, 0, 0]);
  });

  it('says so when there is nothing to have copied', () => {
    const none = { longest: 0, longestAt: undefined, shares: [0, 0, 0] };
    expect(memorizationOf([pairsOfRows(tune(1, 20))], [])).toEqual([none]);
    expect(memorizationOf([new Uint16Array(0)], trainPairs)).toEqual([none]);
    expect(memorizationOf([], trainPairs)).toEqual([]);
  });

  it('is not slowed down by what repeats everywhere', () => {
    const loop = new Uint16Array(20_000).fill(7);
    const [found] = memorizationOf([loop.subarray(0, 5000)], [loop, loop]);
    expect([found.longest, found.shares]).toEqual([5000, [1, 1, 1]]);
  });

  it('agrees with looking for every run by hand', () => {
    const rows = (longest: number) =>
      fc.array(
        fc.array(fc.integer({ max: 2, min: 0 }), { maxLength: longest }).map((row) => Uint16Array.from(row)),
        { maxLength: 4 },
      );
    fc.assert(
      fc.property(rows(40), rows(60), (pieces, corpus) => {
        const found = memorizationOf(pieces, corpus);
        for (const [p, pairs] of pieces.entries()) {
          const runs = Array.from(pairs, (_, i) => longestFrom(pairs, i, corpus));
          expect(found[p].longest).toBe(Math.max(0, ...runs));
          for (const [degree, least] of COPIED_RUNS.entries()) {
            const covered = new Set<number>();
            for (const [i, run] of runs.entries()) {
              for (let note = i; run >= least && note <= i + run; note++) covered.add(note);
            }
            expect(found[p].shares[degree]).toBeCloseTo(covered.size / (pairs.length + 1), 12);
          }
          const at = found[p].longestAt;
          if (!at) continue;
          const run = pairs.slice(at.note, at.note + found[p].longest);
          const source = corpus[at.sourcePiece].slice(at.sourceNote, at.sourceNote + found[p].longest);
          expect(source).toEqual(run);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** The longest run that begins at `from` and stands in the corpus, pair by pair. */
function longestFrom(pairs: Uint16Array, from: number, corpus: readonly Uint16Array[]): number {
  let longest = 0;
  for (const row of corpus) {
    for (let start = 0; start < row.length; start++) {
      let run = 0;
      while (from + run < pairs.length && start + run < row.length && pairs[from + run] === row[start + run])
        run++;
      longest = Math.max(longest, run);
    }
  }
  return longest;
}
