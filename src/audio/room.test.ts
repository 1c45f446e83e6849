import { describe, expect, it } from 'vitest';
import { levelDb, type Sound } from '../../test/helpers/sound.js';
import { Room } from './room.js';

const RATE = 22_050;

/** What the room makes of a click, without the click, in blocks of this length. */
function echoesOf(blockLength: number, level = 0.5): Sound {
  const [left, right] = [new Float32Array(3 * RATE), new Float32Array(3 * RATE)];
  left[0] = right[0] = 1;
  const room = new Room(RATE, level);
  for (let from = 0; from < left.length; from += blockLength) {
    room.process(left.subarray(from, from + blockLength), right.subarray(from, from + blockLength));
  }
  left[0] = right[0] = 0;
  return { left, right, sampleRateHz: RATE };
}

describe('Room', () => {
  it('answers a click after a moment, densely, and fades away evenly', () => {
    const echoes = echoesOf(3 * RATE);
    expect(echoes.left.subarray(0, 0.02 * RATE).every((sample) => sample === 0)).toBe(true);
    const levels = [0.1, 0.4, 0.7, 1, 1.3, 1.6].map((from) => levelDb(echoes, from, from + 0.3));
    for (let i = 1; i < levels.length; i++) {
      expect(levels[i - 1] - levels[i]).toBeGreaterThan(5);
      expect(levels[i - 1] - levels[i]).toBeLessThan(20);
    }
    const late = echoes.left.subarray(0.2 * RATE, 0.5 * RATE);
    expect(late.filter((sample) => sample !== 0).length / late.length).toBeGreaterThan(0.99);
  });

  it('sounds different left and right, and equally loud', () => {
    const { left, right } = echoesOf(3 * RATE);
    const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);
    const both = Math.sqrt(product(left, left) * product(right, right));
    expect(Math.abs(product(left, right)) / both).toBeLessThan(0.8);
    expect(product(left, left) / product(right, right)).toBeGreaterThan(0.7);
    expect(product(left, left) / product(right, right)).toBeLessThan(1.4);
  });

  it('is the same in blocks of any length, and as loud as its level says', () => {
    const whole = echoesOf(3 * RATE);
    for (const length of [1, 777]) {
      expect(echoesOf(length).left.every((sample, i) => sample === whole.left[i])).toBe(true);
    }
    expect(levelDb(whole, 0, 1) - levelDb(echoesOf(3 * RATE, 0.05), 0, 1)).toBeCloseTo(20, 1);
  });
});
