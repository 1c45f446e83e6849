import { describe, expect, it } from 'vitest';
import { KEY_NAMES, valuesOf, WISH_ROWS, wishesOf } from './wish-table.js';
import { ALL_WISHES } from './wishes.js';

describe('the table of wishes', () => {
  it('has a row for everything that can be wished', () => {
    const rows = new Set([...WISH_ROWS.map(({ wish }) => wish), 'variations']);
    expect([...rows].sort()).toEqual([...ALL_WISHES].sort());
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
      range: [40, 80] as const,
      timeTemperature: 0,
      velocityTemperature: 2,
      minP: 0,
      maxPolyphony: 4,
      maxDuration: 2,
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
