/** What real pieces reach in the place of generated ones: no model can be asked for more. */
import { Random } from '../../random.js';
import { FEATURES, type FeatureName, type PieceFeatures } from './features.js';
import { compareSets, meanOverlap } from './overlap.js';
import { spreadOf } from './statistics.js';

/** Means over several random choices of real pieces that the reference does not contain. */
export interface Ceiling {
  /** Pieces in each choice. */
  readonly pieces: number;
  readonly choices: number;
  readonly overlaps: Readonly<Record<FeatureName, number>>;
  readonly meanOverlap: number;
}

/** One choice of a few pieces says little. */
const CHOICES = 5;

/**
 * Compares real pieces with a reference as if they were generated.
 *
 * @param count pieces in a choice: as many as were generated, as the size of a set has a say in how well it
 *   overlaps
 * @param seed chooses them
 */
export function ceilingOf(
  real: readonly PieceFeatures[],
  reference: readonly PieceFeatures[],
  count: number,
  seed: number,
): Ceiling {
  const pieces = Math.min(count, real.length);
  const random = new Random(seed).fork('ceiling');
  const comparisons = Array.from({ length: CHOICES }, () =>
    compareSets(random.shuffle([...real]).slice(0, pieces), reference),
  );
  const overlaps = FEATURES.map(({ name }) => {
    return [name, spreadOf(comparisons.map((comparison) => comparison[name].reference.overlap)).mean];
  });
  return {
    pieces,
    choices: CHOICES,
    overlaps: Object.fromEntries(overlaps) as Ceiling['overlaps'],
    meanOverlap: spreadOf(comparisons.map(meanOverlap)).mean,
  };
}
