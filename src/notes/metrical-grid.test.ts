import { describe, expect, it } from 'vitest';
import { song } from '../../test/helpers/songs.js';
import { evenBeats } from './beats.js';
import { metricalGridOf, PARTS_OF_BEATS } from './metrical-grid.js';
import { createNoteTable, type NoteTable } from './note-table.js';

/** A beat lasts a second, a bar three of them; the first bar line is at 1 s. */
const BEATS = { time: Float64Array.of(0, 1, 2, 3, 4, 5), place: Uint8Array.of(2, 0, 1, 2, 0, 1) };

function notesAt(rows: [pitch: number, start: number, end: number, velocity?: number][]): NoteTable {
  const notes = createNoteTable(rows.length);
  for (const [n, [pitch, start, end, velocity = 64]] of rows.entries()) {
    notes.pitch[n] = pitch;
    notes.velocity[n] = velocity;
    notes.start[n] = start;
    notes.end[n] = end;
  }
  return { ...notes, beats: BEATS };
}

describe('a grid of parts of beats', () => {
  it('begins with the bar of the first note, also of one a little early', () => {
    expect([...metricalGridOf(notesAt([[60, 2.5, 3]])).onset]).toEqual([36]);
    expect([...metricalGridOf(notesAt([[60, 0.99, 3]])).onset]).toEqual([0]);
    expect([...metricalGridOf(notesAt([[60, 0.5, 3]])).onset]).toEqual([60]);
    expect([...metricalGridOf(notesAt([[60, -2.5, 3]])).onset]).toEqual([60]);
    expect([...metricalGridOf(notesAt([[60, 7, 8]])).onset]).toEqual([0]);
  });

  it('has lines for thirty-seconds and triplets, and sixteenths first', () => {
    const at = (part: number) => metricalGridOf(notesAt([[60, 1 + part, 9]])).onset[0];
    expect([1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 7 / 8].map(at)).toEqual([
      3, 4, 6, 8, 12, 16, 18, 21,
    ]);
    expect([0.05, 0.22, 0.26, 0.53, 0.98].map(at)).toEqual([0, 6, 6, 12, 24]);
  });

  it('keeps of several strikes of a key on a line one, the loudest and longest', () => {
    const grid = metricalGridOf(
      notesAt([
        [60, 1, 1.3, 40],
        [64, 1, 2, 50],
        [60, 1.01, 1.5, 90],
        [60, 1.02, 1.4, 30],
      ]),
    );
    expect([...grid.key]).toEqual([39, 43]);
    expect([...grid.velocity]).toEqual([22, 12]);
    expect([...grid.offset]).toEqual([12, 24]);
  });

  it('leaves no note without length', () => {
    const grid = metricalGridOf(
      notesAt([
        [60, 1, 1.001],
        [62, 1.25, 1.26],
        [62, 1.375, 1.376],
      ]),
    );
    expect([...grid.onset]).toEqual([0, 6, 9]);
    expect([...grid.offset]).toEqual([3, 8, 12]);
  });

  it('says bars and tempos to the end', () => {
    const { bars } = metricalGridOf(notesAt([[60, 1, 12]]));
    expect([...bars.line]).toEqual([0, 72, 144, 216, 288]);
    expect([...bars.tempo]).toEqual([60, 60, 60, 60]);
    expect([...metricalGridOf(notesAt([[60, 1, 4]]), { stretch: 1.2 }).bars.tempo]).toEqual([50, 50]);
  });

  it('tells when its ticks are, and which tick a time is', () => {
    const time = PARTS_OF_BEATS.timeOf(notesAt([[60, 2.5, 3]]));
    expect([0, 36, 96].map((tick) => time.secondsAt(tick))).toEqual([1, 2.5, 5]);
    expect(time.tickAt(2.51)).toBeCloseTo(36.24);
    expect(time.roundedTick(2.51)).toBe(36);
  });

  it('finds the beats of notes that say none, or takes some', () => {
    const { notes } = song({ bars: 16, beatsPerBar: 4, beatsPerMinute: 100 });
    expect(metricalGridOf(notes).bars.tempo[0]).toBeCloseTo(100, 1);
    const few = notesAt([[60, 2, 3]]);
    const { bars, onset } = metricalGridOf({ ...few, beats: undefined });
    expect([bars.tempo[0], onset[0]]).toEqual([120, 0]);
    expect(metricalGridOf({ ...createNoteTable(0), beats: evenBeats(0, 120, 4) }).length).toBe(0);
  });
});
