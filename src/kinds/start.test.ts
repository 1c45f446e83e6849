import { describe, expect, it } from 'vitest';
import { readMidi } from '../midi/read.js';
import { createNoteTable, type NoteTable } from '../notes/note-table.js';
import { midiFromNotes } from '../notes/to-midi.js';
import { kindNamed } from './kinds.js';
import { startOf } from './start.js';

function scale(): NoteTable {
  const notes = createNoteTable(8);
  for (let i = 0; i < 8; i++) {
    notes.pitch[i] = 60 + i;
    notes.velocity[i] = 70;
    notes.start[i] = i / 2;
    notes.end[i] = (i + 1) / 2;
  }
  return notes;
}

describe('what is played on from', () => {
  const file = readMidi(midiFromNotes(scale()), 'scale.mid');
  const [performance, metrical, tutorial] = ['performance', 'metrical', 'tutorial'].map(kindNamed);

  it('goes on at the end, or where it is cut', () => {
    expect(startOf(performance, scale()).cut).toBe(4);
    expect(startOf(performance, file, 1.5).cut).toBe(1.5);
    expect(startOf(performance, file, 99).cut).toBeCloseTo(4, 3);
    expect(startOf(performance, file).piece.notes.length).toBe(8);
  });

  it('is heard with its beats where a kind counts them', () => {
    expect(startOf(performance, file).heard).toBeUndefined();
    const fromFile = startOf(metrical, file).heard?.beats;
    const fromNotes = startOf(metrical, scale()).heard?.beats;
    expect(fromFile).toBeDefined();
    expect(fromNotes).toBeDefined();
  });

  it('is read as pretty_midi reads where a kind hears so', () => {
    expect(startOf(tutorial, file).heard?.length).toBe(8);
  });

  it('is something', () => {
    const none = createNoteTable(0);
    expect(() => startOf(performance, none)).toThrow(/no notes to play on from/);
    const empty = readMidi(midiFromNotes(none), 'empty.mid');
    for (const kind of [performance, metrical, tutorial]) {
      expect(() => startOf(kind, empty)).toThrow(/^empty\.mid: holds no notes/);
    }
  });
});
