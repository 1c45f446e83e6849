import { describe, expect, test } from 'vitest';
import { tableOf } from '../../test/helpers/note-rows.js';
import { handsOf, LEFT, RIGHT } from './hands.js';
import { middlesOf } from './middle.js';

type Note = readonly [pitch: number, start: number, seconds?: number];

const hands = (notes: readonly Note[]) =>
  [
    ...handsOf(
      tableOf(notes.map(([pitch, start, seconds = 0.2]) => [pitch, start, start + seconds] as const)),
    ),
  ]
    .map((hand) => (hand === LEFT ? 'L' : hand === RIGHT ? 'R' : '?'))
    .join('');

/** Melody and accompaniment in turns: the accompaniment on every beat, the melody on it and between. */
function twoVoices(high: readonly number[], low: readonly number[]): Note[] {
  const voices = [
    ...low.map((pitch, n): Note => [pitch, n / 2, 0.45]),
    ...high.map((pitch, n): Note => [pitch, n / 4, 0.2]),
  ];
  return voices.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}
const expected = (notes: readonly Note[], isHigh: (pitch: number) => boolean) =>
  notes.map(([pitch]) => (isHigh(pitch) ? 'R' : 'L')).join('');

describe('hands', () => {
  test('melody above, accompaniment below', () => {
    const notes = twoVoices([72, 74, 76, 77, 79, 77, 76, 74], [48, 52, 55, 52]);
    expect(hands(notes)).toBe(expected(notes, (pitch) => pitch >= 72));
  });

  test('both above middle C, and both below', () => {
    const high = twoVoices([84, 86, 88, 89, 91, 89, 88, 86], [64, 67, 72, 67]);
    expect(hands(high)).toBe(expected(high, (pitch) => pitch >= 84));
    const low = twoVoices([52, 53, 55, 57, 59, 57, 55, 53], [36, 38, 40, 38]);
    expect(hands(low)).toBe(expected(low, (pitch) => pitch >= 52));
  });

  test('a stride goes from the bass to a chord and back in one hand', () => {
    const notes: Note[] = [];
    for (let beat = 0; beat < 8; beat++) {
      if (beat % 2 === 0) notes.push([36, beat / 2, 0.4]);
      else for (const pitch of [52, 55, 60]) notes.push([pitch, beat / 2, 0.4]);
      notes.push([76 + (beat % 3), beat / 2, 0.4]);
    }
    expect(hands(notes)).toBe(expected(notes, (pitch) => pitch >= 76));
  });

  test('no hand takes a chord that it cannot span or has no fingers for', () => {
    expect(hands([40, 47, 52, 64, 67, 72].map((pitch): Note => [pitch, 0]))).toBe('LLLRRR');
    const cluster = [60, 61, 62, 63, 64, 65, 66, 67].map((pitch): Note => [pitch, 0]);
    const taken = hands(cluster);
    expect([taken.lastIndexOf('L') + 1 <= 5, 8 - taken.indexOf('R') <= 5]).toEqual([true, true]);
  });

  test('a rolled chord is one', () => {
    const rolled = [36, 43, 48, 64, 67, 72].map((pitch, n): Note => [pitch, n * 0.005, 1]);
    expect(hands(rolled)).toBe('LLLRRR');
  });

  test('nothing, one note, one key again and again', () => {
    expect(hands([])).toBe('');
    expect(hands([[60, 0]])).toHaveLength(1);
    expect(new Set(hands(Array.from({ length: 50 }, (_, n): Note => [60, n / 10]))).size).toBe(1);
  });

  test('thousands of strikes at one time are no endless chord', () => {
    expect(hands(Array.from({ length: 3000 }, (_, n): Note => [21 + (n % 88), 0]))).toHaveLength(3000);
  });
});

test('the middle lies between two groups of pitches, and goes with them', () => {
  const rows = [
    ...[40, 70, 42, 72].map((pitch, n) => [pitch, n, n + 1] as const),
    ...[60, 90, 62, 92].map((pitch, n) => [pitch, 60 + n, 61 + n] as const),
  ];
  expect([...middlesOf(tableOf(rows))]).toEqual([56, 56, 56, 56, 76, 76, 76, 76]);
});
