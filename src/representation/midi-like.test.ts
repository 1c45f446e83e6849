import { expect, test } from 'vitest';
import { gridOfRows, rowsOfGrid } from '../../test/helpers/grids.js';
import { MIDI_LIKE } from './midi-like.js';

const decode = (...tokens: number[]) =>
  rowsOfGrid(MIDI_LIKE.decode({ length: tokens.length, columns: [Int32Array.from(tokens)] }));

test('tokens are those of PerformanceRNN', () => {
  const { length, columns } = MIDI_LIKE.encode(
    gridOfRows([
      [39, 16, 0, 1],
      [43, 16, 0, 100],
      [43, 0, 100, 301],
      [39, 31, 502, 502],
    ]),
  );
  const [strike, release, shift, velocity] = [0, 128, 255, 356];
  const tokens = [
    ...[velocity + 16, strike + 60, strike + 64],
    ...[shift + 1, release + 60],
    ...[shift + 99, release + 64, velocity + 0, strike + 64],
    ...[shift + 100, shift + 100, shift + 1, release + 64],
    ...[shift + 100, shift + 100, shift + 1, velocity + 31, strike + 60, release + 60],
  ];
  expect([...columns[0]]).toEqual(tokens);
  expect(length).toBe(tokens.length);
  expect(MIDI_LIKE.attributes.map(({ size }) => size)).toEqual([388]);
});

test('any tokens are some notes', () => {
  expect(decode()).toEqual([]);
  expect(decode(355, 128, 387)).toEqual([]);
  // A strike before any velocity; pitches 0, 12 and 24 are one key; the last is never released.
  expect(decode(300, 0, 355, 356, 24, 255, 259, 128 + 12, 355, 127)).toEqual([
    [3, 16, 0, 100],
    [3, 0, 100, 104],
    [82, 0, 204, 204],
  ]);
});
