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
  const scores = new Float64Array(weights.length);
  let best = -1;
  for (let i = 0; i < weights.length; i++) {
    scores[i] = weights[i] > 0 ? logits[i] + Math.log(weights[i]) : Number.NEGATIVE_INFINITY;
    if (weights[i] > 0 && (best < 0 || scores[i] > scores[best])) best = i;
  }
  if (best < 0) throw new RangeError('nothing to draw from: every class is forbidden');
  if (temperature === 0) return best;
  const odds = scores.map((score) => Math.exp((score - scores[best]) / temperature));
  if (topP < 1) keepLikeliest(odds, topP);
  let remaining = random.next() * odds.reduce((sum, value) => sum + value, 0);
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
  const scoreOf = (i: number) =>
    weights[i] > 0 ? logits[i] + Math.log(weights[i]) : Number.NEGATIVE_INFINITY;
  let best = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) best = Math.max(best, scoreOf(i));
  const least = best + Math.log(minP);
  for (let i = from; i < to; i++) if (scoreOf(i) < least) weights[i] = 0;
}

/** Sets to 0 all but the largest, which together are this part of the whole; of equals the first stay. */
function keepLikeliest(odds: Float64Array, part: number): void {
  const order = Array.from(odds.keys()).sort((a, b) => odds[b] - odds[a] || a - b);
  const enough = part * odds.reduce((sum, value) => sum + value, 0);
  let mass = 0;
  for (const [rank, i] of order.entries()) {
    if (rank > 0 && mass >= enough) odds[i] = 0;
    else mass += odds[i];
  }
}

/** How likely classes are, as multiples of the likeliest. */
export function oddsOf(logits: ArrayLike<number>): Float64Array {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) best = Math.max(best, logits[i]);
  return Float64Array.from(logits, (logit) => Math.exp(logit - best));
}
