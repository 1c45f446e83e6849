import { describe, expect, it } from 'vitest';
import { gridOfRows } from '../../../test/helpers/grids.js';
import { Random } from '../../random.js';
import { FEATURES, featuresOf, type PieceFeatures } from './features.js';
import { compareSets, distancesBetween, distancesWithin, meanOverlap } from './overlap.js';

/** Pieces of one style: keys around `middle`. */
function pieces(seed: number, count: number, middle: number): PieceFeatures[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const centre = middle + random.below(12);
    let now = 0;
    return featuresOf(
      gridOfRows(
        Array.from({ length: 60 }, () => {
          now += 1 + random.below(40);
          return [centre + random.below(15), random.below(32), now, now + 1 + random.below(80)];
        }),
      ),
    );
  });
}

describe('distances', () => {
  const vectors = [Float64Array.of(0, 0), Float64Array.of(3, 4), Float64Array.of(0, 8)];

  it('within a set: each pair once', () => {
    expect([...distancesWithin(vectors)]).toEqual([5, 8, 5]);
    expect([...distancesWithin(vectors.slice(0, 1))]).toEqual([]);
  });

  it('between two sets: each with each', () => {
    expect([...distancesBetween(vectors.slice(0, 2), vectors.slice(1))]).toEqual([5, 8, 0, 5]);
  });
});

describe('compareSets', () => {
  const reference = pieces(1, 30, 30);

  it('finds sets of one style closer than those of another', () => {
    const alike = meanOverlap(compareSets(pieces(2, 30, 30), reference));
    const other = compareSets(pieces(3, 30, 55), reference);
    expect(alike).toBeGreaterThan(0.85);
    expect(meanOverlap(other)).toBeLessThan(alike);
    expect(other.pitchClassHistogram.reference.overlap).toBeGreaterThan(0);
    expect(other.pitchClassHistogram.reference.divergence).toBeGreaterThan(0);
  });

  it('finds a single piece played over and over in its own distances, not in those of the reference', () => {
    const collapsed = new Array(10).fill(reference[0]);
    const { usedPitches, durationHistogram } = compareSets(collapsed, reference);
    expect(durationHistogram.generated?.overlap).toBeLessThan(0.05);
    expect(durationHistogram.reference.overlap).toBeGreaterThan(0.5);
    expect(usedPitches.generated?.overlap).toBeLessThan(usedPitches.reference.overlap);
  });

  it('of a single piece knows only the distances to the reference', () => {
    const compared = compareSets(pieces(4, 1, 30), reference);
    for (const { name } of FEATURES) {
      expect(compared[name].generated).toBeUndefined();
      expect(compared[name].curves.withinGenerated).toBeUndefined();
      expect(compared[name].reference.overlap).toBeGreaterThan(0);
    }
  });
});
