import { expect, it } from 'vitest';
import { curveOf } from './curve.js';

it('draws few points as they are', () => {
  const points = [{ x: 1, y: 2 }, { x: 2, y: Number.NaN }]; // biome-ignore format: short
  expect(curveOf(points)).toEqual({ line: points, range: [], isSampled: false });
});

it('draws many points by their means and ranges', () => {
  // Two points a stretch, 1 and 3; the first 20 stretches are not finite.
  const points = Array.from({ length: 3200 }, (_, i) => ({
    x: i,
    y: i < 400 ? Number.NaN : 1 + 2 * (i % 2),
  }));
  const { line, range, isSampled } = curveOf(points);
  expect(isSampled).toBe(true);
  expect(line).toHaveLength(160);
  expect(range).toHaveLength(140);
  expect(line.slice(0, 20).every(({ y }) => Number.isNaN(y))).toBe(true);
  for (const { y } of line.slice(20)) expect(y).toBeCloseTo(2, 0);
  for (const { low, high } of range) expect([low, high]).toEqual([1, 3]);
  expect(line.at(-1)!.x).toBe(3199);
  expect(line.every(({ x }, i) => i === 0 || x > line[i - 1].x)).toBe(true);
});

it('survives many points at one place', () => {
  const points = Array.from({ length: 1000 }, (_, i) => ({ x: 1, y: i }));
  expect(curveOf(points).line).toEqual([{ x: 1, y: 499.5 }]);
});
