/**
 * Which hand plays which note: the cheapest way for two hands through a piece, found by dynamic programming
 * over chords. In a chord the lower notes are the left hand's, the higher ones the right hand's; where it is
 * divided depends on where the hands come from and where they go next.
 */
import { middlesOf } from './middle.js';
import type { NoteTable } from './note-table.js';

export const RIGHT = 0;
export const LEFT = 1;

/** Strikes within so many seconds of the first one are one chord. */
const CHORD_SECONDS = 0.03;
/** What a hand reaches: semitones in comfort (an octave), and at most (a tenth). */
const OCTAVE = 12;
export const WIDEST = 16;
export const FINGERS = 5;

// Prices are in parts of one: what a note for which there is no finger would cost six of.
const NO_FINGER = 6;
/** Of a semitone beyond the octave, and beyond a tenth. */
const WIDE = 0.5;
const TOO_WIDE = 4;
/** Of a semitone by which a hand's chord and the one before lie apart, beyond a whole tone, times 1 s. */
const MOVE = 0.007;
const NEAR = 2;
/** The time that every movement takes besides. */
const MOVE_SECONDS = 0.3;
/** Of such a semitone where the chord before still sounds: the hand may have to hold it. */
const LEAVE = 0.15;
/** What still sounds only so many seconds longer has been left already. */
const LEGATO_SECONDS = 0.02;
/**
 * Of a semitone by which the left hand lies above the right one, and how soon that is forgotten, in seconds.
 */
const CROSS = 0.1;
const CROSS_SECONDS = 1.5;
/** Of a semitone that a note lies on the other hand's side of the middle. */
const REGISTER = 0.06;
/** How many ways are followed up at once. The cheapest one is hardly ever below the tenth. */
const WAYS = 24;

/** Where a hand lies: its last chord, when it was struck, and until when it sounds. */
interface Hand {
  readonly low: number;
  readonly high: number;
  readonly time: number;
  readonly until: number;
}

interface Way {
  readonly cost: number;
  readonly hands: readonly [right: Hand, left: Hand];
  /** Index of the way that it goes on from, and how many notes of the chord the left hand takes. */
  readonly from: number;
  readonly left: number;
}

const never = { time: Number.NEGATIVE_INFINITY, until: Number.NEGATIVE_INFINITY };
const RESTING: readonly [right: Hand, left: Hand] = [
  { low: 67, high: 72, ...never },
  { low: 48, high: 55, ...never },
];

/**
 * @param notes N notes, ascending by start
 * @returns (N) `RIGHT` or `LEFT`
 *
 * @example
 * import { builtInOpening, handsOf, LEFT } from 'cadenza';
 *
 * const hands = handsOf(builtInOpening());
 * console.log(hands.filter((hand) => hand === LEFT).length, 'notes for the left hand');
 */
export function handsOf(notes: NoteTable): Uint8Array {
  const chords = chordsOf(notes);
  const middles = middlesOf(notes);
  let ways: Way[] = [{ cost: 0, hands: RESTING, from: 0, left: 0 }];
  const from = new Uint8Array(chords.length * WAYS);
  const left = new Uint8Array(chords.length * WAYS);
  for (const [c, chord] of chords.entries()) {
    ways = waysOn(ways, notes, chord, middles[chord[0]]);
    for (const [w, way] of ways.entries()) {
      from[c * WAYS + w] = way.from;
      left[c * WAYS + w] = way.left;
    }
  }
  const hands = new Uint8Array(notes.length);
  for (let c = chords.length - 1, way = 0; c >= 0; way = from[c * WAYS + way], c--) {
    const taken = left[c * WAYS + way];
    for (const [n, note] of chords[c].entries()) hands[note] = n < taken ? LEFT : RIGHT;
  }
  return hands;
}

/** Notes that are struck together, each chord from low to high. */
function chordsOf({ length, start, pitch }: NoteTable): number[][] {
  const chords: number[][] = [];
  let first = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < length; n++) {
    // More notes than keys are no chord.
    if (start[n] - first > CHORD_SECONDS || chords[chords.length - 1].length === 128) {
      first = start[n];
      chords.push([]);
    }
    chords[chords.length - 1].push(n);
  }
  for (const chord of chords) chord.sort((a, b) => pitch[a] - pitch[b] || a - b);
  return chords;
}

/**
 * The cheapest ways through one more chord, the cheapest first; of those that leave the hands alike only one.
 */
function waysOn(ways: readonly Way[], notes: NoteTable, chord: readonly number[], middle: number): Way[] {
  const pitches = chord.map((note) => notes.pitch[note]);
  const time = chord.reduce((first, note) => Math.min(first, notes.start[note]), Number.POSITIVE_INFINITY);
  const best = new Map<number, Way>();
  for (let left = 0; left <= pitches.length; left++) {
    const standing = costOfChord(pitches, left, middle);
    const leftHand = handOf(notes, chord.slice(0, left), time);
    const rightHand = handOf(notes, chord.slice(left), time);
    for (const [from, { cost: before, hands }] of ways.entries()) {
      const [right, other] = [rightHand ?? hands[RIGHT], leftHand ?? hands[LEFT]];
      let cost = before + standing;
      if (rightHand) cost += costOfMove(hands[RIGHT], rightHand);
      if (leftHand) cost += costOfMove(hands[LEFT], leftHand);
      const since = time - Math.min(right.time, other.time);
      cost += CROSS * Math.max(0, other.high - right.low) * Math.exp(-since / CROSS_SECONDS);
      const key = ((right.low * 128 + right.high) * 128 + other.low) * 128 + other.high;
      const known = best.get(key);
      if (known === undefined || cost < known.cost)
        best.set(key, { cost, hands: [right, other], from, left });
    }
  }
  return [...best.values()].sort((a, b) => a.cost - b.cost).slice(0, WAYS);
}

/** A hand with these notes, from low to high; none without notes. */
function handOf({ pitch, end }: NoteTable, notes: readonly number[], time: number): Hand | undefined {
  if (notes.length === 0) return undefined;
  const until = notes.reduce((last, note) => Math.max(last, end[note]), 0);
  return { low: pitch[notes[0]], high: pitch[notes[notes.length - 1]], time, until };
}

/** Of what the hands take of a chord, wherever they were. */
function costOfChord(pitches: readonly number[], left: number, middle: number): number {
  let cost = 0;
  for (const [n, pitch] of pitches.entries()) {
    cost += REGISTER * Math.max(0, n < left ? pitch - middle : middle - pitch);
  }
  for (const [from, to] of [
    [0, left],
    [left, pitches.length],
  ]) {
    if (to === from) continue;
    const span = pitches[to - 1] - pitches[from];
    cost += WIDE * Math.max(0, span - OCTAVE) + TOO_WIDE * Math.max(0, span - WIDEST);
    cost += NO_FINGER * Math.max(0, to - from - FINGERS);
  }
  return cost;
}

/**
 * Of a hand's way from one chord to the next: the dearer the less time there is, or if something is still to
 * be held.
 */
function costOfMove(before: Hand, now: Hand): number {
  const apart = Math.max(before.high, now.high) - Math.min(before.low, now.low);
  const mayHold = now.time < before.until - LEGATO_SECONDS;
  const price = MOVE / (now.time - before.time + MOVE_SECONDS) + (mayHold ? LEAVE : 0);
  return price * Math.max(0, apart - NEAR);
}
