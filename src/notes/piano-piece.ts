/** A file as a piano piece: what its keys and its pedal do, and what had to be changed for it. */
import { CadenzaError } from '../errors.js';
import type { MidiFile } from '../midi/midi-file.js';
import { countBeyondPiano } from './grid.js';
import { type Heard, listen, listeningRemarks, pedalOf } from './listen.js';
import type { NoteTable } from './note-table.js';
import { type PianoPiece, sustainExtended } from './transform.js';

/**
 * The piano piece that a file holds. The pedal stays apart where only one channel plays and it alone holds
 * notes; else the notes are as they sound.
 *
 * @returns the piece, and `remarks` in words on what was merged, moved or left out; none for a plain piano
 *   piece
 * @throws CadenzaError when there is nothing to play on from
 *
 * @example
 * import { readFileSync } from 'node:fs';
 * import { pianoPieceOf, readMidi } from 'cadenza';
 *
 * const { notes, pedal, remarks } = pianoPieceOf(readMidi(readFileSync('piece.mid'), 'piece.mid'));
 * console.log(notes.length, pedal?.length, remarks);
 */
export function pianoPieceOf(midi: MidiFile): PianoPiece & { readonly remarks: readonly string[] } {
  const heard = listen(midi);
  const { notes, drums } = heard;
  if (notes.length === 0) {
    const why = drums > 0 ? 'holds nothing but drums' : 'holds no notes';
    throw new CadenzaError(`${midi.name}: ${why}, nothing to play on from; choose another primer`);
  }
  const remarks = listeningRemarks(heard);
  if (drums > 0) remarks.push('drums are left out');
  const parts = new Set(notes.channel.map((channel, n) => channel * 128 + notes.program[n])).size;
  if (parts > 1) remarks.push(`${parts} instruments are heard as one piano`);
  const beyond = countBeyondPiano(notes);
  if (beyond > 0) {
    const which = beyond === 1 ? '1 note' : `${beyond} notes`;
    const is = beyond === 1 ? 'is' : 'are';
    remarks.push(`${which} beyond the piano's keys ${is} heard in the nearest octave on it`);
  }
  return { ...(keysAndPedal(heard) ?? { notes: soundingOnly(heard) }), remarks };
}

function soundingOnly({ notes: { length, pitch, velocity, start, end } }: Heard): NoteTable {
  return { length, pitch, velocity, start, end };
}

/**
 * How much earlier a key may be let go so that a pedal which goes down in the same moment comes too late to
 * hold it.
 */
const INSTANT = 1e-6;

/** Keys and the pedal of the only channel, if together they sound as what was heard. */
function keysAndPedal(heard: Heard): PianoPiece | undefined {
  const { notes } = heard;
  const [channel] = notes.channel;
  if (notes.channel.some((other) => other !== channel)) return undefined;
  const pedal = pedalOf(heard, channel);
  if (pedal.length === 0) return undefined;
  const ends = notes.released.slice();
  const keys: NoteTable = { ...soundingOnly(heard), end: ends };
  const extended = sustainExtended(keys, pedal).end;
  // Where something else held or damped a note, its key takes that over.
  for (let n = 0; n < notes.length; n++) {
    if (extended[n] === notes.end[n]) continue;
    ends[n] = extended[n] > notes.end[n] ? notes.end[n] - INSTANT : notes.end[n];
  }
  const { end } = sustainExtended(keys, pedal);
  const isSame = end.every((time, n) => Math.abs(time - notes.end[n]) <= INSTANT);
  return isSame ? { notes: keys, pedal } : undefined;
}
