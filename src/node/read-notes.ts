import { MAX_FILE_BYTES } from '../dataset/file-kind.js';
import { readMidi } from '../midi/read.js';
import { type NotesFromMidiOptions, notesFromMidi } from '../notes/from-midi.js';
import type { NoteTable } from '../notes/note-table.js';
import { readFileBytes } from './files/files.js';

/**
 * The notes of a MIDI file on disk.
 *
 * @throws CadenzaError when the file cannot be read or is longer than 64 MiB, or no track of it can
 */
export async function readNotes(path: string, options?: NotesFromMidiOptions): Promise<NoteTable> {
  return notesFromMidi(readMidi(await readFileBytes(path, MAX_FILE_BYTES), path), options);
}
