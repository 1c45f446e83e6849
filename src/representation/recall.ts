/**
 * What was played before, and what came then. An LSTM forgets a theme long before it returns; this does not. The last strikes
 * of a piece are compared with all before them (self-alignment.ts), so that a chord rolled otherwise, a wrong note or an
 * ornament is forgiven: once by keys and once by intervals, which finds what returns higher or lower. What followed the
 * places that agree is likely to follow now.
 */
import { KEYS } from '../notes/grid.js';
import { SelfAlignment } from './self-alignment.js';

/** A place counts from this score on. */
const LEAST_SCORE = 3;
/** The strength of a recalled strike is its score in these. */
const SCORE_UNIT = 16;

export class Recall {
  /** (K) how strongly each key is recalled as the next to be struck, 0 … 4. */
  readonly strength = new Float32Array(KEYS);
  /** (K) the same by intervals. */
  readonly transposed = new Float32Array(KEYS);
  /** (K) how hard the keys that are recalled were struck then, 0 … 1. */
  readonly force = new Float32Array(KEYS);
  /** Ticks from the last strike to the next one at the place that agrees best; of no meaning where `certainty` is 0. */
  wait = 0;
  /** The strength of that place. */
  certainty = 0;

  // Every strike of the piece.
  private readonly keys: number[] = [];
  private readonly ticks: number[] = [];
  private readonly forces: number[] = [];
  private readonly byKey = new SelfAlignment();
  private readonly byInterval = new SelfAlignment();

  reset(): void {
    this.keys.length = 0;
    this.ticks.length = 0;
    this.forces.length = 0;
    this.byKey.reset();
    this.byInterval.reset();
    this.clear();
  }

  /** Hears the next strike. */
  push(key: number, tick: number, force: number): void {
    const interval = key - (this.keys.at(-1) ?? Number.NaN);
    this.keys.push(key);
    this.ticks.push(tick);
    this.forces.push(force);
    this.clear();
    this.recallKeys(key);
    this.recallIntervals(key, interval);
  }

  private recallKeys(key: number): void {
    const { keys, ticks, forces, strength, force } = this;
    const { length, places, scores } = this.byKey.push(key);
    for (let i = 0; i < length; i++) {
      if (scores[i] < LEAST_SCORE) continue;
      const next = places[i] + 1;
      const score = scores[i] / SCORE_UNIT;
      // Of places that agree equally well, the later one.
      if (score >= strength[keys[next]]) {
        strength[keys[next]] = score;
        force[keys[next]] = forces[next];
      }
      if (score < this.certainty) continue;
      this.certainty = score;
      this.wait = ticks[next] - ticks[places[i]];
    }
  }

  private recallIntervals(key: number, interval: number): void {
    const { keys, transposed } = this;
    const { length, places, scores } = this.byInterval.push(interval);
    for (let i = 0; i < length; i++) {
      const next = key + keys[places[i] + 1] - keys[places[i]];
      if (scores[i] < LEAST_SCORE || next < 0 || next >= KEYS) continue;
      transposed[next] = Math.max(transposed[next], scores[i] / SCORE_UNIT);
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
