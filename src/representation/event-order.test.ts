import { describe, expect, it } from 'vitest';
import { type GridRow, gridOfRows, rowsOfGrid } from '../../test/helpers/grids.js';
import { eventOrder, GridWriter } from './event-order.js';

/** Strikes as `+key`, releases as `-key`, each tick's in a line of their own. */
function linesOf(rows: readonly GridRow[]): string[] {
  const lines = new Map<number, string[]>();
  for (const event of eventOrder(gridOfRows(rows))) {
    const [key, , onset, offset] = rows[event >= 0 ? event : ~event];
    const tick = event >= 0 ? onset : offset;
    lines.set(tick, [...(lines.get(tick) ?? []), `${event >= 0 ? '+' : '-'}${key}`]);
  }
  return [...lines].map(([tick, events]) => `${tick}: ${events.join(' ')}`);
}

describe('the order of events', () => {
  it('is releases, strikes, releases of notes without length, and again for keys struck more often', () => {
    const rows: GridRow[] = [
      [5, 0, 0, 10],
      [7, 0, 0, 12],
      [9, 0, 0, 10],
      [3, 0, 10, 10],
      [4, 0, 10, 10],
      [4, 1, 10, 10],
      [4, 2, 10, 20],
      [6, 0, 10, 11],
      [8, 0, 10, 10],
      [8, 1, 10, 10],
      [9, 0, 10, 30],
    ];
    expect(linesOf(rows)).toEqual([
      '0: +5 +7 +9',
      '10: -5 -9 +3 +4 +6 +8 +9 -3 -4 -8 +4 +8 -4 -8 +4',
      '11: -6',
      '12: -7',
      '20: -4',
      '30: -9',
    ]);
    const order = [...eventOrder(gridOfRows(rows))];
    expect(order.filter((event) => rows[event < 0 ? ~event : event][0] === 4)).toEqual([4, ~4, 5, ~5, 6, ~6]);
  });

  it('of no notes is empty', () => {
    expect(eventOrder(gridOfRows([])).length).toBe(0);
  });

  it('holds at times that only just fit', () => {
    const late = 2 ** 31 - 2;
    expect(
      linesOf([
        [87, 0, 0, late],
        [86, 0, 1, late],
        [86, 0, late, late + 1],
      ]),
    ).toEqual(['0: +87', '1: +86', `${late}: -86 -87 +86`, `${late + 1}: -86`]);
  });
});

describe('GridWriter', () => {
  it('makes notes of strikes and releases in any order', () => {
    const writer = new GridWriter(9);
    writer.wait(50); // before the first strike no time passes
    writer.release(20);
    writer.wait(50);
    writer.strike(30, 1);
    writer.strike(20, 2);
    writer.release(20);
    writer.strike(20, 3);
    writer.wait(4);
    writer.release(40); // does not sound
    writer.strike(30, 4); // still sounds
    writer.wait(3);
    writer.release(20);
    writer.wait(2);
    expect(rowsOfGrid(writer.finish())).toEqual([
      [20, 2, 0, 0],
      [20, 3, 0, 7],
      [30, 1, 0, 4],
      [30, 4, 4, 9],
    ]);
  });
});
