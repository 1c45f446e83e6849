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
