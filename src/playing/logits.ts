/** From scores to choices. */
import type { Random } from '../random.js';

/**
 * Draws an index from softmax(logits / temperature). A temperature of 0 takes the largest, the first of
 * equals.
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
 * Draws a class of those whose weight is above 0. Their odds are (eˡᵒᵍⁱᵗ × weight)^(1 / temperature), cut to
 * the likeliest that together have `topP` of it. A temperature of 0 takes the likeliest, the first of equals.
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
  // Weights act on what was predicted; the temperature then sharpens both alike.
  const odds = new Float64Array(weights.length);
  let best = -1;
  for (let i = 0; i < weights.length; i++) {
    odds[i] = scoreOf(logits[i], weights[i]);
    if (weights[i] > 0 && (best < 0 || odds[i] > odds[best])) best = i;
  }
  if (best < 0) throw new RangeError('nothing to draw from: every class is forbidden');
  if (temperature === 0) return best;
  const most = odds[best];
  let total = 0;
  for (let i = 0; i < odds.length; i++) {
    odds[i] = weights[i] > 0 ? Math.exp((odds[i] - most) / temperature) : 0;
    total += odds[i];
  }
  if (topP < 1) total = keepLikeliest(odds, topP);
  let remaining = random.next() * total;
  for (let i = 0; i < odds.length; i++) {
    remaining -= odds[i];
    if (remaining < 0 && odds[i] > 0) return i;
  }
  return best; // rounding left a crumb beyond the last
}

/**
 * Takes away the weight of all classes `from` … `to` − 1 that are less than `minP` times as likely as the
 * likeliest of them; eˡᵒᵍⁱᵗ × weight is how likely each is. 0 leaves all.
 */
export function dropUnlikely(
  logits: ArrayLike<number>,
  weights: Float32Array | Float64Array,
  minP: number,
  from: number,
  to: number,
): void {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) best = Math.max(best, scoreOf(logits[i], weights[i]));
  const least = best + Math.log(minP);
  for (let i = from; i < to; i++) if (scoreOf(logits[i], weights[i]) < least) weights[i] = 0;
}

/** The logarithm of how likely a class is. Most weights are 0 or 1, of which logarithms are known. */
function scoreOf(logit: number, weight: number): number {
  if (weight === 1) return logit;
  return weight > 0 ? logit + Math.log(weight) : Number.NEGATIVE_INFINITY;
}

/**
 * Sets to 0 all but the largest, which together are this part of the whole; of equals the first stay.
 *
 * @returns what is left of the whole
 */
function keepLikeliest(odds: Float64Array, part: number): number {
  const order = Array.from(odds.keys()).sort((a, b) => odds[b] - odds[a] || a - b);
  const enough = part * odds.reduce((sum, value) => sum + value, 0);
  let mass = 0;
  for (const [rank, i] of order.entries()) {
    if (rank > 0 && mass >= enough) odds[i] = 0;
    else mass += odds[i];
  }
  return odds.reduce((sum, value) => sum + value, 0);
}

/** How likely classes are, as multiples of the likeliest. */
export function oddsOf(logits: ArrayLike<number>): Float64Array {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) best = Math.max(best, logits[i]);
  const odds = new Float64Array(logits.length);
  for (let i = 0; i < odds.length; i++) odds[i] = Math.exp(logits[i] - best);
  return odds;
}
