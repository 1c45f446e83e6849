import { expect, it } from 'vitest';
import type { Take } from '../state/session.js';
import { pathOf } from './thumbnail.js';

const take = { cut: 4, recipe: { isPlayed: true } } as Take;

it('draws a stroke a note', () => {
  const events = [
    { time: 4, pitch: 60, velocity: 80 },
    { time: 5, pitch: 60, velocity: 0 },
  ];
  expect(pathOf(take, { events, knownTo: 6, state: 'made' })).toBe('M0.0 16.0h56.0');
});

it('draws a phrase of which nothing but the first strike is known', () => {
  const events = [{ time: 4, pitch: 60, velocity: 80 }];
  expect(pathOf(take, { events, knownTo: 4, state: 'making' })).toMatch(/^M0\.0 16\.0h[\d.]+$/);
});
