/** What stays in a span that is made anew: nothing, some notes, a hand, or a track of the file. */
import { handsOf, LEFT, listen, Random, RIGHT, readMidi } from '../../../src/index.js';
import type { Assembled } from '../state/material.js';
import type { Source } from '../state/session.js';

/** `track:3` is the fourth track of the file. */
export type Keeping = 'nothing' | 'half' | 'right' | 'left' | `track:${number}`;

/** What may be kept whatever the piece is, in words. */
export const USUAL_KEEPING: readonly (readonly [Keeping, string])[] = [
  ['nothing', 'nothing'],
  ['half', 'half of the notes'],
  ['right', 'the right hand'],
  ['left', 'the left hand'],
];

/** A track with notes. */
export interface PlayedTrack {
  readonly keeping: Keeping;
  readonly name: string;
  /** Its notes as {@link nameOf} says them. */
  readonly notes: ReadonlySet<string>;
}

const nameOf = (pitch: number, start: number) => `${pitch} ${start}`;

const knownTracks = new WeakMap<Source, readonly PlayedTrack[]>();

/** The tracks of a source's file, where there are several with notes. */
export function tracksOf(source: Source): readonly PlayedTrack[] {
  const known = knownTracks.get(source) ?? readTracks(source);
  knownTracks.set(source, known);
  return known;
}

function readTracks({ file, title }: Source): readonly PlayedTrack[] {
  if (file === undefined) return [];
  const midi = readMidi(file, title);
  const { notes } = listen(midi);
  const byTrack = new Map<number, Set<string>>();
  for (let n = 0; n < notes.length; n++) {
    const own = byTrack.get(notes.track[n]) ?? new Set();
    byTrack.set(notes.track[n], own.add(nameOf(notes.pitch[n], notes.start[n])));
  }
  if (byTrack.size < 2) return [];
  return [...byTrack].map(([track, own]) => ({
    keeping: `track:${track}` as const,
    name: midi.tracks[track].name?.trim() || `track ${track + 1}`,
    notes: own,
  }));
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
  { source, seed }: { readonly source: Source; readonly seed: number },
): number[] {
  const { notes } = piece;
  const inSpan = Array.from(notes.start.keys()).filter((n) => notes.start[n] >= from && notes.start[n] < to);
  if (keeping === 'nothing') return [];
  if (keeping === 'half') {
    const random = new Random(seed).fork('kept notes');
    return inSpan.filter(() => random.next() < 0.5);
  }
  if (keeping === 'right' || keeping === 'left') {
    const hands = handsOf(notes);
    return inSpan.filter((n) => hands[n] === (keeping === 'left' ? LEFT : RIGHT));
  }
  const track = tracksOf(source).find((each) => each.keeping === keeping);
  return inSpan.filter((n) => track?.notes.has(nameOf(notes.pitch[n], notes.start[n])));
}
