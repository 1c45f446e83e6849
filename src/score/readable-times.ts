/** Onsets and lengths as one would write them: each beat on the simplest lines that its notes are near to. */
import { TICKS } from './note-values.js';

/** A note of a staff, in ticks that need not be whole. */
export interface TimedNote {
  readonly pitch: number;
  readonly staff: number;
  readonly start: number;
  readonly end: number;
}

/** A note in whole ticks. */
export interface PlacedNote {
  readonly pitch: number;
  readonly staff: number;
  readonly start: number;
  readonly length: number;
}

/**
 * Ticks from line to line, and what writing so costs against being off: beats, halves, quarters, thirds,
 * sixths, eighths of a beat.
 */
const LINES: readonly (readonly [every: number, cost: number])[] = [
  [24, 0],
  [12, 0.5],
  [6, 1.5],
  [8, 2.5],
  [3, 5],
  [4, 5],
];
/** Part of a beat by which onsets are off by chance: they cost one at about this. */
const JITTER = 0.06;
/** Of what is between two onsets of a hand, so much may be silence and is written as held. */
const LIFTED = 0.5;
/** Ticks up to which a rest is no rest in reading. */
const SHORT_REST = 6;
/** Ticks beyond which a rest is one, however long the note. */
const LONGEST_HELD = 2 * TICKS;
/** Part of a note by which it may ring into the next one of its hand. */
const RINGS_ON = 0.35;

export function readableTimes(notes: readonly TimedNote[]): PlacedNote[] {
  const lines = linesOf(notes);
  const onLine = (tick: number) => {
    const beat = Math.floor(tick / TICKS);
    const every = lines.get(beat) ?? TICKS / 2;
    return beat * TICKS + every * Math.round((tick - beat * TICKS) / every);
  };
  const onsets = [1, 2].map((staff) => {
    const own = notes.filter((note) => note.staff === staff).map(({ start }) => Math.max(0, onLine(start)));
    return [...new Set(own)].sort((a, b) => a - b);
  });
  const placed = new Map<string, PlacedNote>();
  for (const note of notes) {
    const { pitch, staff } = note;
    const start = Math.max(0, onLine(note.start));
    const shortest = lines.get(Math.floor(start / TICKS)) ?? TICKS / 2;
    const next = onsets[staff - 1].find((onset) => onset > start);
    const end = heldTo(Math.max(start + Math.min(shortest, TICKS / 2), onLine(note.end)), start, next);
    const key = `${staff} ${pitch} ${start}`;
    const before = placed.get(key);
    if (before === undefined || before.length < end - start)
      placed.set(key, { pitch, staff, start, length: end - start });
  }
  return cutAtRestrikes([...placed.values()].sort((a, b) => a.start - b.start || a.pitch - b.pitch));
}

/** By beat, ticks from line to line. */
function linesOf(notes: readonly TimedNote[]): Map<number, number> {
  const byBeat = new Map<number, number[]>();
  for (const { start } of notes) {
    const beat = Math.floor(start / TICKS);
    const own = byBeat.get(beat) ?? [];
    byBeat.set(beat, own);
    own.push(start - beat * TICKS);
  }
  const lines = new Map<number, number>();
  for (const [beat, ticks] of byBeat) {
    let best = Number.POSITIVE_INFINITY;
    for (const [every, cost] of LINES) {
      let off = cost;
      for (const tick of ticks) off += ((tick - every * Math.round(tick / every)) / TICKS / JITTER) ** 2 / 2;
      if (off >= best) continue;
      best = off;
      lines.set(beat, every);
    }
  }
  return lines;
}

/** The end as it is written, given where the hand strikes next. */
function heldTo(end: number, start: number, next = Number.POSITIVE_INFINITY): number {
  const between = next - start;
  const rest = next - end;
  if (rest > 0) {
    const isHeld =
      between <= LONGEST_HELD && (rest <= SHORT_REST || (rest < TICKS && rest <= LIFTED * between));
    return isHeld ? next : end;
  }
  return -rest <= RINGS_ON * (end - start) ? next : end;
}

/** A key that is struck again sounded no longer. */
function cutAtRestrikes(notes: readonly PlacedNote[]): PlacedNote[] {
  const next = new Map<string, number>();
  const cut: PlacedNote[] = [];
  for (const note of [...notes].reverse()) {
    const key = `${note.staff} ${note.pitch}`;
    const until = next.get(key) ?? Number.POSITIVE_INFINITY;
    next.set(key, note.start);
    cut.push({ ...note, length: Math.min(note.length, until - note.start) });
  }
  return cut.reverse();
}
