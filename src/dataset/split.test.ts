import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SPLITS, type Split } from './corpus.js';
import { type Splittable, splitPieces } from './split.js';

interface Sample extends Splittable {
  id: number;
}

const unmarked = (count: number): Sample[] => Array.from({ length: count }, (_, id) => ({ id }));
const marked = (...splits: (Split | undefined)[]): Sample[] => splits.map((split, id) => ({ id, split }));
const ids = (pieces: Sample[]) => pieces.map((piece) => piece.id);

describe('splitPieces', () => {
  it('follows the marks when there are both, leaves test pieces out and lets unmarked ones train', () => {
    const { train, validation } = splitPieces(marked('validation', 'train', 'test', undefined, 'validation'));
    expect(ids(train)).toEqual([1, 3]);
    expect(ids(validation)).toEqual([0, 4]);
  });

  it('holds out a tenth, at least one of two, and none of one', () => {
    const sizes = (count: number, fraction?: number) =>
      splitPieces(unmarked(count), { fraction }).validation.length;
    expect([0, 1, 2, 9, 14, 15, 100].map((count) => sizes(count))).toEqual([0, 0, 1, 1, 1, 2, 10]);
    expect(sizes(10, 0)).toBe(0);
    expect(sizes(10, 0.99)).toBe(9);
  });

  it('chooses by seed', () => {
    const heldOut = (seed: number) => ids(splitPieces(unmarked(50), { seed }).validation).join();
    expect(heldOut(1)).toBe(heldOut(1));
    expect(new Set([0, 1, 2, 3].map(heldOut)).size).toBeGreaterThan(1);
  });

  it('holds out of the training pieces when none is marked validation', () => {
    const { train, validation } = splitPieces(marked('train', 'test', 'train', 'train'));
    expect(validation).toHaveLength(1);
    expect([...train, ...validation].map((piece) => piece.split)).toEqual(['train', 'train', 'train']);
  });

  it('divides validation pieces, or else test pieces, when there is nothing else', () => {
    const fromValidation = splitPieces(marked('validation', 'validation', 'test'));
    expect([fromValidation.train.length, fromValidation.validation.length]).toEqual([1, 1]);
    const fromTest = splitPieces(marked('test', 'test', 'test'));
    expect([fromTest.train.length, fromTest.validation.length]).toEqual([2, 1]);
  });

  it('keeps copies together, on the side furthest from training', () => {
    const pieces = [
      { id: 0, split: 'train' as const, contentHash: 'a' },
      { id: 1, split: 'validation' as const, contentHash: 'a' },
      { id: 2, split: 'train' as const, contentHash: 'b' },
      { id: 3, split: 'test' as const, contentHash: 'b' },
      { id: 4, split: 'train' as const, contentHash: 'c' },
    ];
    const { train, validation } = splitPieces(pieces);
    expect(ids(train)).toEqual([4]);
    expect(ids(validation)).toEqual([0, 1]);
  });

  it('never has a content on both sides, loses no unmarked piece and keeps the order', () => {
    const piece = fc.record({
      split: fc.constantFrom<Split | undefined>(undefined, ...SPLITS),
      contentHash: fc.constantFrom(undefined, 'a', 'b', 'c', 'd'),
    });
    fc.assert(
      fc.property(
        fc.array(piece),
        fc.nat(),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (list, seed, fraction) => {
          const pieces = list.map((one, id) => ({ ...one, id }));
          const { train, validation } = splitPieces(pieces, { seed, fraction });
          const learned = new Set(train.map((one) => one.contentHash ?? one.id));
          expect(validation.some((one) => learned.has(one.contentHash ?? one.id))).toBe(false);
          for (const side of [train, validation]) expect(ids(side)).toEqual(ids(side).sort((a, b) => a - b));
          const used = new Set(ids([...train, ...validation]));
          const lost = pieces.filter(
            (one) => one.split === undefined && one.contentHash === undefined && !used.has(one.id),
          );
          expect(lost).toEqual([]);
        },
      ),
    );
  });

  it('refuses a fraction that is none', () => {
    for (const fraction of [-0.1, 1, Number.NaN]) {
      expect(() => splitPieces(unmarked(3), { fraction })).toThrow(RangeError);
    }
  });
});
