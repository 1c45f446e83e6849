import { expect, test } from 'vitest';
import { beatAt, freeSideOf } from '../../../src/index.js';
import { PHRASES, phraseNamed } from './phrases.js';

test.each(PHRASES)('%s is whole bars of both hands on its beats', (name) => {
  const { notes, beats, about, title } = phraseNamed(name);
  expect(title.length).toBeGreaterThan(0);
  expect(about).toMatch(/^\d\/\d, .+ (major|minor), ♩ = \d+$/);
  expect(notes.length).toBeGreaterThan(40);
  const perBar = Math.max(...beats.place) + 1;
  const ends = [0, 1].map((hand) => {
    const own = Array.from(notes.velocity.keys()).filter((n) => notes.velocity[n] >= 70 === (hand === 0));
    return Math.max(...own.map((n) => beatAt(beats, notes.end[n])));
  });
  // Both hands end within the last bar.
  const bars = Math.ceil(Math.max(...ends) / perBar - 0.01);
  expect(bars % 4).toBe(0);
  for (const end of ends) expect(end).toBeGreaterThan((bars - 1) * perBar);
  for (const [n, start] of notes.start.entries()) {
    const parts = beatAt(beats, start) * 12;
    expect(Math.abs(parts - Math.round(parts))).toBeLessThan(0.05);
    expect(notes.end[n]).toBeGreaterThan(start);
  }
  expect(freeSideOf(notes)).toHaveLength(2);
});

test('they are of several metres and keys', () => {
  const all = PHRASES.map((name) => phraseNamed(name).about.split(', '));
  expect(new Set(all.map(([metre]) => metre)).size).toBeGreaterThanOrEqual(4);
  expect(new Set(all.map(([, key]) => key)).size).toBeGreaterThanOrEqual(6);
});
