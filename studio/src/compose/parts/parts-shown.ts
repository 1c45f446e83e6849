/** The parts that are told apart on the page: which there are, and which of them are played. */
import { type NoteTable, selectNotes } from '../../../../src/index.js';
import { nameOf } from '../../state/edited.js';
import type { Assembled } from '../../state/material.js';
import { handParts, type Parts, trackParts } from '../../state/parts.js';
import { type PartsBy, type StudioState, sessionOf, shownPiece, studio } from '../studio.js';

const known = new WeakMap<Assembled, Partial<Record<PartsBy, Parts>>>();

/** Parts of what is shown, by hands or by tracks. */
export function partsOf(by: 'tracks' | 'hands', state: StudioState = studio.get()): Parts {
  const piece = shownPiece(state);
  const ofPiece = known.get(piece) ?? {};
  known.set(piece, ofPiece);
  ofPiece[by] ??= by === 'hands' ? handParts(piece) : trackParts(sessionOf(state), piece, state.materials);
  return ofPiece[by];
}

/**
 * The parts into which what is shown is written: hands where these are shown, else the tracks of its file.
 */
export const partsShown = (state: StudioState = studio.get()): Parts =>
  partsOf(state.partsBy === 'hands' ? 'hands' : 'tracks', state);

/** Those of some notes of the piece that are played: not those of parts that are silent. */
export function audible(notes: NoteTable, state: StudioState = studio.get()): NoteTable {
  const { partsBy, silent } = state;
  if (partsBy === 'making' || silent.size === 0) return notes;
  const { names, of } = partsOf(partsBy, state);
  const piece = shownPiece(state);
  const mute = new Set<string>();
  for (let n = 0; n < piece.notes.length; n++) if (silent.has(names[of[n]])) mute.add(nameOf(piece.notes, n));
  return selectNotes(
    notes,
    Array.from(notes.start.keys()).filter((n) => !mute.has(nameOf(notes, n))),
  );
}

/** Notes as the roll shows parts: the first, all others, and those that are not played. */
export function lookOfParts(
  piece: Assembled,
  by: 'tracks' | 'hands',
  silent: ReadonlySet<string>,
): Record<'upper' | 'lower' | 'silent', NoteTable> {
  const { names, of } = partsOf(by);
  const all = Array.from(of.keys());
  const isSilent = (n: number) => silent.has(names[of[n]]);
  return {
    silent: selectNotes(piece.notes, all.filter(isSilent)),
    lower: selectNotes(
      piece.notes,
      all.filter((n) => !isSilent(n) && of[n] > 0),
    ),
    upper: selectNotes(
      piece.notes,
      all.filter((n) => !isSilent(n) && of[n] === 0),
    ),
  };
}

/** Has a part played or not; the others stay as they are. */
export function toggleSilent(name: string): void {
  const silent = new Set(studio.get().silent);
  if (!silent.delete(name)) silent.add(name);
  studio.set({ silent });
}

/** Has only one part played, or all again where that is so already. */
export function toggleSolo(name: string): void {
  const { partsBy, silent } = studio.get();
  if (partsBy === 'making') return;
  const others = partsOf(partsBy).names.filter((each) => each !== name);
  const isSolo = !silent.has(name) && others.every((each) => silent.has(each));
  studio.set({ silent: new Set(isSolo ? [] : others) });
}
