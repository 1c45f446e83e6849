/**
 * Seeded pseudo-random numbers, the same on every platform: nothing in the library calls `Math.random`.
 *
 * The generator is xoshiro128** 1.1 by Blackman and Vigna ("Scrambled linear pseudorandom number generators",
 * ACM TOMS 47(4), 2021; https://prng.di.unimi.it/xoshiro128starstar.c): 128 bits of state, period 2^128 − 1.
 * Seeds are spread over the state by a Weyl sequence through MurmurHash3's 32-bit finaliser, the construction
 * of SplitMix, so that neighbouring seeds give unrelated streams. It is not meant for cryptography.
 */

/** The whole state of a `Random`: four 32-bit words, not all zero. */
export type RandomState = readonly [number, number, number, number];

const GOLDEN_GAMMA = 0x9e3779b9;
const TWO_32 = 2 ** 32;

/** MurmurHash3's finaliser: a bijection of 32-bit words in which every input bit moves every output bit. */
function mix32(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32-bit FNV-1a over UTF-16 code units. */
function hashLabel(label: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < label.length; i++) h = Math.imul(h ^ label.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** A seeded stream of random numbers that can be saved, restored and forked. */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /**
   * @param seed a whole number from 0 to 2^53 − 1, or a state saved from another generator
   * @throws RangeError when the seed is no such number, or the state not four 32-bit words with one above
   *   zero
   */
  constructor(seed: number | RandomState) {
    if (typeof seed !== 'number') {
      this.state = seed;
      return;
    }
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`a random seed must be a whole number from 0 to 2^53 - 1, not ${seed}`);
    }
    let word = mix32(Math.floor(seed / TWO_32)) ^ (seed >>> 0);
    const next = () => {
      word = (word + GOLDEN_GAMMA) | 0;
      return mix32(word);
    };
    // mix32 is a bijection and the four words differ, so at most one of them is zero.
    this.state = [next(), next(), next(), next()];
  }

  /** The state: assign a saved one to continue from where it was read. */
  get state(): RandomState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0];
  }

  set state(words: RandomState) {
    const isWord = (word: number) => Number.isInteger(word) && word >= 0 && word < TWO_32;
    if (words.length !== 4 || !words.every(isWord) || words.every((word) => word === 0)) {
      throw new RangeError('a random state must be four unsigned 32-bit words, not all zero');
    }
    [this.#a, this.#b, this.#c, this.#d] = [words[0] | 0, words[1] | 0, words[2] | 0, words[3] | 0];
  }

  /** The next whole number from 0 to 2^32 − 1. */
  uint32(): number {
    const scaled = Math.imul(this.#b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9);
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  next(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /**
   * Uniform among the whole numbers 0 … bound − 1, without modulo bias.
   * @param bound 1 … 2^32
   */
  below(bound: number): number {
    const limit = TWO_32 - (TWO_32 % bound);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % bound;
  }

  /**
   * Normal with mean 0 and standard deviation 1, by Marsaglia's polar method (SIAM Review 6(3), 1964). The
   * second deviate of each pair is dropped, so that the four words of `state` are all there is to save.
   */
  normal(): number {
    for (;;) {
      const x = 2 * this.next() - 1;
      const y = 2 * this.next() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }

  /**
   * A new stream named by `label`, independent of this one and of forks with other labels. It depends on this
   * generator's present state and leaves that state as it is: forks do not shift each other's numbers.
   */
  fork(label: string | number): Random {
    let word = hashLabel(String(label));
    const absorb = (stateWord: number) => {
      word = (mix32(word ^ stateWord) + GOLDEN_GAMMA) >>> 0;
      return word;
    };
    const words: RandomState = [absorb(this.#a), absorb(this.#b), absorb(this.#c), absorb(this.#d)];
    return new Random(words.every((w) => w === 0) ? [GOLDEN_GAMMA, 0, 0, 0] : words);
  }

  /** Shuffles `items` in place (Fisher–Yates) and returns them. At most 2^32 items. */
  shuffle<T extends unknown[] | Uint32Array>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }
}

/**
 * (count) the numbers 0 … count − 1 in an order fixed by seed and epoch: every epoch of a run visits all
 * windows once, in a fresh order that a resumed run finds again.
 */
export function seededPermutation(count: number, seed: number, epoch: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return new Random(seed).fork(`epoch ${epoch}`).shuffle(order);
}
