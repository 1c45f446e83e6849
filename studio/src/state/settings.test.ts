import { describe, expect, it } from 'vitest';
import { KEY_NAMES } from '../../../src/index.js';
import { clashOf, DEFAULT_SETTINGS, optionsOf, type Settings, settingsOf } from './settings.js';

describe('settings', () => {
  it('ask for nothing special as they come', () => {
    expect(optionsOf(DEFAULT_SETTINGS)).toEqual({
      variations: 3,
      temperature: 1,
      topP: 1,
      minP: 0.05,
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

  it('are found again in what was asked', () => {
    const asked: Settings = {
      ...DEFAULT_SETTINGS,
      seconds: 35,
      variations: 2,
      temperature: 0.9,
      density: 1.4,
      loudness: -12,
      key: 'Eb major',
      range: [40, 80],
      timeTemperature: 0,
      topP: 0.9,
      minP: 0,
      maxPolyphony: 4,
      minStep: 0.1,
      maxDuration: 2,
      seed: 7,
      chords: 'C Am',
    };
    const recipe = { model: { id: 'm', name: 'm' }, variation: 0, seconds: 35, chords: 'C Am' };
    expect(settingsOf({ ...recipe, options: { ...optionsOf(asked), seed: 7 } })).toEqual(asked);
    const usual = { ...recipe, seconds: 20, chords: undefined, options: optionsOf(DEFAULT_SETTINGS) };
    expect(settingsOf(usual)).toEqual(DEFAULT_SETTINGS);
  });

  it('say which two clash', () => {
    expect(clashOf({ ...DEFAULT_SETTINGS, minStep: 1, maxStep: 0.5 })).toMatch(/minimum step.*maximum step/);
    expect(clashOf({ ...DEFAULT_SETTINGS, chords: 'C H' })).toMatch(/no such chord: H/);
    expect(clashOf({ ...DEFAULT_SETTINGS, range: [61, 61], key: 'C major' })).toMatch(
      /range 61 … 61 and the allowed pitches/,
    );
    expect(clashOf({ ...DEFAULT_SETTINGS, range: [70, 60] })).toMatch(/range ends/);
  });
});
