import type { MidiFile } from '../midi/midi-file.js';
import { instrumentsOf } from './from-midi.js';
import { mergeNotes, type NoteTable } from './note-table.js';
import { sustainExtended } from './transform.js';

/**
 * The notes of a file as they sound: of every instrument but drums, held by its sustain pedal, merged by start. Empty if
 * there are none.
 */
export function soundingNotes(midi: MidiFile): NoteTable {
  const pianos = instrumentsOf(midi).filter(({ isDrum }) => !isDrum);
  return mergeNotes(pianos.map(({ notes, pedal }) => sustainExtended(notes, pedal)));
}
