/**
 * The ways in which the notes of a file are read: one table for whoever learns, measures or plays on from
 * files.
 */
import type { MidiFile } from '../midi/midi-file.js';
import { notesFromMidi } from './from-midi.js';
import type { NoteTable } from './note-table.js';
import { soundingNotes } from './sounding.js';

/**
 * `first` and `all` read as pretty_midi does, with keys as they were held: the first instrument, or all but
 * drums. `sounding` listens as a General MIDI instrument does: all but drums, held by the pedals.
 */
export const READINGS = {
  first: (midi) => notesFromMidi(midi, { instruments: 'first' }),
  all: (midi) => notesFromMidi(midi, { instruments: 'all' }),
  sounding: soundingNotes,
} as const satisfies Record<string, (midi: MidiFile) => NoteTable>;

export type Reading = keyof typeof READINGS;
