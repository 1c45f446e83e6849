import { describe, expect, it } from 'vitest';
import { type GridRow, gridOfRows } from '../../../test/helpers/grids.js';
import { Random } from '../../random.js';
import { chromaFrames, selfSimilarity } from './chroma.js';
import { PathFamily, structurenessOf } from './structure.js';

/** A chord of three keys each second. */
function chords(seconds: readonly number[][]) {
  return gridOfRows(
    seconds.flatMap((keys, second) =>
      keys.toSorted((a, b) => a - b).map((key): GridRow => [key, 9, 100 * second, 100 * second + 100]),
    ),
  );
}

function randomChords(seed: number, seconds: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: seconds }, () => [0, 20, 40].map((low) => low + random.below(20)));
}

describe('chroma', () => {
  it('is the time that each class sounds, smoothed, of length 1', () => {
    // Key 3 is a C; the second note is an A that begins half-way through the fourth second.
    const chroma = chromaFrames(
      gridOfRows([
        [3, 9, 0, 100],
        [12, 9, 350, 360],
      ]),
      100,
    );
    expect(chroma).toHaveLength(4 * 12);
    expect([...chroma.subarray(0, 12)]).toEqual([1, ...new Array(11).fill(0)]);
    const [c, a] = [0.5 * 100, 1 * 10]; // the third second is two from the C and one from the A
    expect(chroma[2 * 12]).toBeCloseTo(c / Math.hypot(c, a), 12);
    expect(chroma[2 * 12 + 9]).toBeCloseTo(a / Math.hypot(c, a), 12);
    expect(chroma[3 * 12 + 9]).toBe(1);
  });

  it('is nothing in a silence, looks at no more than it is to, and hears notes without length', () => {
    const silence = chromaFrames(
      gridOfRows([
        [3, 9, 0, 10],
        [3, 9, 900, 900],
      ]),
      20,
    );
    expect(silence).toHaveLength(10 * 12);
    expect([...silence.subarray(5 * 12, 6 * 12)]).toEqual(new Array(12).fill(0));
    expect(silence[9 * 12]).toBe(1);
    expect(chromaFrames(chords(randomChords(1, 30)), 20)).toHaveLength(20 * 12);
    const similarity = selfSimilarity(silence);
    expect([similarity[0], similarity[9], similarity[90], similarity[5]]).toEqual([1, 1, 1, 0]);
  });
});

describe('PathFamily', () => {
  /** Scores of `frames` frames that are alike only where `alike` has them. */
  function scoresOf(frames: number, alike: readonly (readonly [number, number])[]): Float32Array {
    const scores = new Float32Array(frames * frames).fill(-2);
    for (let i = 0; i < frames; i++) scores[i * frames + i] = 1;
    for (const [i, j] of alike) [scores[i * frames + j], scores[j * frames + i]] = [1, 1];
    return scores;
  }

  it('gives a segment that never comes again no fitness', () => {
    expect(new PathFamily(scoresOf(12, []), 12, 4).fitness(0)).toBe(0);
  });

  it('is the harmonic mean of likeness and coverage', () => {
    // Frames 0 … 3 come again as 8 … 11: one repeat of 4 cells, 4 of 12 frames.
    const repeat = [0, 1, 2, 3].map((i) => [i, i + 8] as const);
    const [alike, coverage] = [4 / 8, 4 / 12];
    const expected = (2 * alike * coverage) / (alike + coverage);
    expect(new PathFamily(scoresOf(12, repeat), 12, 4).fitness(0)).toBeCloseTo(expected, 12);
    expect(new PathFamily(scoresOf(12, repeat), 12, 4).fitness(4)).toBe(0);
  });

  it('follows a repeat that is slower, by steps of two frames', () => {
    // The repeat of 0 … 3 takes 8, 10, 12, 14: 4 cells that cover 7 of 16 frames.
    const repeat = [0, 1, 2, 3].map((i) => [i, 8 + 2 * i] as const);
    const [alike, coverage] = [4 / 8, 7 / 16];
    const expected = (2 * alike * coverage) / (alike + coverage);
    expect(new PathFamily(scoresOf(16, repeat), 16, 4).fitness(0)).toBeCloseTo(expected, 12);
  });

  it('follows one that is faster, and several one after the other', () => {
    // Of 0 … 4 the even frames come again as 8 … 10, and all five as 11 … 15.
    const fast = [0, 2, 4].map((i) => [i, 8 + i / 2] as const);
    const even = [0, 1, 2, 3, 4].map((i) => [i, 11 + i] as const);
    const [alike, coverage] = [8 / 13, 8 / 16];
    const expected = (2 * alike * coverage) / (alike + coverage);
    expect(new PathFamily(scoresOf(16, [...fast, ...even]), 16, 5).fitness(0)).toBeCloseTo(expected, 12);
  });
});

describe('structurenessOf', () => {
  it('is higher where a part comes again than where none does', () => {
    const part = randomChords(1, 40);
    const again = structurenessOf(chords([...part, ...randomChords(2, 20), ...part]));
    const never = structurenessOf(chords([...part, ...randomChords(2, 20), ...randomChords(3, 40)]));
    expect(again.long).toBeGreaterThan(never.long + 0.2);
    expect(again.middle).toBeGreaterThan(never.middle);
    for (const value of Object.values(again)) expect(value).toBeLessThan(1);
  });

  it('of a piece of some seconds is 0: nothing fits in twice', () => {
    expect(structurenessOf(chords(randomChords(1, 5)))).toEqual({ short: 0, middle: 0, long: 0 });
    const { short, middle, long } = structurenessOf(chords(new Array(29).fill([0, 4, 7])));
    expect(short).toBeGreaterThan(0.5);
    expect(middle).toBeGreaterThan(0.4);
    expect(long).toBe(0);
  });

  it('of one chord held for ever is finite', () => {
    const { long } = structurenessOf(chords(new Array(60).fill([0, 4, 7])));
    expect(long).toBeGreaterThan(0.5);
    expect(long).toBeLessThanOrEqual(1);
  });
});
