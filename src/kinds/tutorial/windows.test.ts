import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowsOf } from './windows.js';

describe('windowsOf', () => {
  it('lists the windows of each piece and skips pieces that are too short', () => {
    const windows = windowsOf([5, 3, 0, 4], 3);
    expect(windows.count).toBe(3);
    expect([...windows.piece]).toEqual([0, 0, 3]);
    expect([...windows.first]).toEqual([0, 1, 0]);
  });

  it('leaves out windows between strides, counting from each piece anew', () => {
    const windows = windowsOf([10, 6], 3, 3);
    expect([...windows.piece]).toEqual([0, 0, 0, 1]);
    expect([...windows.first]).toEqual([0, 3, 6, 0]);
  });

  it('agrees with trying every position: all windows whose label is in the piece, and no other', () => {
    const lengths = fc.array(fc.nat(40), { maxLength: 6 });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        (ns, length, stride) => {
          const expected: [number, number][] = [];
          ns.forEach((n, p) => {
            for (let first = 0; first + length < n; first += stride) expected.push([p, first]);
          });
          const { count, piece, first } = windowsOf(ns, length, stride);
          expect(count).toBe(expected.length);
          expect(expected.map((_, w) => [piece[w], first[w]])).toEqual(expected);
        },
      ),
    );
  });

  it('refuses lengths and strides that are no positive whole number', () => {
    for (const bad of [0, -1, 1.5, Number.NaN]) {
      expect(() => windowsOf([10], bad)).toThrow(RangeError);
      expect(() => windowsOf([10], 3, bad)).toThrow(RangeError);
    }
  });
});
