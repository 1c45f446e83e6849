import { describe, expect, it } from 'vitest';
import { KEYS } from '../notes/grid.js';
import { Repeats } from './repeats.js';

const KEY = 40;

function weightAfter(repeats: Repeats): number {
  const weights = new Float32Array(2 * KEYS).fill(1);
  repeats.restrain(weights);
  expect(weights.filter((weight, symbol) => symbol !== KEY && weight !== 1)).toEqual(new Float32Array(0));
  return weights[KEY];
}

/** Strikes and releases a key so many times. */
function strike(repeats: Repeats, times: number): void {
  for (let n = 0; n < times; n++) {
    repeats.push(KEY);
    repeats.push(KEY + KEYS);
  }
}

describe('a key struck again and again', () => {
  it('becomes a quarter as likely with each strike from the sixth on', () => {
    const repeats = new Repeats();
    const weights: number[] = [];
    for (let n = 0; n < 9; n++) {
      weights.push(weightAfter(repeats));
      strike(repeats, 1);
    }
    expect(weights).toEqual([1, 1, 1, 1, 1, 1, 1 / 4, 1 / 16, 1 / 64]);
  });

  it('is as likely as ever after another', () => {
    const repeats = new Repeats();
    strike(repeats, 20);
    repeats.push(KEY + 1);
    expect(weightAfter(repeats)).toBe(1);
    strike(repeats, 1);
    expect(weightAfter(repeats)).toBe(1);
  });

  it('goes on where the music before did so', () => {
    const repeats = new Repeats();
    strike(repeats, 15);
    repeats.push(KEY + 1);
    repeats.takeForUsual();
    strike(repeats, 14);
    expect(weightAfter(repeats)).toBe(1);
    strike(repeats, 1);
    expect(weightAfter(repeats)).toBe(1 / 4);
  });

  it('cannot underflow', () => {
    const repeats = new Repeats();
    strike(repeats, 300);
    expect(weightAfter(repeats)).toBeGreaterThan(0);
  });
});
