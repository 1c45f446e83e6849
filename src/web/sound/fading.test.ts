import { describe, expect, it } from 'vitest';
import { fadedVelocity } from './fading.js';

describe('a string that fades', () => {
  it('is as loud as it was struck at first, and high strings fade sooner', () => {
    expect(fadedVelocity(80, 60, 0)).toBe(80);
    expect(fadedVelocity(80, 40, 2)).toBeGreaterThan(fadedVelocity(80, 80, 2));
    expect(fadedVelocity(80, 100, 10)).toBe(0);
  });
});
