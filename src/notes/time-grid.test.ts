import { describe, expect, test } from 'vitest';
import { barLineBefore, keySignatureNamed, metreNamed, nameOfKey } from './time-grid.js';

describe('metreNamed', () => {
  test.each([
    ['3/4', 3, 4],
    [' 6 / 8 ', 6, 8],
    ['255/64', 255, 64],
    ['4/1', 4, 1],
  ] as const)('%s', (text, numerator, denominator) =>
    expect(metreNamed(text)).toEqual({ numerator, denominator }),
  );
  test.each(['0/4', '3/0', '3/5', '256/4', '3', '-3/4', '3/128', ''])('refuses %s', (text) => {
    expect(() => metreNamed(text)).toThrow(`no such metre: ${text}; write it like 3/4`);
  });
});

describe('keySignatureNamed', () => {
  test.each([
    ['C', 0, false],
    ['a minor', 0, true],
    ['Eb', -3, false],
    ['Eb major', -3, false],
    ['c minor', -3, true],
    ['Cm', -3, true],
    ['F#', 6, false],
    ['Gb', -6, false],
    ['C#', 7, false],
    ['Ab minor', -7, true],
    ['A# minor', 7, true],
  ] as const)('%s', (text, sharps, minor) => {
    expect(keySignatureNamed(text)).toEqual({ sharps, minor });
    expect(keySignatureNamed(nameOfKey({ sharps, minor }))).toEqual({ sharps, minor });
  });
  test.each(['H', 'G# major', 'Fb', 'C dorian', ''])('refuses %s', (text) => {
    expect(() => keySignatureNamed(text)).toThrow(`no such key signature: ${text}; write it like "Eb"`);
  });
});

test('bar lines are counted from the last change of metre', () => {
  const metres = [
    { tick: 0, numerator: 3, denominator: 4 },
    { tick: 2880, numerator: 6, denominator: 8 },
    { tick: 3000, numerator: 4, denominator: 4 },
  ];
  const grid = { ticksPerBeat: 480, tempos: [], keys: [], metres };
  const lines = [0, 1439, 1440, 2879, 2880, 2999, 3000, 4919, 4920].map((tick) => barLineBefore(grid, tick));
  expect(lines).toEqual([0, 0, 1440, 1440, 2880, 2880, 3000, 3000, 4920]);
  expect(barLineBefore({ ...grid, metres: [] }, 1919)).toBe(0);
  expect(barLineBefore({ ...grid, metres: [] }, 1920)).toBe(1920);
});
