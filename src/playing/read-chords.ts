/**
 * The chords that notes make, as a musician would write them above the bars: what sounds in a bar is compared
 * with the tones of each chord, and where its halves are of two chords both are written.
 */
import { type Beats, barTimes } from '../notes/beats.js';
import type { NoteTable } from '../notes/note-table.js';
import { type Chord, chordsNamed } from './chords.js';

/** Roots as they are written most, in keys with flats and in keys with sharps. */
export const FLAT_ROOTS = ['C', 'Db', 'D', 'Eb', 'E', 'F', 'F#', 'G', 'Ab', 'A', 'Bb', 'B'];
const SHARP_ROOTS = ['C', 'C#', 'D', 'D#', 'E', 'F', 'F#', 'G', 'G#', 'A', 'A#', 'B'];
/** Fifths from C, of roots that are white keys; the mean from which on a key has sharps rather than flats. */
const FIFTHS: Readonly<Record<string, number>> = { F: -1, C: 0, G: 1, D: 2, A: 3, E: 4, B: 5 };
const SHARP_FROM = 2.5;
/** What is looked for: simple chords, for what is written is to be played otherwise. */
const QUALITIES = ['', 'm', '7', 'm7', 'maj7', 'm7b5', 'dim7', 'sus4', 'aug'];
/** What a tone of a chord must add, as part of what sounds, to be worth writing. */
const TONE = 0.08;
/** Of what sounds and is no tone of a chord, so much counts against it. */
const FOREIGN = 1;
/** What it counts that the lowest note is the root, and any other tone of the chord. */
const [ROOT_BELOW, TONE_BELOW] = [0.15, 0.05];
/** Two chords in a bar must fit so much better than one. */
const SPLIT = 0.12;
/** Less than this of a bar, in seconds, is none. */
export const NO_BAR = 0.05;

const CANDIDATES: readonly Chord[] = FLAT_ROOTS.flatMap((root) =>
  QUALITIES.flatMap((quality) => chordsNamed(root + quality)),
);

/** How much of each pitch class sounds, as parts of 1, and the lowest note. */
interface Sounding {
  readonly classes: Float64Array;
  readonly lowest: number;
  readonly seconds: number;
}

/**
 * The chords of the bars from one time to another, one or two a bar. Silence goes on with the chord before;
 * none where nothing sounds at all.
 *
 * @param notes as they sound
 * @param from seconds; the first bar is the one in which it lies
 *
 * @example
 * import { beatsOf, builtInOpening, readChords } from 'cadenza';
 *
 * const notes = builtInOpening();
 * const chords = readChords(notes, beatsOf(notes), 0, 8);
 * console.log(chords.map(({ name }) => name)); // the first bars of a famous prelude
 */
export function readChords(notes: NoteTable, beats: Beats, from: number, to: number): Chord[] {
  const secondsAt = barTimes(beats, from);
  const chords: Chord[] = [];
  for (let bar = 0; secondsAt(bar) < to - NO_BAR; bar++) {
    const [begin, middle, end] = [secondsAt(bar), secondsAt(bar + 0.5), secondsAt(bar + 1)];
    const [whole, ...halves] = [
      [begin, end],
      [begin, middle],
      [middle, end],
    ].map(([start, stop]) => bestOf(soundingIn(notes, start, stop)));
    const [first, second] = halves;
    const isSplit =
      first !== undefined &&
      second !== undefined &&
      whole !== undefined &&
      first.chord !== second.chord &&
      (first.fit + second.fit) / 2 > whole.fit + SPLIT;
    if (isSplit) {
      chords.push({ ...first.chord, bars: 0.5 }, { ...second.chord, bars: 0.5 });
      continue;
    }
    const chord = whole?.chord ?? chords[chords.length - 1];
    if (chord !== undefined) chords.push({ ...chord, bars: 1 });
  }
  return spelled(chords);
}

/** The chords with their roots as the key that they are in has them. */
export function spelled(chords: readonly Chord[]): Chord[] {
  const places = chords.flatMap(({ pitchClasses: [root] }) => FIFTHS[FLAT_ROOTS[root]] ?? []);
  const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
  if (!(mean >= SHARP_FROM)) return [...chords];
  return chords.map((chord) => {
    const [root] = chord.pitchClasses;
    return { ...chord, name: chord.name.replace(FLAT_ROOTS[root], SHARP_ROOTS[root]) };
  });
}

/** Chords as they are typed: `C Am7 F:0.5 G:0.5`. */
export function chordLine(chords: readonly Chord[]): string {
  return chords.map(({ name, bars }) => (bars === 1 ? name : `${name}:${bars}`)).join(' ');
}

function soundingIn({ length, pitch, start, end }: NoteTable, from: number, to: number): Sounding {
  const classes = new Float64Array(12);
  let lowest = 128;
  let seconds = 0;
  for (let n = 0; n < length; n++) {
    const sounds = Math.min(end[n], to) - Math.max(start[n], from);
    if (sounds <= 0) continue;
    classes[pitch[n] % 12] += sounds;
    seconds += sounds;
    // What only rings over into it is no bass.
    if (start[n] > from - (to - from) / 8) lowest = Math.min(lowest, pitch[n]);
  }
  for (let c = 0; c < 12; c++) classes[c] /= Math.max(seconds, Number.EPSILON);
  return { classes, lowest, seconds };
}

/** The chord that fits best, and how well; undefined in silence. */
function bestOf({ classes, lowest, seconds }: Sounding): { chord: Chord; fit: number } | undefined {
  if (seconds === 0) return undefined;
  let best = { chord: CANDIDATES[0], fit: Number.NEGATIVE_INFINITY };
  for (const chord of CANDIDATES) {
    const { pitchClasses } = chord;
    const own = pitchClasses.reduce((sum, each) => sum + classes[each], 0);
    const place = lowest < 128 ? pitchClasses.indexOf(lowest % 12) : -1;
    const bass = place === 0 ? ROOT_BELOW : place > 0 ? TONE_BELOW : 0;
    const fit = own - FOREIGN * (1 - own) - TONE * pitchClasses.length + bass;
    if (fit > best.fit) best = { chord, fit };
  }
  return best;
}
