/** Scales of a chart's axes: what range is shown, where the ticks are and what they say. */

/** One axis. */
export interface Axis {
  readonly scale: 'linear' | 'log';
  /** Where a value lies between the axis's lower end, 0, and its upper end, 1. */
  place(value: number): number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Values spanning this factor are shown on a log scale, when all are above zero. */
const LOG_FACTOR = 5;
/** Room between the outermost values and the axis's ends, as a part of the range. */
const MARGIN = 0.03;
/** Beyond this a double leaves no room for arithmetic. */
const LARGEST = 1e300;

/**
 * A linear axis from `min` to `max`, as given.
 *
 * @param tickCount about how many ticks there is room for
 * @param wholeTicks put ticks on whole numbers only, where that leaves at least two
 */
export function linearAxis(min: number, max: number, tickCount: number, wholeTicks = false): Axis {
  const [low, high] = widened(min, max);
  let step = niceStep((high - low) / tickCount);
  if (wholeTicks && step < 1 && high - low >= 2) step = 1;
  return linear(low, high, step);
}

/**
 * An axis that shows values from `min` to `max` well: logarithmic where they span orders of magnitude, with
 * margins.
 */
export function fittingAxis(min: number, max: number, tickCount: number): Axis {
  if (min > 0 && max / min >= LOG_FACTOR) return logAxis(min, max, tickCount);
  const [low, high] = widened(min, max);
  const step = niceStep((high - low) / tickCount);
  const margin = (high - low) * MARGIN;
  // No margin takes an axis below zero that no value is below of.
  const first = Math.floor((low >= 0 ? Math.max(0, low - margin) : low - margin) / step);
  return linear(first * step, Math.ceil((high + margin) / step) * step, step);
}

/** A number as a reader wants it: four digits, and powers of ten only where they are shorter. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e6)) return withMinus(exponential(value, 3));
  return withMinus(size >= 1000 ? value.toFixed(0) : value.toPrecision(4));
}

function linear(low: number, high: number, step: number): Axis {
  const ticks: { value: number; label: string }[] = [];
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const stepExponent = Math.floor(Math.log10(step) + 1e-9);
  const digits = Math.floor(Math.log10(largest) + 1e-9) - stepExponent;
  const isPlain = stepExponent >= -6 && largest < 1e6;
  for (let i = Math.ceil(low / step - 1e-9); i <= Math.floor(high / step + 1e-9); i++) {
    const value = i * step;
    const label = isPlain ? value.toFixed(Math.max(0, -stepExponent)) : exponential(value, digits);
    ticks.push({ value, label: withMinus(label) });
  }
  return { scale: 'linear', place: (value) => (value - low) / (high - low), ticks };
}

function logAxis(min: number, max: number, tickCount: number): Axis {
  const margin = MARGIN * (Math.log10(max) - Math.log10(min));
  const low = Math.log10(min) - margin;
  const high = Math.log10(max) + margin;
  const decades = Math.ceil((high - low) / tickCount);
  // Where powers of ten alone would be too few, others that are about evenly spaced.
  const factors = high - low > 2.2 ? [1] : high - low > 1.1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 6];
  const ticks: { value: number; label: string }[] = [];
  for (let exponent = Math.floor(low); exponent <= high; exponent++) {
    if (exponent % decades !== 0) continue;
    for (const factor of factors) {
      const place = exponent + Math.log10(factor);
      if (place < low || place > high) continue;
      const decimals = Math.max(0, -exponent + (Number.isInteger(factor) ? 0 : 1));
      const isPlain = exponent >= -4 && exponent < 6;
      const label = isPlain ? (factor * 10 ** exponent).toFixed(decimals) : `${factor}e${exponent}`;
      ticks.push({ value: 10 ** place, label });
    }
  }
  return { scale: 'log', place: (value) => (Math.log10(value) - low) / (high - low), ticks };
}

/** The next of 1, 2, 5, 10, 20, 50 … at or above `step`. */
function niceStep(step: number): number {
  const decade = 10 ** Math.floor(Math.log10(step));
  return decade * ([1, 2, 5].find((factor) => factor * decade >= step * (1 - 1e-9)) ?? 10);
}

/** A range that has room between its ends. */
function widened(min: number, max: number): [number, number] {
  const [low, high] = [min, max].map((end) => Math.min(LARGEST, Math.max(-LARGEST, end)));
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > 1e-9 * size && high - low > 1e-100) return [low, high];
  const margin = size > 1e-100 ? size / 10 : 1;
  return [low - margin, high + margin];
}

function exponential(value: number, digits: number): string {
  return value === 0 ? '0' : value.toExponential(Math.min(6, Math.max(0, digits))).replace('+', '');
}

function withMinus(label: string): string {
  return label.replace(/^-/, '\u2212');
}
