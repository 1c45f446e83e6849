/** The key of a piece, and how its pitches are spelled in it. */
import type { NoteTable } from '../notes/note-table.js';

/**
 * How much each degree of the chromatic scale belongs to major and minor, as listeners rated it: Krumhansl
 * and Kessler 1982.
 */
const PROFILES = [
  [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  [6.33, 2.68, 3.52, 5.38, 2.6, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
];
/** Fifths from C to the relative major of a minor key's tonic. */
const MINOR = -3;

/** Sharps of the key signature that suits notes best; flats where negative. None where there are no notes. */
export function keyOfNotes({ length, pitch, start, end }: NoteTable): number {
  const classes = new Float64Array(12);
  for (let n = 0; n < length; n++) classes[pitch[n] % 12] += end[n] - start[n];
  let [best, fifths] = [Number.NEGATIVE_INFINITY, 0];
  if (length === 0) return fifths;
  for (const [mode, profile] of PROFILES.entries()) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const fit = correlation(
        classes,
        profile.map((_, i) => profile[(i - tonic + 12) % 12]),
      );
      if (fit <= best) continue;
      best = fit;
      // So many fifths above C, −5 to 6.
      const up = ((tonic * 7 + (mode === 1 ? MINOR : 0) + 17) % 12) - 5;
      fifths = up;
    }
  }
  return fifths;
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (list: ArrayLike<number>) =>
    Array.from(list).reduce((sum, each) => sum + each, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return aa > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** A pitch as it is written. */
export interface Spelled {
  readonly step: 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G';
  /** Semitones by which it is raised; lowered where negative. */
  readonly alter: number;
  /** The octave in which its letter lies; 4 begins with middle C. */
  readonly octave: number;
}

const STEPS = ['F', 'C', 'G', 'D', 'A', 'E', 'B'] as const;
/** Semitones of each letter above C. */
const SEMITONES: Record<Spelled['step'], number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
/** On the line of fifths a key has its own notes, and so many raised ones before lowered ones begin. */
const RAISED = 3;

/** A pitch as it is spelled in a key: on the line of fifths, near to its own notes. */
export function spelledIn(fifths: number, pitch: number): Spelled {
  // On the line of fifths C is 0, G 1, F −1; the notes of a key lie from fifths − 1 to fifths + 5.
  const highest = fifths + 5 + RAISED;
  const place = highest - ((((highest - pitch * 7) % 12) + 12) % 12);
  const step = STEPS[(((place + 1) % 7) + 7) % 7];
  const alter = Math.floor((place + 1) / 7);
  return { step, alter, octave: (pitch - alter - SEMITONES[step]) / 12 - 1 };
}
