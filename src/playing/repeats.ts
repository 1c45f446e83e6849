/**
 * One key, again and again: the more often a model has heard that, the surer it is of it, and it may never
 * find out. So striking a key once more becomes less likely when it was struck many times in a row.
 */
import { KEYS } from '../notes/grid.js';

/** Strikes of one key in a row of which nobody takes note. Pieces of MAESTRO seldom have more. */
const USUAL = 6;

/** By how much each strike beyond that makes another one less likely. */
export const FACTOR = 4;
/** The weight must not become 0: the key may be all that is allowed. */
export const MOST_BEYOND = 32;

export class Repeats {
  private key = -1;
  private run = 0;
  private longest = 0;
  private usual = USUAL;

  /** Goes on past an event. */
  push(symbol: number): void {
    if (symbol >= KEYS) return;
    this.run = symbol === this.key ? this.run + 1 : 1;
    this.key = symbol;
    this.longest = Math.max(this.longest, this.run);
  }

  /** Takes what was heard up to here for usual: music that repeats a key may go on so. */
  takeForUsual(): void {
    this.usual = Math.max(USUAL, this.longest);
  }

  /** Strikes of one key in a row up to which nobody takes note. */
  get usualRun(): number {
    return this.usual;
  }

  /** Lowers the weight (176) of another strike for each that is beyond the usual. */
  restrain(weights: Float32Array): void {
    const beyond = Math.min(MOST_BEYOND, this.run - this.usual + 1);
    if (beyond > 0) weights[this.key] /= FACTOR ** beyond;
  }
}
