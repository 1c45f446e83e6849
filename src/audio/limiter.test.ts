import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { Limiter } from './limiter.js';

const RATE = 8000;

/** What comes out for what goes in, on both sides alike, moved back by the delay. */
function limit(input: Float32Array, ceiling: number, blockLength = input.length): Float32Array {
  const limiter = new Limiter(RATE, ceiling);
  const padded = new Float32Array(input.length + limiter.delay);
  padded.set(input);
  for (let from = 0; from < padded.length; from += blockLength) {
    const block = padded.subarray(from, from + blockLength);
    limiter.process(block, block.slice());
  }
  return padded.subarray(limiter.delay);
}

/** A tone with bursts far above the ceiling, and clicks of one sample. */
function bursts(): Float32Array {
  const random = new Random(5);
  return Float32Array.from({ length: 6 * RATE }, (_, i) => {
    const loud = i % 3000 < 400 ? 3 : 0.3;
    const click = random.next() < 0.001 ? 8 : 1;
    return loud * click * Math.sin(i / 7);
  });
}

describe('Limiter', () => {
  it('lets pass what is below the ceiling, to the last bit', () => {
    const input = Float32Array.from({ length: 5000 }, (_, i) => 0.9 * Math.sin(i / 5));
    expect(limit(input, 0.91)).toEqual(input);
  });

  it('never lets anything above the ceiling', () => {
    const output = limit(bursts(), 0.8);
    expect(output.reduce((most, x) => Math.max(most, Math.abs(x)), 0)).toBeLessThanOrEqual(0.8 * (1 + 1e-6));
  });

  it('turns down no further than it takes, glides, and comes back to unchanged', () => {
    const input = new Float32Array(4 * RATE).fill(0.5);
    input[1000] = 2;
    const output = limit(input, 1);
    expect(output[1000]).toBeCloseTo(1, 5);
    const steps = output.map((x, i) => (i > 0 && Math.abs(i - 1000) > 1 ? Math.abs(x - output[i - 1]) : 0));
    expect(steps.reduce((most, x) => Math.max(most, x), 0)).toBeLessThan(0.02);
    expect(output[900]).toBe(0.5);
    expect(output[1100]).toBeLessThan(0.3);
    expect(output[output.length - 1]).toBe(0.5);
  });

  it('is the same in blocks of any length', () => {
    const input = bursts();
    const whole = limit(input, 0.8);
    for (const length of [1, 33, 1000]) expect(limit(input, 0.8, length)).toEqual(whole);
  });

  it('gives both sides the gain that the louder one needs, and tells the least', () => {
    const limiter = new Limiter(RATE, 1);
    const [left, right] = [new Float32Array(200).fill(4), new Float32Array(200).fill(0.4)];
    limiter.process(left, right);
    expect(left[199]).toBeCloseTo(1, 6);
    expect(right[199]).toBeCloseTo(0.1, 6);
    expect(limiter.leastGain).toBeCloseTo(0.25, 6);
  });
});
