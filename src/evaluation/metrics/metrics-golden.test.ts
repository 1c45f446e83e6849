/** Against SciPy, and against the definitions as test/oracle/metrics_goldens.py writes them out. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type GridRow, gridOfRows } from '../../../test/helpers/grids.js';
import { FEATURES, type FeatureName, featuresOf } from './features.js';
import { type Closeness, compareSets } from './overlap.js';
import { type PieceStatistics, pieceStatistics } from './piece-statistics.js';

const SETS = ['generated', 'reference'] as const;
type BySet<T> = Record<(typeof SETS)[number], T>;

interface Golden {
  pieces: BySet<GridRow[][]>;
  features: BySet<Record<FeatureName, number[]>[]>;
  statistics: BySet<Partial<PieceStatistics>[]>;
  comparison: Record<FeatureName, BySet<Closeness>>;
}

const path = new URL('../../../test/golden/metrics.json', import.meta.url);
const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
const gridsOf = (set: keyof BySet<unknown>) => golden.pieces[set].map(gridOfRows);

function expectNear(actual: number | undefined, expected: number, what: string) {
  const isNear =
    actual !== undefined && Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
  expect.soft(isNear, `${what}: ${actual}, not ${expected}`).toBe(true);
}

describe('the metrics of the pieces in the golden file', () => {
  it.each(SETS)('features of %s pieces', (set) => {
    for (const [i, notes] of gridsOf(set).entries()) {
      const features = featuresOf(notes);
      for (const { name } of FEATURES) {
        const expected = golden.features[set][i][name];
        expect(features[name].length).toBe(expected.length);
        for (const [bin, value] of expected.entries()) {
          expectNear(features[name][bin], value, `${name} ${bin} of piece ${i}`);
        }
      }
    }
  });

  it.each(SETS)('entropies, scale, groove and structure of %s pieces', (set) => {
    for (const [i, notes] of gridsOf(set).entries()) {
      const statistics = pieceStatistics({ notes, features: featuresOf(notes), isWhole: true });
      const expected = Object.entries(golden.statistics[set][i]) as [keyof PieceStatistics, number][];
      expect(expected.map(([name]) => name)).toEqual([
        'pitchClassEntropy',
        'pitchEntropy',
        'scaleConsistency',
        'grooveSimilarity',
        'structureShort',
        'structureMiddle',
        'structureLong',
      ]);
      for (const [name, value] of expected) {
        // Chroma is in single precision here.
        if (name.startsWith('structure')) expect.soft(statistics[name], name).toBeCloseTo(value, 5);
        else expectNear(statistics[name], value, `${name} of piece ${i}`);
      }
    }
  });

  it('overlaps and divergences', () => {
    const [generated, reference] = SETS.map((set) => gridsOf(set).map(featuresOf));
    const compared = compareSets(generated, reference);
    for (const { name } of FEATURES) {
      for (const set of SETS) {
        const expected = golden.comparison[name][set];
        expectNear(compared[name][set]?.overlap, expected.overlap, `${name}: overlap, ${set}`);
        expectNear(compared[name][set]?.divergence, expected.divergence, `${name}: divergence, ${set}`);
      }
    }
  });
});
