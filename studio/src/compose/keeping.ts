/** What stays in a span that is made anew: nothing, some notes, what was set by hand, a hand, or a track. */
import { handsOf, LEFT, Random, RIGHT } from '../../../src/index.js';
import { nameOf } from '../state/edited.js';
import type { Assembled, Materials } from '../state/material.js';
import { editOf, fileTracksOf, trackOfNotes } from '../state/parts.js';
import type { Session, Source } from '../state/session.js';

/** `track:3` is the fourth track of the file. */
export type Keeping = 'nothing' | 'half' | 'own' | 'right' | 'left' | `track:${number}`;

/** What may be kept whatever the piece is, in words. */
export const USUAL_KEEPING: readonly (readonly [Keeping, string])[] = [
  ['nothing', 'nothing'],
  ['half', 'half of the notes'],
  ['own', 'what I set by hand'],
  ['right', 'the right hand'],
  ['left', 'the left hand'],
];

/** Whether the rest is played to what is kept, as an accompaniment to a tune. */
export const isTune = (keeping: Keeping) => !['nothing', 'half', 'own'].includes(keeping);

/** The tracks of a source's file that may be kept, where there are several. */
export function tracksOf(source: Source): readonly { readonly keeping: Keeping; readonly name: string }[] {
  const tracks = fileTracksOf(source);
  return tracks.length < 2
    ? []
    : tracks.map(({ track, name }) => ({ keeping: `track:${track}` as const, name }));
}

/**
 * The places of the notes that begin in a span and stay.
 *
 * @param seed chooses half of the notes, as `cadenza fill --keep 0.5` does
 */
export function keptIn(
  piece: Assembled,
  { start: from, end: to }: { readonly start: number; readonly end: number },
  keeping: Keeping,
  of: { readonly session: Session; readonly materials: Materials; readonly seed: number },
): number[] {
  const { notes } = piece;
  const inSpan = Array.from(notes.start.keys()).filter((n) => notes.start[n] >= from && notes.start[n] < to);
  switch (keeping) {
    case 'nothing':
      return [];
    case 'half': {
      const random = new Random(of.seed).fork('kept notes');
      return inSpan.filter(() => random.next() < 0.5);
    }
    case 'own': {
      const edit = editOf(of.session, of.materials);
      if (edit === undefined) return [];
      const own = new Set(
        Array.from(edit.notes.start.keys()).flatMap((n) => (edit.isOwn[n] ? [nameOf(edit.notes, n)] : [])),
      );
      return inSpan.filter((n) => own.has(nameOf(notes, n)));
    }
    case 'right':
    case 'left': {
      const hands = handsOf(notes);
      return inSpan.filter((n) => hands[n] === (keeping === 'left' ? LEFT : RIGHT));
    }
    default: {
      const tracks = trackOfNotes(of.session, notes, of.materials);
      const track = Number(keeping.slice('track:'.length));
      return inSpan.filter((n) => tracks[n] === track);
    }
  }
}
