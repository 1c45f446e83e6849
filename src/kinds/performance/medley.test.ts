import { describe, expect, it } from 'vitest';
import { KEYS } from '../../notes/grid.js';
import { createNoteTable } from '../../notes/note-table.js';
import { Random } from '../../random.js';
import { NONE } from '../../representation/events.js';
import { PERFORMANCE_GUIDED } from '../../representation/performance-guided.js';
import type { LearnedPiece } from './learned-piece.js';
import { medleyOf, piecesByStyle } from './medley.js';

/** So many notes, of which the pitch tells the style. */
function piece(length: number, style: number): LearnedPiece {
  const notes = createNoteTable(length);
  for (let i = 0; i < length; i++) {
    notes.pitch[i] = 40 + 20 * (style + 1);
    notes.velocity[i] = 64;
    notes.start[i] = i / 4;
    notes.end[i] = i / 4 + 0.2;
  }
  return { ...notes, style };
}

const PIECES = [piece(300, 0), piece(250, 0), piece(40, 0), piece(500, 1), piece(0, 1), piece(90, NONE)];
const STILL = { transpose: 0, stretch: 0 };
const [LEFT, STYLE] = [3, 4];

describe('a medley', () => {
  const groups = piecesByStyle(PIECES);
  const medleys = Array.from({ length: 200 }, (_, seed) =>
    medleyOf(groups, PERFORMANCE_GUIDED, STILL, new Random(seed)),
  );

  it('takes pieces by style, and leaves out those without notes', () => {
    expect(groups.map((group) => group.map(({ length }) => length))).toEqual([[300, 250, 40], [500], [90]]);
  });

  it('is events that a model may hear: eight excerpts with rests between, all keys released', () => {
    for (const { length, columns } of medleys.slice(0, 20)) {
      const tracker = PERFORMANCE_GUIDED.createTracker();
      const allowed = new Float32Array(2 * KEYS);
      let sounding = 0;
      for (let e = 0; e < length; e++) {
        const values = columns.map((column) => column[e]);
        tracker.allowed(1, values, allowed, 0);
        expect(allowed[values[1]]).toBe(1);
        tracker.push(values);
        sounding += values[1] < KEYS ? 1 : -1;
      }
      expect(sounding).toBe(0);
      expect(length).toBeGreaterThan(2 * 8 * 40);
    }
  });

  it('tells the style of what it takes in nine of ten excerpts, and of no other', () => {
    let [told, events] = [0, 0];
    const heard = new Set<number>();
    for (const { length, columns } of medleys) {
      for (let e = 0; e < length; e++) {
        const style = ((columns[1][e] % KEYS) + 21 - 40) / 20 - 1;
        heard.add(style);
        if (columns[STYLE][e] !== NONE) expect(columns[STYLE][e]).toBe(style);
        if (style === NONE) continue;
        events++;
        told += Number(columns[STYLE][e] !== NONE);
      }
    }
    expect([...heard].sort()).toEqual([NONE, 0, 1]);
    expect(told / events).toBeGreaterThan(0.85);
    expect(told / events).toBeLessThan(0.95);
  });

  it('closes with the end of a piece, and mostly tells how far that is, and never before', () => {
    const toldEnds = medleys.filter(({ length, columns }) => {
      const left = columns[LEFT];
      const first = left.findIndex((ticks) => ticks !== NONE);
      if (first < 0) return false;
      for (let e = first; e < length; e++) expect(left[e]).toBeGreaterThanOrEqual(0);
      expect(left[length - 1]).toBe(0);
      return true;
    });
    expect(toldEnds.length).toBeGreaterThan(165);
    expect(toldEnds.length).toBeLessThan(200);
  });

  it('is the same by the same chance', () => {
    const again = medleyOf(groups, PERFORMANCE_GUIDED, STILL, new Random(3));
    expect(again).toEqual(medleys[3]);
    expect(again).not.toEqual(medleys[4]);
  });
});
