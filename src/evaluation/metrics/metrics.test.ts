import { describe, expect, it } from 'vitest';
import { gridOfRows } from '../../../test/helpers/grids.js';
import { Random } from '../../random.js';
import { computeMetrics } from './metrics.js';
import { type Json, metricsJson } from './metrics-json.js';
import type { NamedPiece } from './set-metrics.js';

function piece(seed: number, length = 80): NamedPiece {
  const random = new Random(seed);
  let now = -1;
  const notes = gridOfRows(
    Array.from({ length }, () => {
      now += 1 + random.below(50);
      return [20 + random.below(40), random.below(32), now, now + random.below(100)];
    }),
  );
  return { name: `piece ${seed}`, notes };
}

const pieces = (from: number, count: number) => Array.from({ length: count }, (_, i) => piece(from + i));
const generated = pieces(1, 3);
const reference = pieces(10, 5);
const train = pieces(20, 8);

describe('computeMetrics', () => {
  it('without a reference tells of the pieces alone', () => {
    const { generated: own, ...rest } = computeMetrics({ generated });
    expect(Object.values(rest).filter((part) => part !== undefined)).toEqual([]);
    expect(own.pieces.map(({ name }) => name)).toEqual(['piece 1', 'piece 2', 'piece 3']);
    expect(own.memorization).toBeUndefined();
    expect(own.statistics.notes).toEqual({ mean: 80, deviation: 0 });
    const [first] = own.pieces;
    const mean = own.statistics.pitchEntropy!.mean;
    const sum = own.pieces.reduce((total, { statistics }) => total + statistics.pitchEntropy!, 0);
    expect(mean).toBeCloseTo(sum / 3, 12);
    expect(first.statistics.seconds).toBeGreaterThan(0);
  });

  it('has means over the pieces of histograms too', () => {
    const { meanFeatures } = computeMetrics({ generated }).generated;
    expect(meanFeatures.velocityHistogram.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
    const one = computeMetrics({ generated: [generated[1]] }).generated.meanFeatures;
    expect(one.usedPitches[0]).toBe(new Set(generated[1].notes.key).size);
  });

  it('finds copies from the train corpus in both sets, and says from where', () => {
    const copied = { name: 'copy', notes: train[6].notes };
    const { generated: own, reference: real } = computeMetrics({
      generated: [generated[0], copied],
      reference,
      train,
    });
    expect(own.memorization?.pairs.longest).toBe(79);
    expect(own.memorization?.pairs.shares).toEqual([0.5, 0.5, 0.5]);
    expect(own.memorization?.pairs.longestByPiece.mean).toBeLessThan(79);
    expect(own.pieces[1].memorization?.pairs.copiedFrom).toBe('piece 26');
    expect(real?.memorization?.pairs.longest).toBeLessThan(5);
  });

  it('finds a copy in another tempo by its intervals', () => {
    const { length, key, velocity, onset, offset } = train[2].notes;
    const slower = {
      length,
      key,
      velocity,
      onset: onset.map((t) => 2 * t),
      offset: offset.map((t) => 2 * t),
    };
    const { pieces: found } = computeMetrics({
      generated: [{ name: 'slower', notes: slower }],
      train,
    }).generated;
    expect(found[0].memorization?.pairs.longest).toBeLessThan(10);
    expect(found[0].memorization?.intervals).toMatchObject({ longest: 79, copiedFrom: 'piece 22' });
  });

  it('weighs the shares of copied notes by the lengths of the pieces', () => {
    const short = { name: 'short', notes: piece(99, 20).notes };
    const { generated: own } = computeMetrics({ generated: [train[0], short], train });
    expect(own.memorization?.pairs.shares[0]).toBeCloseTo(80 / 100, 12);
  });

  it('compares beginnings only, but looks for copies in whole train pieces', () => {
    const end = gridOfRows(
      Array.from({ length: 40 }, (_, i) => {
        const { key, velocity, onset, offset } = train[3].notes;
        return [key[40 + i], velocity[40 + i], onset[40 + i] - onset[40], offset[40 + i] - onset[40]];
      }),
    );
    const input = { generated: [{ name: 'end', notes: end }], reference, train, mostNotes: 30 };
    const { generated: own, reference: real } = computeMetrics(input);
    expect(own.statistics.notes?.mean).toBe(30);
    expect(real?.statistics.notes).toEqual({ mean: 30, deviation: 0 });
    expect(own.memorization?.pairs.longest).toBe(29);
    expect(own.pieces[0].memorization?.pairs.longestAt).toEqual({ note: 0, sourcePiece: 3, sourceNote: 40 });
  });

  it('tells of each piece that was measured', () => {
    const seen: number[][] = [];
    computeMetrics({ generated, reference, onPiece: (...progress) => seen.push(progress) });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((done) => [done, 8]));
  });

  it('has a ceiling if asked: other real pieces in the place of the generated', () => {
    const low = {
      name: 'low',
      notes: gridOfRows(Array.from({ length: 80 }, (_, i) => [i % 2, 0, i, i + 1])),
    };
    const input = { generated: [low, low], reference, train, ceiling: true };
    const { comparison } = computeMetrics(input);
    const { ceiling, meanOverlap } = comparison!;
    expect(ceiling).toMatchObject({ pieces: 2, choices: 5, ratio: meanOverlap / ceiling!.meanOverlap });
    expect(ceiling!.ratio).toBeLessThan(0.8);
    expect(Object.values(ceiling!.overlaps)).toHaveLength(12);
    expect(computeMetrics({ ...input, ceiling: false }).comparison!.ceiling).toBeUndefined();
  });

  it('gives the same numbers for the same input, and another ceiling for another seed', () => {
    const input = { generated, reference, train, ceiling: true };
    const text = (seed: number) => JSON.stringify(metricsJson(computeMetrics({ ...input, seed })));
    expect(text(1)).toBe(text(1));
    const { ceiling: one } = computeMetrics({ ...input, seed: 1 }).comparison!;
    const { ceiling: other } = computeMetrics({ ...input, seed: 2 }).comparison!;
    expect(one!.meanOverlap).not.toBe(other!.meanOverlap);
  });
});

describe('metricsJson', () => {
  /** All values in it that are no objects. */
  function leaves(value: Json): (null | number | string)[] {
    if (value === null || typeof value !== 'object') return [value];
    return Object.values(value).flatMap(leaves);
  }

  it('has finite numbers only, and null for what there is none of', () => {
    // Two notes: no groove and no 2-grams.
    const tiny = {
      name: 'tiny',
      notes: gridOfRows([
        [1, 1, 0, 1],
        [2, 1, 5, 9],
      ]),
    };
    const all = metricsJson(computeMetrics({ generated: [tiny], reference, train, ceiling: true }));
    for (const leaf of leaves(all)) if (typeof leaf === 'number') expect(Number.isFinite(leaf)).toBe(true);
    expect(JSON.parse(JSON.stringify(all))).toEqual(all);
    expect(all.generated).toMatchObject({
      files: 1,
      statistics: { notes: { mean: 2, sd: 0 }, grooveSimilarity: null, distinct2: null },
      pieces: [
        { name: 'tiny', grooveSimilarity: null, memorization: { pairs: { shares: { 8: 0, 16: 0, 32: 0 } } } },
      ],
    });
    expect(all.comparison).toMatchObject({
      features: { usedPitches: { generated: null, ceiling: expect.any(Number) } },
    });
  });

  it('is null for a reference and a train corpus that are not there', () => {
    const all = metricsJson(computeMetrics({ generated }));
    expect(all).toMatchObject({ reference: null, comparison: null, generated: { memorization: null } });
  });
});
