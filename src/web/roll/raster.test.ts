import { describe, expect, it } from 'vitest';
import { createNoteTable } from '../../notes/note-table.js';
import { NoteIndex } from './note-index.js';
import { boxOf, type Raster, rasterNotes } from './raster.js';

const GRID = { density: 10, height: 24, lowest: 60, highest: 63 };
const COLOURS = Uint32Array.from({ length: 128 }, (_, velocity) => 1000 + velocity);

function indexOf(...notes: readonly (readonly [start: number, end: number, pitch: number])[]): NoteIndex {
  const table = createNoteTable(notes.length);
  for (const [i, [start, end, pitch]] of notes.entries()) {
    [table.start[i], table.end[i], table.pitch[i], table.velocity[i]] = [start, end, pitch, 10 + i];
  }
  const index = new NoteIndex();
  index.add(table);
  return index;
}

const raster = (width: number): Raster => ({ words: new Uint32Array(width * 24), width, height: 24 });

describe('notes as pixels', () => {
  it('have a row each, a gap to the next, and are never too small to be seen', () => {
    expect(boxOf(GRID, indexOf([1, 2, 63]), 0)).toEqual([10, 0, 19, 5]);
    expect(boxOf(GRID, indexOf([1, 2, 60]), 0)).toEqual([10, 18, 19, 23]);
    expect(boxOf(GRID, indexOf([1, 1.01, 61]), 0)).toEqual([10, 12, 12, 17]);
    expect(boxOf({ ...GRID, height: 4 }, indexOf([1, 2, 61]), 0)).toEqual([10, 2, 19, 4]);
  });

  it('are drawn where they lie, cut off at the edges of the image', () => {
    const notes = indexOf([0, 1.5, 63], [1.8, 4, 62]);
    const image = raster(10);
    rasterNotes(image, GRID, notes, COLOURS, 10);
    const at = (x: number, y: number) => image.words[y * 10 + x];
    expect([at(0, 0), at(3, 4), at(4, 0), at(0, 5)]).toEqual([1010, 1010, 0, 0]);
    expect([at(7, 6), at(8, 6), at(9, 10), at(9, 11), at(9, 12)]).toEqual([0, 1011, 1011, 0, 0]);
    expect(image.words.reduce((count, word) => count + Number(word !== 0), 0)).toBe(4 * 5 + 2 * 5);
  });

  it('are the same in two strips as in one', () => {
    const notes = indexOf([0, 0.7, 63], [0.4, 1.6, 61], [0.9, 1.1, 60], [1.9, 3, 62]);
    const whole = raster(40);
    rasterNotes(whole, GRID, notes, COLOURS, 0);
    for (const left of [0, 20]) {
      const half = raster(20);
      rasterNotes(half, GRID, notes, COLOURS, left);
      for (let y = 0; y < 24; y++) {
        const row = whole.words.subarray(y * 40 + left, y * 40 + left + 20);
        expect(half.words.subarray(y * 20, y * 20 + 20)).toEqual(row);
      }
    }
  });

  it('are left out while their keys are down', () => {
    const notes = new NoteIndex();
    notes.strike(0, 61, 90);
    const image = raster(10);
    rasterNotes(image, GRID, notes, COLOURS, 0);
    expect(image.words.every((word) => word === 0)).toBe(true);
    expect(boxOf(GRID, notes, 0, 3)).toEqual([0, 12, 29, 17]);
  });
});
