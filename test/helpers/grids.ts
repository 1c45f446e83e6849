/** Made-up notes on a grid. Nothing here uses what it helps to test. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { createGridNotes, type GridNotes, KEYS, VELOCITY_BINS } from '../../src/notes/grid.js';
import type { Random } from '../../src/random.js';

/** A note: its key, velocity bin, and ticks. */
export type GridRow = readonly [key: number, velocity: number, onset: number, offset: number];

export function gridOfRows(rows: readonly GridRow[]): GridNotes {
  const grid = createGridNotes(rows.length);
  rows.forEach(([key, velocity, onset, offset], i) => {
    grid.key[i] = key;
    grid.velocity[i] = velocity;
    grid.onset[i] = onset;
    grid.offset[i] = offset;
  });
  return grid;
}

export function rowsOfGrid({ length, key, velocity, onset, offset }: GridNotes): GridRow[] {
  return Array.from({ length }, (_, i) => [key[i], velocity[i], onset[i], offset[i]]);
}

/** Fails unless the notes are what GridNotes promises. */
export function expectInGridOrder(grid: GridNotes): void {
  for (const column of [grid.key, grid.velocity, grid.onset, grid.offset]) {
    expect(column.length).toBe(grid.length);
  }
  const lastEnd = new Map<number, number>();
  let [lastKey, lastOnset] = [0, 0];
  for (const [i, [key, velocity, onset, offset]] of rowsOfGrid(grid).entries()) {
    const isInOrder = i === 0 ? onset === 0 : onset > lastOnset || (onset === lastOnset && key >= lastKey);
    const isInRange = key < KEYS && velocity < VELOCITY_BINS && offset >= onset;
    const isFree = (lastEnd.get(key) ?? 0) <= onset;
    if (!isInOrder || !isInRange || !isFree) {
      expect.fail(
        `note ${i}: ${JSON.stringify({ key, velocity, onset, offset, isInOrder, isInRange, isFree })}`,
      );
    }
    lastEnd.set(key, offset);
    [lastKey, lastOnset] = [key, onset];
  }
}

/** What a made-up note is made of. */
type Strike = readonly [key: number, velocity: number, step: number, duration: number];

/** Strikes as a grid has them: sorted, and cut where their key is struck again. */
function gridOfStrikes(strikes: readonly Strike[]): GridNotes {
  let now = 0;
  const rows = strikes.map(([key, velocity, step, duration], i): GridRow => {
    if (i > 0) now += step;
    return [key, velocity, now, now + duration];
  });
  rows.sort((a, b) => a[2] - b[2] || a[0] - b[0]);
  return gridOfRows(
    rows.map(([key, velocity, onset, offset], i) => {
      const next = rows.slice(i + 1).find((later) => later[0] === key);
      return [key, velocity, onset, Math.min(offset, next?.[2] ?? offset)];
    }),
  );
}

/** `length` notes on few keys, with steps and durations of 0 … 3 ticks and sometimes up to `longest`. */
export function crowdedGrid(random: Random, length: number, longest = 400): GridNotes {
  const ticks = () => random.below(random.below(4) > 0 ? 4 : longest + 1);
  const keys = [0, 1, 40, 41, KEYS - 1];
  return gridOfStrikes(
    Array.from({ length }, () => [
      random.below(3) > 0 ? keys[random.below(keys.length)] : random.below(KEYS),
      random.below(VELOCITY_BINS),
      ticks(),
      ticks(),
    ]),
  );
}

/** Any grid of up to 30 notes; crowded, so that what is rare happens. */
export const anyGrid = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(0, 1, KEYS - 2, KEYS - 1), fc.nat(KEYS - 1)),
      fc.nat(VELOCITY_BINS - 1),
      fc.oneof(fc.nat(2), fc.nat(40_000)),
      fc.oneof(fc.nat(2), fc.nat(40_000)),
    ),
    { maxLength: 30 },
  )
  .map(gridOfStrikes);
