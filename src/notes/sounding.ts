import type { MidiFile } from '../midi/midi-file.js';
import { listen } from './listen.js';
import type { NoteTable } from './note-table.js';

/**
 * The notes of a file as they are heard: of every instrument but drums, by start. Empty if there are none.
 */
export function soundingNotes(midi: MidiFile): NoteTable {
  const { length, pitch, velocity, start, end } = listen(midi).notes;
  return { length, pitch, velocity, start, end };
}
