import { describe, expect, it } from 'vitest';
import { notesOf } from '../../test/helpers/sound.js';
import { strikesOf } from './strikes.js';

/** `[frame, pitch, velocity]` of each at 1000 samples a second. */
function strikes(...rows: [number, number, number, number][]): number[][] {
  const { length, frame, pitch, velocity } = strikesOf(notesOf(...rows), 1000);
  return Array.from({ length }, (_, i) => [frame[i], pitch[i], velocity[i]]);
}

describe('strikesOf', () => {
  it('puts strikes and releases in order, releases first', () => {
    expect(strikes([60, 80, 0, 0.5], [64, 70, 0.5, 1])).toEqual([
      [0, 60, 80],
      [500, 60, 0],
      [500, 64, 70],
      [1000, 64, 0],
    ]);
  });

  it('takes notes in any order', () => {
    expect(strikes([64, 70, 0.5, 1], [60, 80, 0, 0.2])[0]).toEqual([0, 60, 80]);
  });

  it('ends a note where its key is struck again, and not the later one with it', () => {
    expect(strikes([60, 80, 0, 2], [60, 90, 1, 3])).toEqual([
      [0, 60, 80],
      [1000, 60, 0],
      [1000, 60, 90],
      [3000, 60, 0],
    ]);
  });

  it('plays one key once where two hands strike it together', () => {
    const once = [
      [0, 60, 90],
      [2000, 60, 0],
    ];
    expect(strikes([60, 80, 0, 2], [60, 90, 0, 1])).toEqual(once);
    expect(strikes([60, 90, 0, 1], [60, 80, 0.0001, 2])).toEqual(once);
  });

  it('leaves every note a sample at least', () => {
    expect(strikes([60, 80, 1, 1.0001])).toEqual([
      [1000, 60, 80],
      [1001, 60, 0],
    ]);
  });
});
