import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelDensity, klDivergence, overlapArea, scottBandwidth, sharedGrid } from './density.js';

const SOME = Float64Array.of(1, 2, 2.5, 4, 7);
const samples = fc
  .array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 })
  .map((values) => Float64Array.from(values));

function densities(...sets: Float64Array[]) {
  const grid = sharedGrid(sets);
  return { grid, densities: sets.map((set) => kernelDensity(set, grid)) };
}

describe('kernelDensity', () => {
  it('integrates to 1, whatever the samples, and is nowhere below 0', () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const { grid, densities: found } = densities(one, other);
        for (const density of found) {
          expect(overlapArea(density, density, grid)).toBeCloseTo(1, 3);
          expect(Math.min(...density)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('is a single kernel around samples all alike, as wide as the grid can show', () => {
    const { grid, densities: found } = densities(Float64Array.of(3, 3, 3), Float64Array.of(1, 5));
    expect(scottBandwidth(Float64Array.of(3, 3, 3))).toBe(0);
    const peak = found[0].indexOf(Math.max(...found[0]));
    expect(grid.low + peak * grid.step).toBeCloseTo(3, 9);
    expect(found[0][peak]).toBeCloseTo(1 / (grid.step * Math.sqrt(2 * Math.PI)), 6);
  });

  it('of samples that doubles hardly tell apart integrates to 1 too', () => {
    for (const [one, other] of [
      [0, 5e-324],
      [1e6, 1e6 + 1e-10],
      [1e-9, 2e-9],
    ]) {
      const { grid, densities: found } = densities(Float64Array.of(one, other), Float64Array.of(one, one));
      for (const density of found) expect(overlapArea(density, density, grid)).toBeCloseTo(1, 3);
    }
  });

  it('has the bandwidth of Scott: sigma n^(-1/5)', () => {
    expect(scottBandwidth(Float64Array.of(0, 2))).toBeCloseTo(Math.SQRT2 * 2 ** -0.2, 12);
  });
});

describe('overlapArea', () => {
  it('is 1 of a density with itself, 0 of those far apart, and the same both ways', () => {
    const far = SOME.map((value) => value + 1000);
    const near = SOME.map((value) => value + 1);
    const { grid, densities: found } = densities(SOME, near, far);
    const [own, shifted, apart] = found;
    expect(overlapArea(own, own, grid)).toBeCloseTo(1, 3);
    expect(overlapArea(own, apart, grid)).toBeLessThan(1e-12);
    const area = overlapArea(own, shifted, grid);
    expect(area).toBeGreaterThan(0.5);
    expect(area).toBeLessThan(0.95);
    expect(overlapArea(shifted, own, grid)).toBe(area);
  });
});

describe('klDivergence', () => {
  it('is 0 of a density with itself, never below 0, and stays finite', () => {
    fc.assert(
      fc.property(samples, samples, (one, other) => {
        const { densities: found } = densities(one, other);
        expect(klDivergence(found[0], found[0])).toBe(0);
        const divergence = klDivergence(found[0], found[1]);
        expect(divergence).toBeGreaterThanOrEqual(-1e-12);
        expect(divergence).toBeLessThan(-Math.log(1e-10));
      }),
    );
  });

  it('has a direction: what p has and q lacks is dear', () => {
    const wide = Float64Array.from({ length: 50 }, (_, i) => i);
    const narrow = Float64Array.from({ length: 50 }, (_, i) => 20 + i / 10);
    const { densities: found } = densities(wide, narrow);
    expect(klDivergence(found[0], found[1])).toBeGreaterThan(2 * klDivergence(found[1], found[0]));
  });

  it('of two lists by hand, in nats', () => {
    const [p, q] = [Float64Array.of(1, 3), Float64Array.of(2, 2)];
    expect(klDivergence(p, q)).toBeCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 8);
  });
});
