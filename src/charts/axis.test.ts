import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittingAxis, formatNumber, linearAxis } from './axis.js';

const labels = (axis: { ticks: readonly { label: string }[] }) => axis.ticks.map(({ label }) => label);

describe('fittingAxis', () => {
  it.each([
    [0.35, 1.4, 'linear', ['0.0', '0.5', '1.0', '1.5']],
    [3.7, 4.6, 'linear', ['3.6', '3.8', '4.0', '4.2', '4.4', '4.6', '4.8']],
    [-7, -3, 'linear', ['−8', '−7', '−6', '−5', '−4', '−3', '−2']],
    [
      12345678,
      12395678,
      'linear',
      ['1.234e7', '1.235e7', '1.236e7', '1.237e7', '1.238e7', '1.239e7', '1.240e7'],
    ],
    [0.03, 0.5, 'log', ['0.05', '0.1', '0.2', '0.5']],
    [0.13, 0.7, 'log', ['0.15', '0.2', '0.3', '0.4', '0.6']],
    [1e-7, 1, 'log', ['1e-6', '0.0001', '0.01', '1']],
  ])('shows %d to %d on a %s scale', (min, max, scale, expected) => {
    const axis = fittingAxis(min, max, 5);
    expect(axis.scale).toBe(scale);
    expect(labels(axis)).toEqual(expected);
  });

  it('places every value between its ends, and has ticks, whatever the values', () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const axis = fittingAxis(min, max, 5);
        if (max < 1e300 && min > -1e300) {
          expect(axis.place(min)).toBeGreaterThanOrEqual(-1e-9);
          expect(axis.place(max)).toBeLessThanOrEqual(1 + 1e-9);
          expect(axis.place(min)).toBeLessThanOrEqual(axis.place(max));
        }
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
        expect(axis.ticks.length).toBeLessThanOrEqual(12);
        expect(labels(axis).join()).not.toMatch(/NaN|Infinity/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('linearAxis', () => {
  it('has its ends where they were asked for', () => {
    const axis = linearAxis(0, 24, 8, true);
    expect([axis.place(0), axis.place(6), axis.place(24)]).toEqual([0, 0.25, 1]);
    expect(labels(axis)).toEqual(['0', '5', '10', '15', '20']);
  });

  it('puts ticks on whole epochs where there are two', () => {
    expect(labels(linearAxis(0, 3, 8, true))).toEqual(['0', '1', '2', '3']);
    expect(labels(linearAxis(0, 1, 4, true))).toEqual(['0.0', '0.5', '1.0']);
  });
});

it('formats numbers briefly', () => {
  expect([0.15691, 4.8559, -0.5, 12345.6, 0, 1e-7, 2.5e9].map(formatNumber)).toEqual(
    ['0.1569', '4.856', '−0.5000', '12346', '0.000', '1.000e-7', '2.500e9'], // biome-ignore format: one each
  );
});
