import { expect, test } from 'vitest';
import { tableOf } from '../../test/helpers/note-rows.js';
import { freeSideOf } from './free-side.js';

const tune = (...pitches: number[]) => tableOf(pitches.map((pitch, i) => [pitch, i, i + 1] as const));

test('below a tune there is room, or above one that is low', () => {
  expect(freeSideOf(tune(67, 69, 71, 72))).toEqual([21, 66]);
  expect(freeSideOf(tune(40, 43, 45, 47))).toEqual([48, 108]);
});

test('a note that strays counts for nothing', () => {
  const many = Array.from({ length: 20 }, (_, i) => 70 + (i % 5));
  expect(freeSideOf(tune(...many, 40))).toEqual([21, 69]);
});

test('where there is no room, and no tune, the piano is free', () => {
  expect(freeSideOf(tune(105, 30, 31, 100, 99))).toEqual([21, 108]);
  expect(freeSideOf(tune())).toEqual([21, 108]);
});
