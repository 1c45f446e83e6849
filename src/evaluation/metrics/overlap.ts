/**
 * How alike two sets of pieces are, feature by feature: the distances between pieces of the two sets beside
 * those within one set, after Yang and Lerch (2020; their toolbox is mgeval). If nothing tells the sets
 * apart, the distances are distributed alike, and their densities overlap.
 *
 * Unlike mgeval, all densities of a feature stand on one grid, and a pair of pieces counts once in a set's
 * own distances (leave-one-out lists it twice, which changes nothing but the bandwidth).
 */
import { type DensityGrid, kernelDensity, klDivergence, overlapArea, sharedGrid } from './density.js';
import { FEATURES, type FeatureName, type PieceFeatures } from './features.js';

/** How well the distances between two sets agree with those within one. */
export interface Closeness {
  /** Area under both densities, 0 … 1. */
  readonly overlap: number;
  /** KL(within ‖ between), nats. */
  readonly divergence: number;
}

/** One feature of two sets. */
export interface FeatureComparison {
  /**
   * Against the reference's own distances: are the others as far from real pieces as these from one another?
   */
  readonly reference: Closeness;
  /** Against the others' own distances: low where they are all alike. Undefined for a single piece. */
  readonly generated?: Closeness;
  readonly curves: DensityCurves;
}

/** The densities of distances that were compared, (points) each. */
export interface DensityCurves {
  readonly grid: DensityGrid;
  readonly withinReference: Float64Array;
  readonly withinGenerated?: Float64Array;
  readonly between: Float64Array;
}

export type SetComparison = Readonly<Record<FeatureName, FeatureComparison>>;

/** Compares at least one piece with at least two of a reference. */
export function compareSets(
  generated: readonly PieceFeatures[],
  reference: readonly PieceFeatures[],
): SetComparison {
  const compared = FEATURES.map(({ name }) => [
    name,
    compareFeature(
      generated.map((piece) => piece[name]),
      reference.map((piece) => piece[name]),
    ),
  ]);
  return Object.fromEntries(compared) as SetComparison;
}

/** The mean over all features of how far they overlap with the reference's own distances. */
export function meanOverlap(comparison: SetComparison): number {
  return FEATURES.reduce((sum, { name }) => sum + comparison[name].reference.overlap, 0) / FEATURES.length;
}

function compareFeature(
  generated: readonly Float64Array[],
  reference: readonly Float64Array[],
): FeatureComparison {
  const distances = {
    between: distancesBetween(generated, reference),
    reference: distancesWithin(reference),
    generated: distancesWithin(generated),
  };
  const grid = sharedGrid(Object.values(distances));
  const between = kernelDensity(distances.between, grid);
  const closeness = (within: Float64Array) => ({
    overlap: overlapArea(within, between, grid),
    divergence: klDivergence(within, between),
  });
  const withinReference = kernelDensity(distances.reference, grid);
  const compared = { reference: closeness(withinReference), curves: { grid, between, withinReference } };
  if (distances.generated.length === 0) return compared;
  const withinGenerated = kernelDensity(distances.generated, grid);
  return {
    ...compared,
    generated: closeness(withinGenerated),
    curves: { ...compared.curves, withinGenerated },
  };
}

/** (n (n − 1) / 2) Euclidean distances of all pairs in a set. */
export function distancesWithin(set: readonly Float64Array[]): Float64Array {
  const distances = new Float64Array((set.length * (set.length - 1)) / 2);
  let next = 0;
  for (let i = 0; i < set.length; i++) {
    for (let j = i + 1; j < set.length; j++) distances[next++] = distance(set[i], set[j]);
  }
  return distances;
}

/** (n m) Euclidean distances from each of one set to each of the other. */
export function distancesBetween(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
): Float64Array {
  const distances = new Float64Array(first.length * second.length);
  let next = 0;
  for (const a of first) for (const b of second) distances[next++] = distance(a, b);
  return distances;
}

function distance(a: Float64Array, b: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) ** 2;
  return Math.sqrt(squares);
}
