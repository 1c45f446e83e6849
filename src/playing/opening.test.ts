import { describe, expect, it } from 'vitest';
import { TUTORIAL_CONFIG } from '../kinds/tutorial/network.js';
import { noteName } from '../notes/note-name.js';
import { builtInOpening } from './opening.js';

describe('builtInOpening', () => {
  const opening = builtInOpening();
  const namesOfBar = (bar: number) =>
    [...opening.pitch.subarray(16 * bar, 16 * (bar + 1))].map((pitch) => noteName(pitch));

  it('fills the window of the tutorial model', () => {
    expect(opening.length).toBe(192);
    expect(opening.length).toBeGreaterThanOrEqual(TUTORIAL_CONFIG.windowLength);
  });

  it('begins as the prelude does, every bar a figure played twice', () => {
    const figure = ['C4', 'E4', 'G4', 'C5', 'E5', 'G4', 'C5', 'E5'];
    expect(namesOfBar(0)).toEqual([...figure, ...figure]);
    for (let bar = 0; bar < 12; bar++) {
      const names = namesOfBar(bar);
      expect(names.slice(8)).toEqual(names.slice(0, 8));
      expect(names.slice(5, 8)).toEqual(names.slice(2, 5));
    }
  });

  it('goes through the harmonies of its first twelve bars', () => {
    // The lowest note of each bar, and the notes of the two bars with black keys.
    const basses = Array.from({ length: 12 }, (_, bar) => namesOfBar(bar)[0]);
    expect(basses).toEqual(['C4', 'C4', 'B3', 'C4', 'C4', 'C4', 'B3', 'B3', 'A3', 'D3', 'G3', 'G3']);
    expect(new Set(namesOfBar(5))).toEqual(new Set(['C4', 'D4', 'F#4', 'A4', 'D5']));
    expect(new Set(namesOfBar(11))).toEqual(new Set(['G3', 'A#3', 'E4', 'G4', 'C#5']));
  });

  it('is made of notes that a piano has, in time, each after the other', () => {
    for (let i = 0; i < opening.length; i++) {
      expect(opening.pitch[i]).toBeGreaterThanOrEqual(21);
      expect(opening.pitch[i]).toBeLessThanOrEqual(108);
      expect(opening.velocity[i]).toBeGreaterThan(0);
      expect(opening.velocity[i]).toBeLessThan(128);
      expect(opening.start[i]).toBeCloseTo((i * 40) / 192, 9);
      expect(opening.end[i]).toBeGreaterThan(opening.start[i]);
    }
    expect(opening.end.reduce((a, b) => Math.max(a, b))).toBeCloseTo(40, 9);
  });

  it('is a fresh table each time', () => {
    builtInOpening().pitch.fill(0);
    expect(builtInOpening().pitch[0]).toBe(60);
  });
});
