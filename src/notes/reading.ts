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
 * drums. `sounding` listens as a General MIDI instrument does: all but drums, held by the pedals. `timed`
 * does so too, and finds beats and bars where there are any; `beats` where there must be some.
 */
export const READINGS = {
  first: (midi) => notesFromMidi(midi, { instruments: 'first' }),
  all: (midi) => notesFromMidi(midi, { instruments: 'all' }),
  sounding: soundingNotes,
  timed: timedNotes,
  beats: notesWithBeats,
} as const satisfies Record<string, (midi: MidiFile) => NoteTable>;

export type Reading = keyof typeof READINGS;

function timedNotes(midi: MidiFile): NoteTable {
  const notes = soundingNotes(midi);
  const beats = notes.length > 0 ? beatsOfFile(midi) : undefined;
  return { ...notes, ...(beats && { beats }) };
}

/** @throws CadenzaError when the notes lie on no grid of beats */
function notesWithBeats(midi: MidiFile): NoteTable {
  const notes = timedNotes(midi);
  if (notes.length === 0 || notes.beats !== undefined) return notes;
  throw new CadenzaError(
    `${midi.name}: its notes lie on no grid of beats; music in free time is for performance models`,
  );
}
