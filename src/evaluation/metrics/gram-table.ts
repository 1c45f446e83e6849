/**
 * The n-grams of symbol sequences: each different run of n symbols has a number, and whether another sequence
 * has it is answered exactly. A rolling hash finds the place, the symbols themselves decide. Time and memory
 * do not depend on n.
 */

/** Several sequences in one array: sequence i is `symbols[bounds[i]] … symbols[bounds[i + 1] − 1]`. */
export interface Sequences {
  readonly symbols: Uint16Array;
  /** (sequences + 1) */
  readonly bounds: Uint32Array;
}

export function joinSequences(sequences: readonly Uint16Array[]): Sequences {
  const bounds = new Uint32Array(sequences.length + 1);
  for (const [i, { length }] of sequences.entries()) bounds[i + 1] = bounds[i] + length;
  const symbols = new Uint16Array(bounds[sequences.length]);
  for (const [i, sequence] of sequences.entries()) symbols.set(sequence, bounds[i]);
  return { symbols, bounds };
}

export const NONE = -1;
/** Odd, so that no symbol's factor modulo 2³² ever becomes 0. */
const FACTOR = 0x2c9277b5;

export class GramTable {
  /**
   * (symbols) The number of the n-gram that begins at each symbol, or NONE where its sequence ends before.
   */
  readonly idAt: Int32Array;
  /** How many different n-grams there are, numbered from 0 in the order in which they begin. */
  readonly count: number;
  readonly #own: Sequences;
  readonly #n: number;
  /** (a power of two) Open addressing: the n-gram in each slot, or NONE. */
  readonly #slots: Int32Array;
  /** (count) Where each n-gram begins first, and its hash. */
  readonly #first: Int32Array;
  readonly #hash: Int32Array;

  /** @param n symbols in an n-gram, at least 1 */
  constructor(own: Sequences, n: number) {
    this.#own = own;
    this.#n = n;
    const { length } = own.symbols;
    this.idAt = new Int32Array(length).fill(NONE);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * length + 2))).fill(NONE);
    this.#first = new Int32Array(length);
    this.#hash = new Int32Array(length);
    let count = 0;
    const scratch = scratchFor(own);
    for (let s = 0; s + 1 < own.bounds.length; s++) {
      const from = own.bounds[s];
      const grams = hashGrams(own.symbols, from, own.bounds[s + 1], n, scratch);
      for (let i = 0; i < grams; i++) {
        const slot = this.#slotOf(own.symbols, from + i, scratch[i]);
        if (this.#slots[slot] === NONE) {
          this.#slots[slot] = count;
          this.#first[count] = from + i;
          this.#hash[count] = scratch[i];
          count++;
        }
        this.idAt[from + i] = this.#slots[slot];
      }
    }
    this.count = count;
  }

  /** (count) For each n-gram where it begins first in other sequences, or NONE. */
  findIn({ symbols, bounds }: Sequences): Int32Array {
    const found = new Int32Array(this.count).fill(NONE);
    const scratch = scratchFor({ symbols, bounds });
    const mask = this.#slots.length - 1;
    for (let s = 0; s + 1 < bounds.length; s++) {
      const grams = hashGrams(symbols, bounds[s], bounds[s + 1], this.#n, scratch);
      for (let i = 0; i < grams; i++) {
        const hash = scratch[i];
        for (let slot = mix(hash) & mask; this.#slots[slot] !== NONE; slot = (slot + 1) & mask) {
          const id = this.#slots[slot];
          // One that is found already need not be compared again, which bounds the time for n-grams that are
          // everywhere.
          if (this.#hash[id] !== hash || found[id] !== NONE) continue;
          if (this.#isAt(id, symbols, bounds[s] + i)) {
            found[id] = bounds[s] + i;
            break;
          }
        }
      }
    }
    return found;
  }

  /** The slot of the n-gram at `at`, or the empty one where it belongs. */
  #slotOf(symbols: Uint16Array, at: number, hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = mix(hash) & mask;
    for (; this.#slots[slot] !== NONE; slot = (slot + 1) & mask) {
      const id = this.#slots[slot];
      if (this.#hash[id] === hash && this.#isAt(id, symbols, at)) break;
    }
    return slot;
  }

  #isAt(id: number, symbols: Uint16Array, at: number): boolean {
    const own = this.#own.symbols;
    const first = this.#first[id];
    for (let i = 0; i < this.#n; i++) if (own[first + i] !== symbols[at + i]) return false;
    return true;
  }
}

function scratchFor({ bounds }: Sequences): Int32Array {
  let longest = 0;
  for (let s = 0; s + 1 < bounds.length; s++) longest = Math.max(longest, bounds[s + 1] - bounds[s]);
  return new Int32Array(longest);
}

/**
 * Puts the hashes of a sequence's n-grams into `into` and says how many there are: Σ symbol · FACTOR^(n − 1 −
 * i) mod 2³².
 */
function hashGrams(symbols: Uint16Array, from: number, to: number, n: number, into: Int32Array): number {
  const grams = to - from - n + 1;
  if (grams < 1) return 0;
  let leaving = 1;
  let hash = 0;
  for (let i = 0; i < n; i++) {
    hash = (Math.imul(hash, FACTOR) + symbols[from + i]) | 0;
    leaving = Math.imul(leaving, FACTOR);
  }
  into[0] = hash;
  for (let i = 1; i < grams; i++) {
    const left = Math.imul(symbols[from + i - 1], leaving);
    hash = (Math.imul(hash, FACTOR) + symbols[from + i + n - 1] - left) | 0;
    into[i] = hash;
  }
  return grams;
}

/** Spreads a hash over its low bits, which choose the slot. */
function mix(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return h ^ (h >>> 13);
}
