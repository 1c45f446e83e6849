/** Densities of distances, estimated by Gaussian kernels on one grid, and how much two of them agree. */
import { spreadOf } from './statistics.js';

/** Points at which densities are compared: `low`, `low + step`, … */
export interface DensityGrid {
  readonly low: number;
  readonly step: number;
  readonly points: number;
}

const POINTS = 1001;
/** Bandwidths of room around the samples: what a kernel has beyond is 3e-5 of it. */
const MARGIN = 4;
/** The same for samples without any spread, as a part of their range. */
const LEAST_MARGIN = 0.02;
/** The least range that is drawn, as a part of the samples' size or of 1. */
const LEAST_RANGE = 1e-6;
/** A kernel beyond so many bandwidths is below the rounding of its middle. */
const REACH = 8.5;
/**
 * Least probability of a grid point in a divergence: what was never seen is taken as this rare, not as
 * impossible.
 */
const FLOOR = 1e-10;

/**
 * Scott's rule in one dimension, as SciPy's `gaussian_kde` has it: σ n^(−1/5); 0 for samples without spread.
 */
export function scottBandwidth(samples: Float64Array): number {
  return spreadOf(samples).deviation * samples.length ** -0.2;
}

/** A grid that holds the densities of all sets of samples, at least one sample in all. */
export function sharedGrid(sets: readonly Float64Array[]): DensityGrid {
  let [low, high, bandwidth] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const samples of sets) {
    for (const sample of samples) {
      low = Math.min(low, sample);
      high = Math.max(high, sample);
    }
    if (samples.length > 0) bandwidth = Math.max(bandwidth, scottBandwidth(samples));
  }
  // Samples that are all but equal: any range around them will do in which doubles can be told apart.
  const range = Math.max(high - low, LEAST_RANGE * Math.max(1, Math.abs(low), Math.abs(high)));
  const margin = Math.max(MARGIN * bandwidth, LEAST_MARGIN * range);
  return { low: low - margin, step: (high - low + 2 * margin) / (POINTS - 1), points: POINTS };
}

/**
 * (points) The density of the samples, by Gaussian kernels of Scott's bandwidth, or of the grid's step where
 * that is more: narrower ones, down to those of samples all alike, would fall between the points.
 */
export function kernelDensity(samples: Float64Array, { low, step, points }: DensityGrid): Float64Array {
  const density = new Float64Array(points);
  const bandwidth = Math.max(scottBandwidth(samples), step);
  const scale = 1 / (samples.length * bandwidth * Math.sqrt(2 * Math.PI));
  for (const sample of samples) {
    const first = Math.max(0, Math.ceil((sample - REACH * bandwidth - low) / step));
    const last = Math.min(points - 1, Math.floor((sample + REACH * bandwidth - low) / step));
    for (let i = first; i <= last; i++) {
      const z = (low + i * step - sample) / bandwidth;
      density[i] += scale * Math.exp(-0.5 * z * z);
    }
  }
  return density;
}

/** The area under both densities, 0 … 1: the integral of the lesser by the trapezoid rule. */
export function overlapArea(p: Float64Array, q: Float64Array, { step, points }: DensityGrid): number {
  let sum = 0;
  for (let i = 0; i < points; i++) {
    const weight = i === 0 || i === points - 1 ? 0.5 : 1;
    sum += weight * Math.min(p[i], q[i]);
  }
  return sum * step;
}

/**
 * The Kullback–Leibler divergence KL(p ‖ q) in nats of two densities on one grid: what it costs to expect q
 * where p is true. Points of either that are next to impossible count as 1e-10 probable, so that it stays
 * finite (below 23).
 */
export function klDivergence(p: Float64Array, q: Float64Array): number {
  const [ofP, ofQ] = [p, q].map(probabilities);
  let divergence = 0;
  for (let i = 0; i < ofP.length; i++) divergence += ofP[i] * Math.log(ofP[i] / ofQ[i]);
  return divergence;
}

function probabilities(density: Float64Array): Float64Array {
  const total = density.reduce((sum, value) => sum + value, 0);
  const floored = density.map((value) => Math.max(FLOOR, value / total));
  const flooredTotal = floored.reduce((sum, value) => sum + value, 0);
  return floored.map((value) => value / flooredTotal);
}
