import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../test/helpers/note-rows.js';
import { createNoteTable } from '../../notes/note-table.js';
import { cutPiece } from './cut-piece.js';

const PIECE = {
  notes: tableOf([
    [60, 1, 2],
    [64, 1.5, 4],
    [67, 3, 3.5],
    [72, 5, 6],
  ]),
};

describe('a cut piece', () => {
  it('is heard up to the cut, and tells where that is', () => {
    const { events, origin, silence } = cutPiece(PIECE, 2.75);
    expect(Array.from(events.columns[0])).toEqual([0, 50, 50]);
    expect(origin).toBeCloseTo(2, 9);
    expect(silence).toBeCloseTo(0.75, 9);
  });

  it('has its last event included where the cut falls on it', () => {
    for (const cut of [1.5, 2, 3, 3.5, 4]) {
      expect(cutPiece(PIECE, cut)).toMatchObject({ origin: expect.closeTo(cut, 9), silence: 0 });
    }
  });

  it('goes on right after its last event where it is not cut', () => {
    expect(cutPiece(PIECE, 60)).toMatchObject({ origin: expect.closeTo(6, 9), silence: 0 });
  });

  it('is where it is after a rest that is longer than an event can tell', () => {
    const rests = {
      notes: tableOf([
        [60, 0, 1],
        [62, 301, 302],
        [64, 310, 311],
      ]),
    };
    expect(cutPiece(rests, 311)).toMatchObject({ events: { length: 6 }, origin: 311, silence: 0 });
    expect(cutPiece(rests, 302.5)).toMatchObject({ events: { length: 4 }, origin: 302, silence: 0.5 });
    expect(cutPiece(rests, 200)).toMatchObject({ events: { length: 2 }, origin: 1, silence: 199 });
  });

  it('is nothing before the first note', () => {
    expect(cutPiece(PIECE, 0.5)).toMatchObject({ events: { length: 0 }, origin: 0.5 });
    expect(cutPiece({ notes: createNoteTable(0) }, 0)).toMatchObject({ events: { length: 0 }, origin: 0 });
  });
});
