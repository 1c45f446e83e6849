/**
 * What was played before, and what came then. An LSTM forgets a theme long before it returns; this does not.
 * The last strikes of a piece are compared with all before them (self-alignment.ts), so that a chord rolled
 * otherwise, a wrong note or an ornament is forgiven: once by keys and once by intervals, which finds what
 * returns higher or lower. What followed the places that agree is likely to follow now.
 */
import { KEYS } from '../notes/grid.js';
import { REMEMBERED, SelfAlignment } from './self-alignment.js';

/** A place counts from this score on. */
export const LEAST_SCORE = 3;
/** The strength of a recalled strike is its score in these. */
export const SCORE_UNIT = 16;

/** Strikes that are kept: those that alignments remember, the one after each, and this one. */
const RING = 2 * REMEMBERED;
const LAST = RING - 1;

export class Recall {
  /** (K) how strongly each key is recalled as the next to be struck, 0 … 4. */
  readonly strength = new Float32Array(KEYS);
  /** (K) the same by intervals. */
  readonly transposed = new Float32Array(KEYS);
  /** (K) how hard the keys that are recalled were struck then, 0 … 1. */
  readonly force = new Float32Array(KEYS);
  /**
   * Ticks from the last strike to the next one at the place that agrees best; of no meaning where `certainty`
   * is 0.
   */
  wait = 0;
  /** The strength of that place. */
  certainty = 0;

  // The last strikes of the piece, in rings.
  private strikes = 0;
  private readonly keys = new Uint8Array(RING);
  private readonly ticks = new Float64Array(RING);
  private readonly forces = new Float32Array(RING);
  private readonly byKey = new SelfAlignment();
  private readonly byInterval = new SelfAlignment();
  /** (K) the best score at which each key is recalled, and where. */
  private readonly best = new Int32Array(KEYS);
  private readonly bestPlace = new Int32Array(KEYS);

  reset(): void {
    this.strikes = 0;
    this.byKey.reset();
    this.byInterval.reset();
    this.clear();
  }

  /** Hears the next strike. */
  push(key: number, tick: number, force: number): void {
    const interval = this.keep(key, tick, force);
    this.clear();
    this.recallKeys(key);
    this.recallIntervals(key, interval);
  }

  /** Keeps a strike for those to come, which are as if nothing agreed before it; nothing is recalled. */
  pass(key: number, tick: number, force: number): void {
    const interval = this.keep(key, tick, force);
    this.clear();
    this.byKey.pass(key);
    this.byInterval.pass(interval);
  }

  /** @returns the interval from the strike before */
  private keep(key: number, tick: number, force: number): number {
    const at = this.strikes++;
    const interval = at === 0 ? Number.NaN : key - this.keys[(at - 1) & LAST];
    this.keys[at & LAST] = key;
    this.ticks[at & LAST] = tick;
    this.forces[at & LAST] = force;
    return interval;
  }

  private recallKeys(key: number): void {
    const { keys, ticks, best, bestPlace } = this;
    const { length, places, scores } = this.byKey.push(key);
    best.fill(LEAST_SCORE - 1);
    let surest = LEAST_SCORE - 1;
    let surestPlace = 0;
    for (let i = 0; i < length; i++) {
      const score = scores[i];
      const next = keys[(places[i] + 1) & LAST];
      // Of places that agree equally well, the later one.
      if (score >= best[next]) {
        if (score < LEAST_SCORE) continue;
        best[next] = score;
        bestPlace[next] = places[i];
        if (score < surest) continue;
        surest = score;
        surestPlace = places[i];
      }
    }
    for (let next = 0; next < KEYS; next++) {
      if (best[next] < LEAST_SCORE) continue;
      this.strength[next] = best[next] / SCORE_UNIT;
      this.force[next] = this.forces[(bestPlace[next] + 1) & LAST];
    }
    if (surest < LEAST_SCORE) return;
    this.certainty = surest / SCORE_UNIT;
    this.wait = ticks[(surestPlace + 1) & LAST] - ticks[surestPlace & LAST];
  }

  private recallIntervals(key: number, interval: number): void {
    const { keys, best, transposed } = this;
    const { length, places, scores } = this.byInterval.push(interval);
    best.fill(LEAST_SCORE - 1);
    for (let i = 0; i < length; i++) {
      const next = key + keys[(places[i] + 1) & LAST] - keys[places[i] & LAST];
      if (next >= 0 && next < KEYS && scores[i] > best[next]) best[next] = scores[i];
    }
    for (let next = 0; next < KEYS; next++) {
      if (best[next] >= LEAST_SCORE) transposed[next] = best[next] / SCORE_UNIT;
    }
  }

  private clear(): void {
    this.strength.fill(0);
    this.transposed.fill(0);
    this.force.fill(0);
    this.wait = 0;
    this.certainty = 0;
  }
}
