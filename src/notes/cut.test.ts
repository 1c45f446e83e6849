import { describe, expect, it } from 'vitest';
import { rowsOf, tableOf } from '../../test/helpers/note-rows.js';
import { headOf, joined, keysOfNotes, notesOfKeys, tailOf } from './cut.js';
import type { Pedal } from './pedal.js';

const pedalOf = (rows: readonly (readonly [number, number])[]): Pedal => ({
  length: rows.length,
  time: Float64Array.from(rows, ([time]) => time),
  value: Uint8Array.from(rows, ([, value]) => value),
});

const movementsOf = (pedal?: Pedal) => Array.from(pedal?.time ?? [], (time, i) => [time, pedal?.value[i]]);

const PIECE = {
  notes: tableOf([
    [60, 1, 2],
    [64, 1.5, 4],
    [67, 3, 3.5],
    [72, 5, 6],
  ]),
};

describe('the head of a piece', () => {
  it('ends at the cut, what is held included', () => {
    expect(rowsOf(headOf(PIECE, 3.2).notes)).toEqual([
      [60, 1, 2],
      [64, 1.5, 3.2],
      [67, 3, 3.2],
    ]);
  });

  it('holds keys until they are released or struck in what follows, or to its end', () => {
    const after = [
      { time: 3.6, pitch: 64, velocity: 0 },
      { time: 3.7, pitch: 67, velocity: 80 },
      { time: 3.9, pitch: 67, velocity: 0 },
    ];
    expect(rowsOf(headOf(PIECE, 3.2, after, 9).notes)).toEqual([
      [60, 1, 2],
      [64, 1.5, 3.6],
      [67, 3, 3.7],
    ]);
    expect(rowsOf(headOf(PIECE, 3.2, [], 9).notes)[1]).toEqual([64, 1.5, 9]);
  });

  it('lifts the pedal at the cut; what only the pedal held goes on', () => {
    const piece = {
      ...PIECE,
      pedal: pedalOf([
        [0, 127],
        [4.5, 0],
        [5, 127],
      ]),
    };
    const head = headOf(piece, 2.5, [{ time: 2.8, pitch: 60, velocity: 0 }], 3);
    expect(rowsOf(head.notes)).toEqual([
      [60, 1, 2.8],
      [64, 1.5, 3],
    ]);
    expect(movementsOf(head.pedal)).toEqual([
      [0, 127],
      [2.5, 0],
    ]);
  });

  it('leaves the piece as it was', () => {
    const before = rowsOf(PIECE.notes);
    headOf(PIECE, 2, [], 9);
    expect(rowsOf(PIECE.notes)).toEqual(before);
  });
});

describe('the tail of a piece', () => {
  it('has its notes as they were, and the pedal where it stands', () => {
    const pedal = pedalOf([
      [0, 127],
      [4.5, 0],
    ]);
    const tail = tailOf({ ...PIECE, pedal }, 3);
    expect(rowsOf(tail.notes)).toEqual([
      [67, 3, 3.5],
      [72, 5, 6],
    ]);
    expect(movementsOf(tail.pedal)).toEqual([
      [3.01, 127],
      [4.5, 0],
    ]);
  });

  it('joins what comes before', () => {
    const whole = joined(headOf(PIECE, 2), tailOf(PIECE, 3));
    expect(rowsOf(whole.notes)).toEqual([
      [60, 1, 2],
      [64, 1.5, 2],
      [67, 3, 3.5],
      [72, 5, 6],
    ]);
    expect(whole.pedal).toBeUndefined();
  });
});

describe('strikes and releases', () => {
  it('become notes, in whatever order they come', () => {
    const notes = notesOfKeys(
      [
        { time: 1, pitch: 60, velocity: 70 },
        { time: 3, pitch: 60, velocity: 0 },
        { time: 2, pitch: 62, velocity: 71 },
        { time: 2.5, pitch: 40, velocity: 0 },
      ],
      5,
    );
    expect(rowsOf(notes)).toEqual([
      [60, 1, 3],
      [62, 2, 5],
    ]);
    expect(Array.from(notes.velocity)).toEqual([70, 71]);
  });

  it('close a key that is struck again', () => {
    const strike = (time: number) => ({ time, pitch: 60, velocity: 70 });
    expect(rowsOf(notesOfKeys([strike(1), strike(2)], 3))).toEqual([
      [60, 1, 2],
      [60, 2, 3],
    ]);
  });

  it('come from notes and are the same notes again', () => {
    const rows = [
      [60, 0, 1],
      [67, 0.5, 2],
      [60, 1, 2],
    ] as const;
    const keys = keysOfNotes(tableOf(rows));
    expect(keys.map(({ time }) => time)).toEqual([0, 0.5, 1, 1, 2, 2]);
    // The key is let go before it is struck again.
    expect(keys.slice(2, 4).map(({ velocity }) => velocity > 0)).toEqual([false, true]);
    expect(rowsOf(notesOfKeys(keys, 9))).toEqual(rows);
  });
});
