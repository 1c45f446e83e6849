/**
 * How clearly parts of a piece come again: the structureness indicators of Wu and Yang ("The Jazz Transformer
 * on the Front Line", ISMIR 2020), which are read off a fitness scape plot (Müller, Jiang and Grosche, "A
 * Robust Fitness Measure for Capturing Repetitions in Music Recordings", IEEE TASLP 21(3), 2013).
 *
 * Theirs come from audio; here the chroma is that of the notes, repeats are looked for in the same key, and
 * segments are tried at some lengths and places instead of all. So the values compare pieces with one
 * another, not with the papers'.
 */
import type { GridNotes } from '../../notes/grid.js';
import { chromaFrames, selfSimilarity } from './chroma.js';

/** Seconds that are looked at: the similarities of all pairs of them are in memory. */
const MOST_SECONDS = 900;
/** Lengths of segments in seconds, and what each is over the one before from the last on. */
const LENGTHS = [3, 5, 8, 11, 15];
const FACTOR = 1.5;
/** What is short, middle and long, in seconds. */
const RANGES = { short: [3, 8], middle: [8, 15], long: [15, Number.POSITIVE_INFINITY] } as const;
/** Starts of segments are this part of their length apart. */
const HOP = 1 / 3;
/** The share of similarities that counts as alike, and what the others cost on a path. */
const ALIKE = 0.2;
const PENALTY = -2;
const LEVELS = 4096;

/**
 * Each 0 … 1: how well the most repeated segment of some length explains the piece; 0 where nothing comes
 * again.
 */
export interface Structureness {
  /** Segments of 3 to 8 seconds. */
  readonly short: number;
  /** Of 8 to 15 seconds. */
  readonly middle: number;
  /** Of 15 seconds up to half the piece. */
  readonly long: number;
}

/** The structureness of a piece's first quarter of an hour. */
export function structurenessOf(notes: GridNotes): Structureness {
  const chroma = chromaFrames(notes, MOST_SECONDS);
  const frames = chroma.length / 12;
  const scores = alikeness(selfSimilarity(chroma), frames);
  const fitness = new Map<number, number>();
  for (let i = 0, length = LENGTHS[0]; 2 * length <= frames; ) {
    fitness.set(length, bestFitness(scores, frames, length));
    length = LENGTHS[++i] ?? Math.round(length * FACTOR);
  }
  const fittest = ([from, to]: readonly [number, number]) => {
    const inRange = [...fitness].filter(([length]) => length >= from && length <= to);
    return Math.max(0, ...inRange.map(([, value]) => value));
  };
  return { short: fittest(RANGES.short), middle: fittest(RANGES.middle), long: fittest(RANGES.long) };
}

/**
 * Similarities as scores of a path: those that count as alike spread over 0 … 1, the others a penalty; in
 * place.
 */
function alikeness(similarity: Float32Array, frames: number): Float32Array {
  const counts = new Uint32Array(LEVELS);
  const levelOf = (value: number) => Math.max(0, Math.min(LEVELS - 1, Math.floor(value * LEVELS)));
  for (const value of similarity) counts[levelOf(value)]++;
  let level = LEVELS - 1;
  for (let above = counts[level]; above < ALIKE * similarity.length && level > 0; ) above += counts[--level];
  const threshold = level / LEVELS;
  for (let i = 0; i < similarity.length; i++) {
    const value = similarity[i];
    similarity[i] = value < threshold ? PENALTY : Math.min(1, (value - threshold) / (1 - threshold));
  }
  for (let i = 0; i < frames; i++) similarity[i * frames + i] = 1;
  return similarity;
}

/** The highest fitness of the segments of one length that are tried. */
function bestFitness(scores: Float32Array, frames: number, length: number): number {
  const paths = new PathFamily(scores, frames, length);
  const hop = Math.max(1, Math.round(length * HOP));
  let best = 0;
  for (let start = 0; start + length <= frames; start += hop) best = Math.max(best, paths.fitness(start));
  return best;
}

/**
 * How a path came to a cell, or what is at column 0: no path since the frame before, or one that ended there.
 */
