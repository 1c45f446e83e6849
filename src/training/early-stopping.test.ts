import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterEpoch, NO_EPOCH_YET } from './early-stopping.js';

const follow = (losses: readonly number[]) =>
  losses.reduce((state, loss, i) => afterEpoch(state, i + 1, loss), NO_EPOCH_YET);

describe('early stopping', () => {
  it('remembers the first of the lowest losses, and how long ago it was', () => {
    const losses = fc.array(fc.constantFrom<number>(0, 0.5, 1, 2, 3), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(losses, (values) => {
        const bestLoss = Math.min(...values);
        const bestEpoch = values.indexOf(bestLoss) + 1;
        expect(follow(values)).toEqual({ bestEpoch, bestLoss, epochsSinceBest: values.length - bestEpoch });
      }),
    );
  });

  it('takes the first epoch as the best so far, however bad, and equal losses as no improvement', () => {
    expect(follow([1e9])).toEqual({ bestEpoch: 1, bestLoss: 1e9, epochsSinceBest: 0 });
    expect(follow([2, 2, 2])).toEqual({ bestEpoch: 1, bestLoss: 2, epochsSinceBest: 2 });
  });

  it('survives JSON at any time', () => {
    for (const state of [NO_EPOCH_YET, follow([3]), follow([0.1, 0.2])]) {
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }
  });
});
