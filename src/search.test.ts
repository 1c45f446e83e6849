import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstAtLeast, lastAtMost } from './search.js';

describe('binary search', () => {
  it('finds what a look at every entry finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 })),
        fc.integer({ min: -1, max: 10 }),
        (list, value) => {
          const ascending = list.sort((a, b) => a - b);
          const first = ascending.findIndex((entry) => entry >= value);
          expect(firstAtLeast(ascending, value)).toBe(first === -1 ? ascending.length : first);
          expect(lastAtMost(ascending, value)).toBe(ascending.findLastIndex((entry) => entry <= value));
        },
      ),
    );
  });
});