const BEGIN = 0;
const ONE_AND_ONE = 1;
const TWO_AND_ONE = 2;
const ONE_AND_TWO = 3;
const WAIT = 0;
const ENDED = 1;

/**
 * Finds for a segment the family of its repeats that scores most: paths through the similarities, each
 * through the whole segment at up to half or double its speed, that do not overlap in the piece. The segment
 * itself is always one.
 */
export class PathFamily {
  readonly #scores: Float32Array;
  readonly #frames: number;
  readonly #length: number;
  /**
   * (3, length + 1) What scores most up to a frame (the last three, in turn) and a column; column 0 is
   * between paths.
   */
  readonly #best: Float64Array;
  /** (frames, length + 1) How it came there. */
  readonly #came: Uint8Array;

  /**
   * @param scores (frames, frames) of each pair of frames, 1 on the diagonal, below 0 for those that are not
   * alike
   */
  constructor(scores: Float32Array, frames: number, length: number) {
    this.#scores = scores;
    this.#frames = frames;
    this.#length = length;
    this.#best = new Float64Array(3 * (length + 1));
    this.#came = new Uint8Array(frames * (length + 1));
  }

  /**
   * The harmonic mean of how alike the repeats are (score a cell) and how much of the piece they cover, both
   * without the segment's own trivial path; 0 where it has no other.
   */
  fitness(start: number): number {
    const score = this.#findPaths(start);
    const { cells, covered } = this.#followPaths();
    const alike = (score - this.#length) / cells;
    const coverage = (covered - this.#length) / this.#frames;
    return alike > 0 && coverage > 0 ? (2 * alike * coverage) / (alike + coverage) : 0;
  }

  /** Fills in how the best came to each cell, and returns what it scores. */
  #findPaths(start: number): number {
    const [scores, frames, length] = [this.#scores, this.#frames, this.#length];
    const [best, came] = [this.#best, this.#came];
    const width = length + 1;
    best.fill(Number.NEGATIVE_INFINITY);
    best[2 * width] = 0; // before the first frame
    for (let n = 0; n < frames; n++) {
      const row = (n % 3) * width;
      const above = ((n + 2) % 3) * width;
      const twoAbove = ((n + 1) % 3) * width;
      const cell = n * width;
      const score = n * frames + start - 1;
      const hasEnded = best[above + length] > best[above];
      best[row] = hasEnded ? best[above + length] : best[above];
      came[cell] = hasEnded ? ENDED : WAIT;
      best[row + 1] = best[row] + scores[score + 1];
      came[cell + 1] = BEGIN;
      let skipping = Number.NEGATIVE_INFINITY; // column 0 is no part of a path
      for (let m = 2; m <= length; m++) {
        const straight = best[above + m - 1];
        const slow = best[twoAbove + m - 1];
        let most = straight;
        let how = ONE_AND_ONE;
        if (slow > most) {
          most = slow;
          how = TWO_AND_ONE;
        }
        if (skipping > most) {
          most = skipping;
          how = ONE_AND_TWO;
        }
        best[row + m] = most + scores[score + m];
        came[cell + m] = how;
        skipping = straight;
      }
    }
    const last = ((frames - 1) % 3) * width;
    return Math.max(best[last], best[last + length]);
  }

  /**
   * Walks the best family backwards: the cells of its paths, and the frames of the piece that they go
   * through.
   */
  #followPaths(): { cells: number; covered: number } {
    const [frames, length, came] = [this.#frames, this.#length, this.#came];
    const width = length + 1;
    const last = ((frames - 1) % 3) * width;
    let n = frames - 1;
    let m = this.#best[last + length] > this.#best[last] ? length : 0;
    let [cells, covered] = [0, 0];
    while (n >= 0) {
      const how = came[n * width + m];
      if (m === 0) {
        m = how === ENDED ? length : 0;
        n--;
        continue;
      }
      cells++;
      covered += how === TWO_AND_ONE ? 2 : 1;
      if (how === BEGIN) {
        m = 0; // column 0 of the same frame: what was before the path
        continue;
      }
      n -= how === TWO_AND_ONE ? 2 : 1;
      m -= how === ONE_AND_TWO ? 2 : 1;
    }
    return { cells, covered };
  }
}
