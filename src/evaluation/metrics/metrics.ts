/**
 * All offline metrics of a set of generated pieces: by themselves, beside a reference, and against what was
 * learned from.
 */
import { type Ceiling, ceilingOf } from './ceiling.js';
import { sliceGrid } from './excerpt.js';
import { featuresOf } from './features.js';
import { compareSets, meanOverlap, type SetComparison } from './overlap.js';
import { type FeaturedPiece, type NamedPiece, type SetMetrics, setMetrics } from './set-metrics.js';

export interface MetricsInput {
  /** At least one piece. */
  readonly generated: readonly NamedPiece[];
  /** Real pieces to compare with, at least two. */
  readonly reference?: readonly NamedPiece[];
  /** What the model learned from: to find copies in, and to choose from for the ceiling. */
  readonly train?: readonly NamedPiece[];
  /** Whether to compare pieces of `train` with the reference as if they were generated. */
  readonly ceiling?: boolean;
  /**
   * Compare only so many notes of the beginning of every piece; copies are still looked for in all of
   * `train`.
   */
  readonly mostNotes?: number;
  /** Chooses the pieces for the ceiling; 0 by default. */
  readonly seed?: number;
  /** Called after each piece that was measured. */
  readonly onPiece?: (done: number, total: number) => void;
}

export interface Metrics {
  readonly generated: SetMetrics;
  /** Undefined without a reference. */
  readonly reference?: SetMetrics;
  readonly comparison?: Comparison;
}

/** Generated pieces beside the reference. */
export interface Comparison {
  readonly features: SetComparison;
  /** The mean over the features of the overlap with the reference's own distances. */
  readonly meanOverlap: number;
  readonly ceiling?: ReachedCeiling;
}

export interface ReachedCeiling extends Ceiling {
  /** The generated pieces' mean overlap ÷ the ceiling's. */
  readonly ratio: number;
}

/** Computes everything that the input allows. The same input gives the same numbers. */
export function computeMetrics(input: MetricsInput): Metrics {
  const { train, ceiling, mostNotes, seed = 0, onPiece } = input;
  const featured = ({ name, notes, counted }: NamedPiece): FeaturedPiece => {
    const beginning = sliceGrid(notes, mostNotes);
    const isWhole = beginning.length === notes.length;
    return { name, notes: beginning, counted, features: featuresOf(beginning), isWhole };
  };
  const generated = input.generated.map(featured);
  const reference = input.reference?.map(featured);
  const total = generated.length + (reference?.length ?? 0);
  let done = 0;
  const measure = (set: readonly FeaturedPiece[]) => setMetrics(set, train, () => onPiece?.(++done, total));
  const generatedMetrics = measure(generated);
  if (!reference) return { generated: generatedMetrics };

  const [ownFeatures, realFeatures] = [generated, reference].map((set) =>
    set.map(({ features }) => features),
  );
  const features = compareSets(ownFeatures, realFeatures);
  const mean = meanOverlap(features);
  const trainFeatures = ceiling ? train?.map((piece) => featured(piece).features) : undefined;
  const real = trainFeatures && ceilingOf(trainFeatures, realFeatures, generated.length, seed);
  return {
    generated: generatedMetrics,
    reference: measure(reference),
    comparison: {
      features,
      meanOverlap: mean,
      ceiling: real && { ...real, ratio: mean / real.meanOverlap },
    },
  };
}
