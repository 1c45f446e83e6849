/** The piece that is shown, as a MIDI file that fits the one it began with. */
import {
  continuedFile,
  fileOnGridOf,
  HALF_TICK,
  midiFromNotes,
  midiOnBeats,
  type NoteTable,
  playedFile,
  readMidi,
  type Shape,
  shiftNotes,
  soundingOf,
} from '../../../src/index.js';
import type { Assembled } from '../state/material.js';
import type { Parts } from '../state/parts.js';
import { type Session, type Take, takeOf } from '../state/session.js';

/** Takes from the first, which goes on from the primer, to this one. */
function chainOf(session: Session, take: Take | undefined): Take[] {
  if (take === undefined) return [];
  return [...chainOf(session, takeOf(session, take.parent)), take];
}

/** When each pitch of what was given sounds for the last time, seconds after a cut. */
function lastEnds({ length, pitch, end }: NoteTable, cut: number): Map<number, number> {
  const ends = new Map<number, number>();
  for (let n = 0; n < length; n++) ends.set(pitch[n], Math.max(ends.get(pitch[n]) ?? 0, end[n] - cut));
  return ends;
}

/**
 * All that is shown, in bars that were set by hand where there are such. Else, as long as it only goes on
 * from a file, the file's events stay as they are and what was made is added; what was rewritten or played
 * by hand stands with all other notes in one track, or in those of their parts, in the time of the file. A
 * shape is given to what was made, or to everything where nothing of the file stays.
 */
export function wholeFile(session: Session, piece: Assembled, shape?: Shape, parts?: Parts): Uint8Array {
  const { file } = session.source;
  if (session.beats !== undefined) {
    const { notes, pedal } = piece;
    const isPedalled = shape?.isPedalled === true;
    return midiOnBeats(isPedalled ? soundingOf(piece) : notes, session.beats, {
      trackName: 'Piano',
      shape,
      parts,
      ...(pedal && !isPedalled && { pedal }),
    });
  }
  if (file === undefined) {
    if (shape?.isPedalled) return midiFromNotes(soundingOf(piece), { trackName: 'Piano', shape });
    return midiFromNotes(piece.notes, { trackName: 'Piano', pedal: piece.pedal, shape });
  }
  const chain = chainOf(session, takeOf(session, session.current));
  if (chain.length === 0) {
    return shape === undefined
      ? file
      : fileOnGridOf(readMidi(file, session.source.title), piece, 'Piano', shape);
  }
  const midi = readMidi(file, session.source.title);
  const isChanged = chain.some(({ until, recipe }) => until !== undefined || recipe.isPlayed);
  if (isChanged) return fileOnGridOf(midi, piece, 'Piano', shape, parts);
  // What is struck within half a tick of the cut is still of the file.
  const cut = Math.min(...chain.map((take) => take.cut)) + HALF_TICK;
  const last = session.source.notes.end.reduce((latest, end) => Math.max(latest, end), 0);
  const ends = lastEnds(piece.given, cut);
  const place = { at: cut, isCut: cut < last };
  return continuedFile(
    midi,
    place,
    shiftNotes(piece.made, -cut),
    (pitch) => ends.get(pitch) ?? 0,
    'Continuation',
    shape,
  );
}

/** Only what was made, from its first note on; of a file, from the bar in which that is. */
export function madeFile(session: Session, { made }: Assembled): Uint8Array {
  const from = made.start[0] ?? 0;
  const notes = shiftNotes(made, -from);
  const { file, title } = session.source;
  if (file === undefined) return midiFromNotes(notes, { trackName: 'Piano' });
  return playedFile(readMidi(file, title), { at: from, isCut: true }, notes, 'Piano');
}
