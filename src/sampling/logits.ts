/** From scores to choices. */
import type { Random } from '../random.js';

/**
 * Draws an index from softmax(logits / temperature). A temperature of 0 takes the largest, the first of equals.
 *
 * @param random supplies one number a draw; none at temperature 0
 * @throws RangeError when the temperature is below 0 or no number
 */
export function sampleLogits(logits: ArrayLike<number>, temperature: number, random: Random): number {
  if (!(temperature >= 0)) throw new RangeError(`a temperature must be at least 0, not ${temperature}`);
  let best = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
  if (temperature === 0) return best;
  // Relative to the largest, so that nothing overflows however small the temperature is.
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - logits[best]) / temperature));
  let remaining = random.next() * weights.reduce((total, weight) => total + weight, 0);
  for (let i = 0; i < weights.length; i++) {
    remaining -= weights[i];
    if (remaining < 0) return i;
  }
  return best; // rounding left a crumb beyond the last weight
}

export interface DrawOptions {
  /** At least 0; 1 draws as predicted. */
  readonly temperature: number;
  /** Of the likeliest classes, those that together have this probability; 1 keeps all. */
  readonly topP?: number;
}

/**
 * Draws a class of those whose weight is above 0. Their odds are (eˡᵒᵍⁱᵗ × weight)^(1 / temperature), cut to the
 * likeliest that together have `topP` of it. A temperature of 0 takes the likeliest, the first of equals.
 *
 * @param weights one for each class, at least one above 0: 0 forbids, 1 leaves as predicted
 * @param random supplies one number a draw; none at temperature 0
 */
export function drawClass(
  logits: ArrayLike<number>,
  weights: ArrayLike<number>,
  { temperature, topP = 1 }: DrawOptions,
  random: Random,
): number {
  const allowed: number[] = [];
  for (let i = 0; i < weights.length; i++) if (weights[i] > 0) allowed.push(i);
  if (allowed.length === 0) throw new RangeError('nothing to draw from: every class is forbidden');
  // Weights act on what was predicted; the temperature then sharpens both alike.
  const score = (i: number) => logits[i] + Math.log(weights[i]);
  allowed.sort((a, b) => score(b) - score(a) || a - b);
  if (temperature === 0) return allowed[0];
  const top = score(allowed[0]);
  const odds = allowed.map((i) => Math.exp((score(i) - top) / temperature));
  const total = odds.reduce((sum, value) => sum + value, 0);
  let kept = 0;
  let mass = 0;
  while (kept < odds.length && (kept === 0 || mass < topP * total)) mass += odds[kept++];
  let remaining = random.next() * mass;
  for (let n = 0; n < kept; n++) {
    remaining -= odds[n];
    if (remaining < 0) return allowed[n];
  }
  return allowed[0]; // rounding left a crumb beyond the last
}
