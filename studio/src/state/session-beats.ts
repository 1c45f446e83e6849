/** Where the beats and bars of a session lie. */
import { type Beats, beatsOf, beatsOfFile, readMidi, soundingOf } from '../../../src/index.js';
import type { Session, Source } from './session.js';

const ofFiles = new WeakMap<Source, Beats | undefined>();
const found = new WeakMap<Source, Beats>();

/**
 * Those that a model of musical time is told: set by hand, or those of the file; where undefined, it finds
 * them itself, as it does everywhere.
 */
export function knownBeats({ beats, source }: Session): Beats | undefined {
  return beats ?? beatsOfSource(source);
}

/** Those that can be counted on: set by hand, of an opening of the studio's, or of a file on a grid. */
export const shownBeats = (session: Session): Beats | undefined =>
  session.beats ?? session.source.beats ?? knownBeats(session);

/** Some to count bars by in any case: those that are known, else those that are found in the notes. */
export function countedBeats(session: Session): Beats {
  return shownBeats(session) ?? foundBeats(session.source);
}

/** Beats as they are found in the notes of a source; even ones where none are. */
export function foundBeats(source: Source): Beats {
  const known = found.get(source) ?? beatsOf(soundingOf(source));
  found.set(source, known);
  return known;
}

function beatsOfSource(source: Source): Beats | undefined {
  if (!ofFiles.has(source)) {
    const { file, title } = source;
    ofFiles.set(source, file && beatsOfFile(readMidi(file, title)));
  }
  return ofFiles.get(source);
}
