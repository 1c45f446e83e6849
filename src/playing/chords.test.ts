import { describe, expect, test } from 'vitest';
import { KEYS, LOWEST_PITCH } from '../notes/grid.js';
import { chordSpans, chordsNamed, type Harmony, harmonyOf } from './chords.js';

describe('chords by name', () => {
  test.each<[string, number[]]>([
    ['C', [0, 4, 7]],
    ['Am', [9, 0, 4]],
    ['F#m7', [6, 9, 1, 4]],
    ['Bbmaj7', [10, 2, 5, 9]],
    ['E♭', [3, 7, 10]],
    ['G7sus4', [7, 0, 2, 5]],
    ['Bø', [11, 2, 5, 9]],
    ['C/E', [4, 0, 7]],
    ['D/C', [0, 2, 6, 9]],
    ['Caug', [0, 4, 8]],
    ['A-', [9, 0, 4]],
  ])('%s', (name, classes) => {
    expect(chordsNamed(name)[0].pitchClasses).toEqual(classes);
  });

  test('have lengths, and stand in lines with bars', () => {
    expect(chordsNamed('Dm7:0.5 G7:0.5 | C:2,Am').map(({ name, bars }) => [name, bars])).toEqual([
      ['Dm7', 0.5],
      ['G7', 0.5],
      ['C', 2],
      ['Am', 1],
    ]);
  });

  test.each(['H', 'Cfoo', 'C:0', 'C/H', 'c'])('%s is refused by name', (name) => {
    expect(() => chordsNamed(`C ${name}`)).toThrow(`no such chord: ${name}`);
  });

  test('none at all are refused', () => {
    expect(() => chordsNamed(' | ')).toThrow('there are no chords');
  });
});

test('in time they come again and again', () => {
  const spans = chordSpans(chordsNamed('C G:0.5'), (bar) => 10 + 2 * bar, 16.5);
  expect(spans.map(({ from, to, pitchClasses: [root] }) => [from, to, root])).toEqual([
    [10, 12, 0],
    [12, 13, 7],
    [13, 15, 0],
    [15, 16, 7],
    [16, 18, 0],
  ]);
});

describe('a harmony', () => {
  const harmony = harmonyOf(
    chordSpans(chordsNamed('C G'), (bar) => bar, 2),
    (seconds) => 100 * seconds,
  ) as Harmony;
  const key = (pitch: number) => pitch - LOWEST_PITCH;

  test('makes what is foreign unlikely, and leaves what has no chord', () => {
    const weights = new Float32Array(2 * KEYS).fill(1);
    harmony.weigh(50, weights);
    expect([60, 64, 67, 72].map((pitch) => weights[key(pitch)])).toEqual([1, 1, 1, 1]);
    expect(weights[key(62)]).toBeLessThan(0.05);
    expect(weights[KEYS + key(62)]).toBe(1);
    harmony.weigh(250, weights);
    expect(weights[key(60)]).toBe(1);
  });

  test('has foreign keys released, where there are any', () => {
    const allowed = new Float32Array(2 * KEYS).fill(1, 0, KEYS);
    allowed[KEYS + key(60)] = 1;
    const before = allowed.slice();
    harmony.release(50, allowed);
    expect(allowed).toEqual(before);
    harmony.release(150, allowed);
    expect(allowed.reduce((sum, weight) => sum + weight, 0)).toBe(1);
    expect(allowed[KEYS + key(60)]).toBe(1);
  });

  test('says when a key will be foreign', () => {
    expect(harmony.change(20, [key(60)])).toBe(100);
    expect(harmony.change(20, [key(67)])).toBe(Number.POSITIVE_INFINITY);
    expect(harmony.change(100, [key(60)])).toBe(Number.POSITIVE_INFINITY);
  });

  test('is nothing without chords', () => {
    expect(harmonyOf(undefined, (x) => x)).toBeUndefined();
    expect(harmonyOf([], (x) => x)).toBeUndefined();
  });
});
