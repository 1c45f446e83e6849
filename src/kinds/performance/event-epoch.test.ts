import { describe, expect, it } from 'vitest';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import { ENDING_SIZE } from '../../representation/ending.js';
import { NONE } from '../../representation/events.js';
import { PERFORMANCE } from '../../representation/performance.js';
import { PERFORMANCE_GUIDED } from '../../representation/performance-guided.js';
import { EventEpoch } from './event-epoch.js';

/** Notes one after the other from a pitch up, so that every piece can be told by its first key. */
function scale(length: number, pitch: number): NoteTable {
  const notes = createNoteTable(length);
  for (let i = 0; i < length; i++) {
    notes.pitch[i] = pitch + (i % 3);
    notes.velocity[i] = 64;
    notes.start[i] = i / 10;
    notes.end[i] = i / 10 + 0.05;
  }
  return notes;
}

const LENGTHS = [7, 0, 3, 12, 5];
const PIECES = LENGTHS.map((length, i) => scale(length, 30 + 10 * i));
const STILL = { steps: 4, batch: 2, seed: 3, augmentation: { transpose: 0, stretch: 0 } };

/** What the batches of an epoch hold: rows that begin, and all symbols that count. */
function run(epoch: EventEpoch) {
  const symbols: number[] = [];
  const began: number[][] = [];
  let events = 0;
  let batches = 0;
  while (epoch.advance()) {
    batches++;
    events += epoch.events;
    began.push([...epoch.began]);
    const { symbol, symbolWeight } = epoch.batch.feeds;
    symbol.forEach((value, cell) => {
      if (symbolWeight[cell] === 1) symbols.push(value);
    });
  }
  return { symbols, began, events, batches };
}

describe('an epoch of events', () => {
  it('plays every piece once, whole, and knows its length beforehand', () => {
    const epoch = new EventEpoch(PIECES, PERFORMANCE, 1, STILL);
    const counted = epoch.count();
    const { symbols, events, batches, began } = run(epoch);
    const notes = LENGTHS.reduce((sum, length) => sum + length, 0);
    expect(counted).toEqual({ batches, events, notes });
    expect(events).toBe(2 * notes);
    const expected = PIECES.flatMap((piece) =>
      Array.from(piece.pitch, (pitch) => [pitch - 21, pitch - 21 + 88]).flat(),
    );
    expect(symbols.sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
    expect(began.flat()).toHaveLength(LENGTHS.filter((length) => length > 0).length);
    expect(began[0]).toEqual([0, 1]);
  });

  it('is the same for the same seed and epoch, and another for others', () => {
    const symbolsOf = (epoch: number, seed: number) =>
      run(new EventEpoch(PIECES, PERFORMANCE, epoch, { ...STILL, seed })).symbols;
    expect(symbolsOf(1, 3)).toEqual(symbolsOf(1, 3));
    const others = [symbolsOf(2, 3), symbolsOf(3, 3), symbolsOf(1, 4), symbolsOf(1, 5)].map(String);
    expect(others.some((other) => other !== String(symbolsOf(1, 3)))).toBe(true);
  });

  it('transposes and stretches by no more than asked', () => {
    const augmentation = { transpose: 2, stretch: 0.5 };
    const lowest = new Set<number>();
    const times = new Set<number>();
    for (let n = 1; n <= 60; n++) {
      const epoch = new EventEpoch([scale(2, 60)], PERFORMANCE, n, { ...STILL, batch: 1, augmentation });
      epoch.advance();
      lowest.add(epoch.batch.feeds.symbol[0] + 21 - 60);
      // From the first strike to its release: 5 ticks as written.
      times.add(epoch.batch.feeds.time[1]);
    }
    expect([...lowest].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...times)).toBeLessThanOrEqual(8);
    expect(times.size).toBeGreaterThan(3);
  });

  it('tells the style of nine pieces in ten, and how far the end is, each by itself', () => {
    const pieces = Array.from({ length: 300 }, (_, i) => ({ ...scale(2, 40), style: i % 2 }));
    const { contextSize, given = [] } = PERFORMANCE_GUIDED;
    const { from = 0, to = 0 } = given.find(({ name }) => name === 'style')?.heardAt ?? {};
    const options = { ...STILL, batch: 1 };
    const epoch = new EventEpoch(pieces, PERFORMANCE_GUIDED, 1, options);
    const styles: number[] = [];
    let [ends, both] = [0, 0];
    while (epoch.advance()) {
      // What is heard of a piece's second event; nothing has been told before the first.
      const context = (epoch.batch.feeds.context as Float32Array).subarray(contextSize, 2 * contextSize);
      styles.push(context.subarray(from, to).indexOf(1));
      const tellsEnd = context.subarray(from - ENDING_SIZE, from).some((value) => value > 0);
      ends += Number(tellsEnd);
      both += Number(tellsEnd && (styles.at(-1) ?? NONE) >= 0);
    }
    const told = [0, 1].map((style) => styles.filter((each) => each === style).length);
    expect(styles).toHaveLength(300);
    for (const count of told) expect(count).toBeGreaterThan(120);
    expect(told[0] + told[1]).toBeLessThan(290);
    expect(ends).toBeGreaterThan(250);
    expect(ends).toBeLessThan(290);
    expect(both).toBeLessThan(Math.min(ends, told[0] + told[1]));
  });
});
