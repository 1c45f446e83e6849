import { createNoteTable, midiFromNotes, type NoteTable, Random } from '../../src/index.js';

/** A made-up piece: steps up to 0.4 s, durations up to 0.5 s. Another seed gives another piece. */
export function piece(seed: number, length: number): NoteTable {
  const random = new Random(seed);
  const notes = createNoteTable(length);
  let start = 0;
  for (let i = 0; i < length; i++) {
    if (i > 0) start += 0.4 * random.next();
    notes.pitch[i] = 40 + random.below(40);
    notes.velocity[i] = 64;
    notes.start[i] = start;
    notes.end[i] = start + 0.05 + 0.45 * random.next();
  }
  return notes;
}

/** The bytes of a MIDI file with `piece(seed, length)`. */
export function pieceBytes(seed: number, length: number): Uint8Array {
  return midiFromNotes(piece(seed, length));
}
