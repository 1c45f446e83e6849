import { describe, expect, it } from 'vitest';
import { clashOf, DEFAULT_SETTINGS, KEY_NAMES, optionsOf } from './settings.js';

describe('settings', () => {
  it('ask for nothing special as they come', () => {
    expect(optionsOf(DEFAULT_SETTINGS)).toEqual({
      variations: 3,
      temperature: 1,
      temperatures: {},
      topP: 1,
      density: 1,
      loudness: 0,
    });
    expect(clashOf(DEFAULT_SETTINGS)).toBeUndefined();
  });

  it('know only keys that there are', () => {
    expect(KEY_NAMES.length).toBe(24);
    for (const key of KEY_NAMES)
      expect(optionsOf({ ...DEFAULT_SETTINGS, key }).pitches?.length).toBeGreaterThan(45);
  });

  it('say which two clash', () => {
    expect(clashOf({ ...DEFAULT_SETTINGS, minStep: 1, maxStep: 0.5 })).toMatch(/minimum step.*maximum step/);
    expect(clashOf({ ...DEFAULT_SETTINGS, lowest: 61, highest: 61, key: 'C major' })).toMatch(
      /range 61 … 61 and the allowed pitches/,
    );
    expect(clashOf({ ...DEFAULT_SETTINGS, lowest: 70, highest: 60 })).toMatch(/range ends/);
  });
});
