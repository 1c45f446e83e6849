/** A span of a file is played anew; all else stays, event by event. */
import { describe, expect, test } from 'vitest';
import { readMidi } from '../midi/read.js';
import { builtInOpening } from '../playing/opening.js';
import { filledFile } from './filled-file.js';
import { listen } from './listen.js';
import { createNoteTable, type NoteTable } from './note-table.js';
import { midiFromNotes } from './to-midi.js';

function notesOf(rows: readonly (readonly [pitch: number, start: number, end: number])[]): NoteTable {
  const notes = createNoteTable(rows.length);
  for (const [n, [pitch, start, end]] of rows.entries()) {
    notes.pitch[n] = pitch;
    notes.velocity[n] = 70;
    notes.start[n] = start;
    notes.end[n] = end;
  }
  return notes;
}

const heardIn = (bytes: Uint8Array) => {
  const { notes } = listen(readMidi(bytes, 'it'));
  return Array.from(notes.start, (start, n) => ({
    pitch: notes.pitch[n],
    start: Number(start.toFixed(3)),
    end: Number(notes.end[n].toFixed(3)),
    velocity: notes.velocity[n],
  }));
};

describe.each([[{}], [{ isPedalled: true, hasHands: true }]])('a file in shape %j', (shape) => {
  const bytes = midiFromNotes(builtInOpening(), { shape, trackName: 'Prelude' });
  const before = heardIn(bytes);
  const fill = notesOf([
    [30, 10.1, 10.5],
    [90, 11, 12],
  ]);

  test('holds what it held but for what begins in the span, and what is played there', () => {
    const midi = readMidi(bytes, 'prelude.mid');
    const after = heardIn(filledFile(midi, { from: 10, to: 12 }, fill, 'Fill'));
    const outside = before.filter(({ start }) => start < 10 || start >= 12);
    expect(outside.length).toBeLessThan(before.length);
    expect(after.filter(({ pitch }) => pitch !== 30 && pitch !== 90)).toEqual(outside);
    expect(after.filter(({ pitch }) => pitch === 30 || pitch === 90)).toEqual([
      { pitch: 30, start: 10.1, end: 10.5, velocity: 70 },
      { pitch: 90, start: 11, end: 12, velocity: 70 },
    ]);
    expect(readMidi(filledFile(midi, { from: 10, to: 12 }, fill, 'Fill'), '').tracks.at(-1)?.name).toBe(
      'Fill',
    );
  });

  test('takes what begins a little early, and nothing at all', () => {
    const midi = readMidi(bytes, 'prelude.mid');
    const early = heardIn(filledFile(midi, { from: 10, to: 12 }, notesOf([[30, 9.99, 10.5]]), 'Fill'));
    expect(early.find(({ pitch }) => pitch === 30)?.start).toBeCloseTo(9.99, 2);
    const none = heardIn(filledFile(midi, { from: 10, to: 12 }, createNoteTable(0), 'Fill'));
    expect(none).toEqual(before.filter(({ start }) => start < 10 || start >= 12));
  });

  test('keeps what is to be kept', () => {
    const [kept] = before.filter(({ start }) => start >= 10 && start < 12);
    const span = { from: 10, to: 12, isKept: (pitch: number) => pitch === kept.pitch };
    const after = heardIn(filledFile(readMidi(bytes, 'prelude.mid'), span, createNoteTable(0), 'Fill'));
    const stays = before.filter(({ pitch, start }) => start < 10 || start >= 12 || pitch === kept.pitch);
    expect(after).toEqual(stays);
  });
});
