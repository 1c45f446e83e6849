import { expect, test } from 'vitest';
import { gridOfRows } from '../../../test/helpers/grids.js';
import { Random } from '../../random.js';
import { ceilingOf } from './ceiling.js';
import { featuresOf, type PieceFeatures } from './features.js';
import { compareSets, meanOverlap } from './overlap.js';

function piece(seed: number, lowest: number): PieceFeatures {
  const random = new Random(seed);
  let now = -1;
  return featuresOf(
    gridOfRows(
      Array.from({ length: 50 }, () => {
        now += 1 + random.below(40);
        return [lowest + random.below(20), random.below(32), now, now + random.below(80)];
      }),
    ),
  );
}

const reference = [1, 2, 3, 4, 5].map((seed) => piece(seed, 30));

test('the mean over choices of so many pieces and no more', () => {
  const [near, far] = [piece(6, 30), piece(7, 60)];
  const { pieces, choices, overlaps, meanOverlap: mean } = ceilingOf([near, far], reference, 1, 3);
  expect([pieces, choices]).toEqual([1, 5]);
  const [one, other] = [near, far].map((chosen) => meanOverlap(compareSets([chosen], reference)));
  // Each choice is one piece or the other.
  const mixtures = [0, 1, 2, 3, 4, 5].map((count) => (count * one + (5 - count) * other) / 5);
  expect(mixtures.some((mixture) => Math.abs(mixture - mean) < 1e-12)).toBe(true);
  const all = Object.values(overlaps);
  expect(all.reduce((sum, overlap) => sum + overlap) / all.length).toBeCloseTo(mean, 12);
});

test('of fewer pieces than wanted it is that of all', () => {
  const real = [piece(8, 30), piece(9, 30)];
  const ceiling = ceilingOf(real, reference, 10, 0);
  expect(ceiling.pieces).toBe(2);
  expect(ceiling.meanOverlap).toBeCloseTo(meanOverlap(compareSets(real, reference)), 12);
});
