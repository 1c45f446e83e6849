import { describe, expect, it } from 'vitest';
import { ALL_WISHES, KEY_NAMES, valuesOf, WISH_ROWS, wishesOf } from './wish-table.js';
import type { Wish } from './wishes.js';

describe('the table of wishes', () => {
  it('has a row for everything that can be wished', () => {
    const all: Record<Wish, true> = {
      variations: true,
      chords: true,
      temperature: true,
      temperatures: true,
      topP: true,
      minP: true,
      density: true,
      loudness: true,
      pitches: true,
      range: true,
      maxPolyphony: true,
      minStep: true,
      maxStep: true,
      minDuration: true,
      maxDuration: true,
      isEnding: true,
      style: true,
      styleStrength: true,
      isPlain: true,
    };
    expect([...ALL_WISHES].sort()).toEqual(Object.keys(all).sort());
    expect(new Set(WISH_ROWS.map(({ name }) => name)).size).toBe(WISH_ROWS.length);
  });

  it('wishes nothing special as it comes', () => {
    const usual = { temperature: 1, topP: 1, minP: 0.05, density: 1, loudness: 0 };
    expect(wishesOf(valuesOf({}))).toEqual(usual);
    expect(wishesOf({})).toEqual({});
  });

  it('finds in what was wished the values that it was made of', () => {
    const values = {
      ...valuesOf({}),
      temperature: 0.9,
      key: 'Eb major',
      style: 'chopin',
      styleStrength: 1.5,
      range: [40, 80] as const,
      timeTemperature: 0,
      velocityTemperature: 2,
      minP: 0,
      maxPolyphony: 4,
      maxDuration: 2,
      end: true,
      plain: true,
    };
    expect(valuesOf(wishesOf(values))).toEqual(values);
    expect(wishesOf(values).temperatures).toEqual({ time: 0, velocity: 2 });
    // A minor key has the pitches of a major one, and is found under that name.
    for (const key of KEY_NAMES) {
      const found = valuesOf(wishesOf({ key })).key;
      expect(wishesOf({ key: found })).toEqual(wishesOf({ key }));
    }
  });
});
