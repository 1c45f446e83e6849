/** Sums over a piece or a set of pieces. */

/** Mean and standard deviation of a number over pieces. */
export interface Spread {
  readonly mean: number;
  /** Of a sample, divided by n − 1; 0 for a single value. */
  readonly deviation: number;
}

/** Mean and standard deviation of at least one value. */
export function spreadOf(values: ArrayLike<number>): Spread {
  const { length } = values;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += values[i];
  const mean = sum / length;
  let squares = 0;
  for (let i = 0; i < length; i++) squares += (values[i] - mean) ** 2;
  return { mean, deviation: length > 1 ? Math.sqrt(squares / (length - 1)) : 0 };
}

/**
 * Shannon's entropy in bits of what was counted: log₂ of the classes when all are as frequent; 0 for no
 * counts.
 */
export function entropyBits(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  let entropy = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0) entropy -= (counts[i] / total) * Math.log2(counts[i] / total);
  }
  return entropy;
}

/** Counts as shares of their sum; all zero for no counts. */
export function sharesOf(counts: ArrayLike<number>): Float64Array {
  const shares = Float64Array.from(counts);
  const total = shares.reduce((sum, count) => sum + count, 0);
  return total > 0 ? shares.map((count) => count / total) : shares;
}
