import { describe, expect, it } from 'vitest';
import { TOY, TOY_PIECES } from '../../../test/helpers/toy-representation.js';
import { EventBatch, EventRow } from './event-batch.js';

const [T, B] = [5, 2];

/** A row's numbers along time. */
const along = (data: ArrayLike<number>, row: number, width = 1) =>
  Array.from({ length: T }, (_, t) =>
    Array.from({ length: width }, (_, i) => data[(t * B + row) * width + i]),
  ).flat();

describe('a row of a batch', () => {
  it('holds the events before and to come, with context and what is allowed', () => {
    const batch = new EventBatch(TOY, T, B);
    const row = new EventRow(TOY);
    row.open(TOY_PIECES[1]);
    expect(row.fill(batch, 1)).toBe(4);
    const { feeds } = batch;
    expect(along(feeds.time, 1)).toEqual([0, 2, 1, 1, 0]);
    expect(along(feeds.timeBefore, 1)).toEqual([3, 0, 2, 1, 3]); // 3: none
    expect(along(feeds.timeWeight, 1)).toEqual([1, 1, 1, 1, 0]); // the piece has 4 events
    expect(along(feeds.side, 1)).toEqual([1, 2, 0, 1, 0]);
    expect(along(feeds.sideAllowed, 1, 3)).toEqual([1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
    expect(along(feeds.force, 1)).toEqual([0, 0, 0, 1, 0]);
    expect(along(feeds.forceBefore, 1)).toEqual([2, 0, 2, 2, 2]);
    expect(along(feeds.forceWeight, 1)).toEqual([1, 0, 0, 1, 0]);
    expect(along(feeds.context, 1, 2)).toEqual([0, 1, 1, 1, 2, 1, 3, 1, 0, 0]);
    expect(row.isOver).toBe(true);
    expect(along(feeds.timeWeight, 0)).toEqual([0, 0, 0, 0, 0]);
  });

  it('goes on where it was, and leaves nothing behind of what was there', () => {
    const batch = new EventBatch(TOY, T, B);
    const row = new EventRow(TOY);
    row.open(TOY_PIECES[0]);
    expect(row.fill(batch, 0)).toBe(5);
    expect(row.isOver).toBe(false);
    expect(row.fill(batch, 0)).toBe(2);
    const { feeds } = batch;
    expect(along(feeds.sideBefore, 0)).toEqual([0, 2, 3, 3, 3]);
    expect(along(feeds.side, 0)).toEqual([2, 1, 0, 0, 0]);
    expect(along(feeds.sideWeight, 0)).toEqual([1, 1, 0, 0, 0]);
    expect(along(feeds.context, 0, 2)).toEqual([5, 1, 6, 1, 0, 0, 0, 0, 0, 0]);
    row.open(TOY_PIECES[1]);
    expect(row.fill(batch, 0)).toBe(4);
    expect(along(feeds.sideBefore, 0)).toEqual([3, 1, 2, 0, 3]);
  });
});
