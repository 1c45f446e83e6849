/** From a file or from notes to what a kind of model plays on from. */
import { CadenzaError } from '../errors.js';
import type { MidiFile } from '../midi/midi-file.js';
import { beatsOfFile } from '../notes/find-beats.js';
import { beatsOf } from '../notes/metrical-grid.js';
import type { NoteTable } from '../notes/note-table.js';
import { pianoPieceOf } from '../notes/piano-piece.js';
import { READINGS } from '../notes/reading.js';
import { type PianoPiece, soundingOf } from '../notes/transform.js';
import type { Kind, Start } from './kind.js';

/**
 * What a kind of model plays on from: a file, or notes as they sound, read as it hears them.
 *
 * @param cut seconds of the piece at which to go on; its end where not given
 * @throws CadenzaError when there are no notes to play on from
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { kindNamed, readMidi, startOf } from 'cadenza';
 *
 * const midi = readMidi(readFileSync('piece.mid'), 'piece.mid');
 * const { cut, piece } = startOf(kindNamed('performance'), midi, 20);
 * console.log(cut, piece.notes.length);
 */
export function startOf(kind: Kind, from: MidiFile | NoteTable, cut?: number): Start {
  const { piece, heard } = 'pitch' in from ? hearNotes(kind, from) : hearFile(kind, from);
  const end = soundingOf(piece).end.reduce((latest, time) => Math.max(latest, time), 0);
  return { piece, ...(heard && { heard }), cut: Math.min(cut ?? end, end) };
}

interface HeardPiece {
  readonly piece: PianoPiece;
  readonly heard?: NoteTable;
}

function hearNotes({ reading }: Kind, notes: NoteTable): HeardPiece {
  if (notes.length === 0) throw new CadenzaError('there are no notes to play on from');
  if (reading !== 'beats') return { piece: { notes } };
  return { piece: { notes }, heard: { ...notes, beats: beatsOf(notes) } };
}

function hearFile({ reading }: Kind, midi: MidiFile): HeardPiece {
  if (reading === 'first' || reading === 'all') {
    const notes = READINGS[reading](midi);
    if (notes.length > 0) return { piece: { notes }, heard: notes };
    throw new CadenzaError(`${midi.name}: holds no notes to play on from; choose another primer`);
  }
  const piece = pianoPieceOf(midi);
  if (reading === 'sounding') return { piece };
  const sounding = soundingOf(piece);
  return { piece, heard: { ...sounding, beats: beatsOfFile(midi) ?? beatsOf(sounding) } };
}
