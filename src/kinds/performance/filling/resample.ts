/** Weights of particles, and drawing them anew. */
import type { Random } from '../../../random.js';

/** Logarithms of weights as parts of 1; evenly where none is above 0. */
export function normalised(logWeights: readonly number[]): number[] {
  const best = Math.max(...logWeights);
  if (!(best > Number.NEGATIVE_INFINITY)) return logWeights.map(() => 1 / logWeights.length);
  const weights = logWeights.map((weight) => Math.exp(weight - best));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** As many particles of even weight as would tell as much: from 1 to all of them. */
export function effectiveSize(weights: readonly number[]): number {
  return 1 / weights.reduce((sum, weight) => sum + weight * weight, 0);
}

/**
 * Draws as many as there are, each as often as its weight says, give or take one (systematic resampling,
 * Kitagawa 1996).
 *
 * @returns for every place the one that is drawn; those that are drawn at all keep theirs
 */
export function systematic(weights: readonly number[], random: Random): number[] {
  const { length } = weights;
  const counts = new Array<number>(length).fill(0);
  let sum = 0;
  let at = random.next();
  for (const [i, weight] of weights.entries()) {
    sum += weight * length;
    for (; at < sum; at++) counts[i]++;
  }
  const free = counts.flatMap((count, i) => (count === 0 ? [i] : []));
  const drawn = counts.map((_, i) => i);
  for (const [i, count] of counts.entries())
    for (let again = 1; again < count; again++) drawn[free.pop() ?? i] = i;
  return drawn;
}

/** The logarithm of the mean of numbers, of which the logarithms are given. */
export function logMean(logs: readonly number[]): number {
  const best = Math.max(...logs);
  if (!(best > Number.NEGATIVE_INFINITY)) return best;
  return best + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - best), 0) / logs.length);
}
