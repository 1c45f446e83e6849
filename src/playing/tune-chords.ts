/**
 * Chords to a tune, as songs have them: a hidden Markov model over bars, whose likeliest path is found by
 * Viterbi's algorithm in every key. What it knows are counts of songs (`tune-chord-table.ts`).
 */
import { type Beats, barTimes } from '../notes/beats.js';
import type { NoteTable } from '../notes/note-table.js';
import { type Chord, chordsNamed } from './chords.js';
import { FLAT_ROOTS, NO_BAR, spelled } from './read-chords.js';
import { DEGREES, FOLLOWS, TONES } from './tune-chord-table.js';

/** Semitones above the root, major and minor. */
export const TRIADS = [
  [0, 4, 7],
  [0, 3, 7],
];
const STATES = 24;
/** How much a bar full of notes tells against what usually follows: tried from 2 to 20. */
const HEARD = 12;
const CHORDS = chordsNamed([...FLAT_ROOTS, ...FLAT_ROOTS.map((root) => `${root}m`)].join(' '));

/**
 * Chords to a tune, one a bar.
 *
 * @param tune its notes as they sound
 * @param from seconds; the first bar is the one in which it lies
 *
 * @example
 * import { chordsOfTune, evenBeats, notesOfKeys } from 'cadenza';
 *
 * const keys = [60, 64, 67, 65, 62, 59].flatMap((pitch, i) => [
 *   { time: (i * 2) / 3, pitch, velocity: 80 },
 *   { time: ((i + 1) * 2) / 3, pitch, velocity: 0 },
 * ]);
 * const chords = chordsOfTune(notesOfKeys(keys, 4), evenBeats(0, 120, 4), 0, 4);
 * console.log(chords.map(({ name }) => name)); // two bars
 */
export function chordsOfTune(tune: NoteTable, beats: Beats, from: number, to: number): Chord[] {
  const secondsAt = barTimes(beats, from);
  // counted from the tune's first note, so that a tie (a whole-tone scale) is broken alike in every key
  const first = tune.length > 0 ? tune.pitch[0] % 12 : 0;
  const bars: Float64Array[] = [];
  for (let bar = 0; secondsAt(bar) < to - NO_BAR; bar++)
    bars.push(classesIn(tune, first, secondsAt(bar), secondsAt(bar + 1)));
  if (bars.length === 0) return [];
  let best = { score: Number.NEGATIVE_INFINITY, path: [] as number[] };
  for (let key = 0; key < 12; key++) {
    const found = likeliestPath(bars, key);
    if (found.score > best.score) best = found;
  }
  const chordAt = (state: number) => CHORDS[state - (state % 12) + (((state % 12) + first) % 12)];
  return spelled(best.path.map(chordAt));
}

/** How long each pitch class sounds, as parts of the time: as many semitones above `first` as its index. */
function classesIn(
  { length, pitch, start, end }: NoteTable,
  first: number,
  from: number,
  to: number,
): Float64Array {
  const classes = new Float64Array(12);
  for (let n = 0; n < length; n++)
    classes[(pitch[n] + 12 - first) % 12] +=
      Math.max(0, Math.min(end[n], to) - Math.max(start[n], from)) / (to - from);
  return classes;
}

function likeliestPath(bars: readonly Float64Array[], key: number): { score: number; path: number[] } {
  let scores = Float64Array.from({ length: STATES }, (_, state) => heard(state, bars[0], key));
  const origins: Uint8Array[] = [];
  for (const classes of bars.slice(1)) {
    const next = new Float64Array(STATES);
    const origin = new Uint8Array(STATES);
    for (let state = 0; state < STATES; state++) {
      let best = Number.NEGATIVE_INFINITY;
      for (let before = 0; before < STATES; before++) {
        const score = scores[before] + follow(before, state);
        if (score <= best) continue;
        best = score;
        origin[state] = before;
      }
      next[state] = best + heard(state, classes, key);
    }
    origins.push(origin);
    scores = next;
  }
  const score = Math.max(...scores);
  const path = [scores.indexOf(score)];
  for (const origin of origins.reverse()) path.unshift(origin[path[0]]);
  return { score, path };
}

/** The logarithm of how likely a triad is in a key with these notes over it. */
function heard(state: number, classes: Float64Array, key: number): number {
  const [quality, root] = [Math.floor(state / 12), state % 12];
  const tones = TONES[quality];
  let score = Math.log(DEGREES[12 * quality + ((root - key + 12) % 12)]);
  for (let c = 0; c < 12; c++) score += HEARD * classes[c] * Math.log(tones[(c - root + 12) % 12]);
  return score;
}

/** The logarithm of how likely a triad follows another one. */
function follow(before: number, state: number): number {
  const [quality, interval] = [Math.floor(state / 12), (state - before + STATES) % 12];
  return Math.log(FOLLOWS[Math.floor(before / 12)][12 * quality + interval]);
}
