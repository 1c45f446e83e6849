/** The parts of a piece: tracks of the file it began with, what was made, the hands. */
import { handsOf, LEFT, listen, type NoteTable, readMidi } from '../../../src/index.js';
import { type EditedPiece, nameOf } from './edited.js';
import type { Assembled, Materials } from './material.js';
import { type Session, type Source, takeOf } from './session.js';

/** Parts by name, and which of them each note is of. */
export interface Parts {
  readonly names: readonly string[];
  /** (N) index into the names. */
  readonly of: Uint16Array;
}

/** A track of a file that has notes. */
export interface FileTrack {
  readonly track: number;
  readonly name: string;
  /** Its notes as {@link nameOf} says them. */
  readonly notes: ReadonlySet<string>;
}

const known = new WeakMap<Source, readonly FileTrack[]>();

/** The tracks of a source's file that have notes. */
export function fileTracksOf(source: Source): readonly FileTrack[] {
  const tracks = known.get(source) ?? readTracks(source);
  known.set(source, tracks);
  return tracks;
}

function readTracks({ file, title }: Source): readonly FileTrack[] {
  if (file === undefined) return [];
  const midi = readMidi(file, title);
  const { notes } = listen(midi);
  const byTrack = new Map<number, Set<string>>();
  for (let n = 0; n < notes.length; n++) {
    const own = byTrack.get(notes.track[n]) ?? new Set();
    byTrack.set(notes.track[n], own.add(nameOf(notes, n)));
  }
  return [...byTrack].map(([track, own]) => ({
    track,
    name: midi.tracks[track].name?.trim() || `track ${track + 1}`,
    notes: own,
  }));
}

/** The edit by hand on which what is shown rests; undefined where there is none. */
export function editOf(session: Session, materials: Materials): EditedPiece | undefined {
  for (let take = takeOf(session, session.current); take; take = takeOf(session, take.parent)) {
    const edit = materials[take.id]?.edited;
    if (edit !== undefined) return edit;
  }
  return undefined;
}

/** The file's track of each note; −1 where it is of none. */
export function trackOfNotes(session: Session, notes: NoteTable, materials: Materials): Int16Array {
  const tracks = new Map<string, number>();
  const edit = editOf(session, materials);
  if (edit === undefined) {
    for (const { track, notes } of fileTracksOf(session.source))
      for (const name of notes) tracks.set(name, track);
  } else for (let n = 0; n < edit.notes.length; n++) tracks.set(nameOf(edit.notes, n), edit.part[n]);
  return Int16Array.from(notes.start, (_, n) => tracks.get(nameOf(notes, n)) ?? -1);
}

/** What of a piece is of no track of its file. */
const NEW_PART = 'Cadenza';

/** The tracks of the file, and beside them what is of none of them. */
export function trackParts(session: Session, piece: Assembled, materials: Materials): Parts {
  const { notes } = piece;
  const tracks = fileTracksOf(session.source);
  const trackOf = trackOfNotes(session, notes, materials);
  const names = [...tracks.map(({ name }) => name), NEW_PART];
  const of = Uint16Array.from(trackOf, (track) => {
    const at = tracks.findIndex((each) => each.track === track);
    return at < 0 ? tracks.length : at;
  });
  return onlyUsed({ names, of });
}

/** Right hand and left hand. */
export function handParts({ notes }: Assembled): Parts {
  const hands = handsOf(notes);
  const of = Uint16Array.from(hands, (hand) => Number(hand === LEFT));
  return onlyUsed({ names: ['Right hand', 'Left hand'], of });
}

/** Without those that have no notes. */
function onlyUsed({ names, of }: Parts): Parts {
  const used = names.flatMap((_, i) => (of.includes(i) ? [i] : []));
  return { names: used.map((i) => names[i]), of: of.map((part) => used.indexOf(part)) };
}
