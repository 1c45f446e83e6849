/**
 * What was played before, and what came then. An LSTM forgets a theme long before it returns; this does not. The strikes of
 * a piece are compared with themselves: how well do the last of them agree with those that ended at each earlier place?
 * What followed the places that agree is likely to follow now.
 *
 * The comparison is the local alignment of Smith & Waterman (1981), one row of its table a strike, so that a chord rolled
 * otherwise, a wrong note or an ornament costs a little and does not end it. It is made twice, by keys and by intervals:
 * the second finds what returns higher or lower.
 */
import { KEYS } from '../notes/grid.js';

/** Scores in halves of an agreeing strike. */
const AGREES = 2;
/** Of a strike that differs, and of one that only one of the two places has. */
const DIFFERS = -6;
const EXTRA = -3;
const MOST_SCORE = 64;
/** A place counts from this score on. */
const LEAST_SCORE = 3;
/** The strength of a recalled strike is its score in these. */
const SCORE_UNIT = 16;

/** At least so many of the last strikes are compared, and at most twice as many. */
const REMEMBERED = 4096;
/** An interval that agrees with none. */
const NO_INTERVAL = 1000;

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

  private length = 0;
  private readonly keys = new Int16Array(2 * REMEMBERED);
  /** From the key before. */
  private readonly intervals = new Int16Array(2 * REMEMBERED);
  private readonly ticks = new Int32Array(2 * REMEMBERED);
  private readonly forces = new Float32Array(2 * REMEMBERED);
  /** Scores of the alignments that end at each strike and the last one. */
  private readonly byKey = new Int32Array(2 * REMEMBERED);
  private readonly byInterval = new Int32Array(2 * REMEMBERED);

  reset(): void {
    this.length = 0;
    this.clear();
  }

  /** Hears the next strike. */
  push(key: number, tick: number, force: number): void {
    if (this.length === this.keys.length) this.forgetHalf();
    const { length, keys, intervals } = this;
    keys[length] = key;
    intervals[length] = length > 0 ? key - keys[length - 1] : NO_INTERVAL;
    this.ticks[length] = tick;
    this.forces[length] = force;
    this.byKey[length] = 0;
    this.byInterval[length] = 0;
    this.length++;
    this.clear();
    this.alignKeys();
    this.alignIntervals();
  }

  private alignKeys(): void {
    const { keys, byKey: scores, strength, force, forces } = this;
    const last = this.length - 1;
    const key = keys[last];
    let diagonal = 0;
    let left = 0;
    let best = 0;
    let place = -1;
    for (let j = 0; j < last; j++) {
      const above = scores[j];
      const score = aligned(diagonal, above, left, keys[j] === key);
      diagonal = above;
      left = score;
      scores[j] = score;
      if (score < LEAST_SCORE) continue;
      const next = keys[j + 1];
      // Of places that agree equally well, the later one.
      if (score / SCORE_UNIT >= strength[next]) {
        strength[next] = score / SCORE_UNIT;
        force[next] = forces[j + 1];
      }
      if (score < best) continue;
      best = score;
      place = j;
    }
    this.certainty = best / SCORE_UNIT;
    this.wait = place < 0 ? 0 : this.ticks[place + 1] - this.ticks[place];
  }

  private alignIntervals(): void {
    const { keys, intervals, byInterval: scores, transposed } = this;
    const last = this.length - 1;
    const interval = intervals[last];
    let diagonal = 0;
    let left = 0;
    for (let j = 0; j < last; j++) {
      const above = scores[j];
      // The first strike has no interval to agree with.
      const score = aligned(diagonal, above, left, intervals[j] === interval && interval !== NO_INTERVAL);
      diagonal = above;
      left = score;
      scores[j] = score;
      const next = keys[last] + intervals[j + 1];
      if (score < LEAST_SCORE || next < 0 || next >= KEYS) continue;
      transposed[next] = Math.max(transposed[next], score / SCORE_UNIT);
    }
  }

  private clear(): void {
    this.strength.fill(0);
    this.transposed.fill(0);
    this.force.fill(0);
    this.wait = 0;
    this.certainty = 0;
  }

  private forgetHalf(): void {
    for (const column of [this.keys, this.intervals, this.ticks, this.forces, this.byKey, this.byInterval]) {
      column.copyWithin(0, REMEMBERED);
    }
    this.length = REMEMBERED;
  }
}

/** A score from those of the alignments without either strike, without the last one, and without the earlier one. */
function aligned(diagonal: number, above: number, left: number, agrees: boolean): number {
  let score = diagonal + (agrees ? AGREES : DIFFERS);
  if (above + EXTRA > score) score = above + EXTRA;
  if (left + EXTRA > score) score = left + EXTRA;
  return score < 0 ? 0 : score > MOST_SCORE ? MOST_SCORE : score;
}
