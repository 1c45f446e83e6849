/**
 * What was played just now, coming again. A model that hears a sequence often grows sure of it, plays it once
 * more and is surer still; another one never comes back to anything. So it is watched how much comes again.
 * Where that is more than in the music before, going on as before gets less likely with every strike of
 * agreement: the penalty known as DRY, for keys instead of words, as strong as there is need of it. Where it
 * is less, it gets likelier.
 */
import { KEYS } from '../notes/grid.js';

/** Strikes that are looked back on. */
const WINDOW = 400;
/** So many strikes that agree are a sequence; with fewer, agreement is nothing special. */
const SEQUENCE = 5;
const FREE = 3;
/** Longer agreement does not count more. */
const LONG = 24;
/**
 * No more is striven for, however much came again in the music before: an exercise is not to go on as one.
 */
const MOST_WANTED = 0.1;
/** Which part of the music more may come again than was usual. */
const TOLERATED = 0.02;
/** Strikes over which it is taken how much comes again, and of the music before as many as this. */
const RECENT = 120;
const BEFORE = 1200;
/** Of fewer strikes a part is taken as of so many. */
const FEWEST = 60;
/**
 * Exponent of 2 by which each strike of agreement is less likely, for every part of the music beyond usual.
 */
const STRENGTH = 10;
/** The same by which it is likelier, for every part that is missing. */
const PULL = 15;
/** The weight must not become 0: the key may be all that is allowed. */
const MOST_DAMPED = 100;
const MOST_FAVOURED = 8;

export class Repetition {
  private readonly keys: number[] = [];
  /** Of each strike, whether it went on a sequence that was there before. */
  private readonly repeated: number[] = [];
  private usual = 0;
  /** How much is to come again at least. */
  private wanted = 0;
  /** (88) how many strikes agree, at the place where most do, with those before each key. */
  private readonly agreement = new Uint16Array(KEYS);

  /** Goes on past a strike. */
  push(key: number): void {
    this.repeated.push(Number(this.agreement[key] >= SEQUENCE));
    this.keys.push(key);
    if (this.keys.length > 2 * WINDOW) this.keys.splice(0, WINDOW);
    if (this.repeated.length > 2 * BEFORE) this.repeated.splice(0, BEFORE);
    this.align();
  }

  /**
   * Takes how much came again up to here for usual.
   *
   * @param least which part of such music does at least
   */
  takeForUsual(least = 0): void {
    this.usual = Math.max(least, this.partOf(BEFORE));
    this.wanted = Math.min(this.usual, Math.max(least, MOST_WANTED));
  }

  /** Changes the weight (176) of strikes that would go on as before, where too much does, or too little. */
  hold(weights: Float32Array): void {
    const part = this.partOf(RECENT);
    const excess = part - this.usual - TOLERATED;
    if (excess > 0) this.damp(weights, STRENGTH * excess);
    else if (part < this.wanted) this.favour(weights, PULL * (this.wanted - part));
  }

  private damp(weights: Float32Array, strength: number): void {
    for (let key = 0; key < KEYS; key++) {
      const beyond = Math.min(LONG, this.agreement[key]) - FREE;
      if (beyond > 0) weights[key] *= 2 ** -Math.min(MOST_DAMPED, strength * beyond);
    }
  }

  private favour(weights: Float32Array, strength: number): void {
    for (let key = 0; key < KEYS; key++)
      weights[key] *= 2 ** Math.min(MOST_FAVOURED, strength * this.agreement[key]);
  }

  /** Which part of the last strikes went on a sequence that was there before. */
  private partOf(most: number): number {
    const last = this.repeated.slice(-most);
    return last.reduce((sum, each) => sum + each, 0) / Math.max(last.length, FEWEST);
  }

  /** How far the last strikes agree with those before each place in the window. */
  private align(): void {
    const { keys, agreement } = this;
    agreement.fill(0);
    const end = keys.length;
    for (let next = Math.max(1, end - WINDOW); next < end; next++) {
      let length = 0;
      while (length < next && keys[next - 1 - length] === keys[end - 1 - length]) length++;
      agreement[keys[next]] = Math.max(agreement[keys[next]], length);
    }
  }
}
