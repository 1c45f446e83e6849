/** A file as a piano piece: what its keys and its pedal do, and what had to be changed for it. */
import { CadenzaError } from '../errors.js';
import type { MidiFile } from '../midi/midi-file.js';
import { instrumentsOf } from './from-midi.js';
import { countBeyondPiano } from './grid.js';
import type { NoteTable } from './note-table.js';
import type { Pedal } from './pedal.js';
import { soundingNotes } from './sounding.js';
import { sustainExtended } from './transform.js';

/** Notes as the keys were held, and the pedal where there is one. */
export interface PianoPiece {
  readonly notes: NoteTable;
  readonly pedal?: Pedal;
}

/** The notes as they sound, held by the pedal. */
export function soundingOf({ notes, pedal }: PianoPiece): NoteTable {
  return pedal === undefined ? notes : sustainExtended(notes, pedal);
}

/**
 * The piano piece that a file holds. The pedal stays apart where one instrument plays; the notes of several are held by
 * their own pedals and then merged.
 *
 * @returns the piece, and `remarks` in words on what was merged, moved or left out; none for a plain piano piece
 * @throws CadenzaError when there is nothing to play on from
 */
export function pianoPieceOf(midi: MidiFile): PianoPiece & { readonly remarks: readonly string[] } {
  const instruments = instrumentsOf(midi);
  const parts = instruments.filter(({ isDrum }) => !isDrum);
  const drums = instruments.length - parts.length;
  const [only] = parts;
  const piece: PianoPiece =
    parts.length === 1
      ? { notes: only.notes, ...(only.pedal.length > 0 && { pedal: only.pedal }) }
      : { notes: soundingNotes(midi) };
  if (piece.notes.length === 0) {
    const why = drums > 0 ? 'holds nothing but drums' : 'holds no notes';
    throw new CadenzaError(`${midi.name}: ${why}, nothing to play on from; choose another primer`);
  }
  const remarks: string[] = [];
  if (drums > 0) remarks.push('drums are left out');
  if (parts.length > 1) remarks.push(`${parts.length} instruments are heard as one piano`);
  const beyond = countBeyondPiano(piece.notes);
  if (beyond > 0) {
    const which = beyond === 1 ? '1 note' : `${beyond} notes`;
    const is = beyond === 1 ? 'is' : 'are';
    remarks.push(`${which} beyond the piano's keys ${is} heard in the nearest octave on it`);
  }
  return { ...piece, remarks };
}
