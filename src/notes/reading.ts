/**
 * The ways in which the notes of a file are read: one table for whoever learns, measures or plays on from
 * files.
 */
import { CadenzaError } from '../errors.js';
import type { MidiFile } from '../midi/midi-file.js';
import { beatsOfFile } from './find-beats.js';
import { notesFromMidi } from './from-midi.js';
import type { NoteTable } from './note-table.js';
import { soundingNotes } from './sounding.js';

/**
 * `first` and `all` read as pretty_midi does, with keys as they were held: the first instrument, or all but
 * drums. `sounding` listens as a General MIDI instrument does: all but drums, held by the pedals. `beats`
 * does so too, and finds the beats and bars.
 */
export const READINGS = {
  first: (midi) => notesFromMidi(midi, { instruments: 'first' }),
  all: (midi) => notesFromMidi(midi, { instruments: 'all' }),
  sounding: soundingNotes,
  beats: soundingNotesAndBeats,
} as const satisfies Record<string, (midi: MidiFile) => NoteTable>;

export type Reading = keyof typeof READINGS;

/** @throws CadenzaError when the notes lie on no grid of beats */
function soundingNotesAndBeats(midi: MidiFile): NoteTable {
  const notes = soundingNotes(midi);
  if (notes.length === 0) return notes;
  const beats = beatsOfFile(midi);
  if (beats !== undefined) return { ...notes, beats };
  throw new CadenzaError(
    `${midi.name}: its notes lie on no grid of beats; music in free time is for performance models`,
  );
}
