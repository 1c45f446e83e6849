/** The chords that are asked for, where they lie in the piece, and those that it has already. */
import {
  beatAt,
  CadenzaError,
  type ChordSpan,
  chordLine,
  chordsNamed,
  chordsOfTune,
  chordsOver,
  type NoteTable,
  readChords,
  secondsAtBeat,
  soundingOf,
} from '../../../src/index.js';
import { complain } from '../state/messages.js';
import { countedBeats, shownBeats } from '../state/session-beats.js';
import { changeSettings } from '../state/settings.js';
import { cutOf, sessionOf, shownPiece, studio } from './studio.js';

/** Beats before the marker whose chords are read where no span is selected. */
const BEATS_READ = 32;

/** A chord with its name, in time. */
export type NamedSpan = ChordSpan & { readonly name: string };

/**
 * The chords of a line over a span of the piece, from the bar in which it begins.
 *
 * @throws CadenzaError when one of them is not known
 */
export function chordsIn(text: string, from: number, to: number): NamedSpan[] {
  if (text.trim() === '') return [];
  const chords = chordsNamed(text);
  // Links hold them: a tenth of a millisecond is nothing.
  const rounded = (seconds: number) => Math.round(seconds * 1e4) / 1e4;
  return chordsOver(chords, countedBeats(sessionOf()), from, to).map((span, i) => ({
    ...span,
    from: rounded(span.from),
    to: rounded(span.to),
    name: chords[i % chords.length].name,
  }));
}

/** A line of chords that songs have to such a tune; none where its bars are not known. */
export function chordsTo(tune: NoteTable, from: number, to: number): string {
  const beats = shownBeats(sessionOf());
  return beats === undefined ? '' : chordLine(chordsOfTune(tune, beats, from, to));
}

/** Reads the chords of the selected span, or of what is before the marker, into the field. */
export function readFromPiece(): void {
  const { selection } = studio.get();
  const piece = shownPiece();
  const beats = countedBeats(sessionOf());
  const cut = cutOf();
  const span = selection ?? { start: secondsAtBeat(beats, beatAt(beats, cut) - BEATS_READ), end: cut };
  const chords = readChords(soundingOf(piece), beats, span.start, span.end);
  if (chords.length === 0)
    complain(new CadenzaError('there is nothing from which to read chords; select bars'));
  else changeSettings({ chords: chordLine(chords) });
}
