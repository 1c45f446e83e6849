/**
 * What hands and a foot do so that notes sound as long as they are to: keys are held as long as hands hold
 * them, and the sustain pedal does the rest.
 *
 * Hands: a hand keeps a key down until it strikes another one with which the keys that it holds would be more
 * than five or span more than a tenth; then it leaves those out of reach, or the oldest. Pedal: down, it
 * prolongs everything; so between two ends of notes it may be down, and at an end of a note it lifts. It is
 * down where keys need it, where several notes end together, and where none has ended for long: that agrees
 * best with what players do. What sounds on over the end of another note must be held by a hand until then,
 * reach or not: no pedal can do it.
 */

import type { TempoMap } from '../midi/tempo-map.js';
import { lastAtMost } from '../search.js';
import { FINGERS, LEFT, WIDEST } from './hands.js';
import type { NoteTable } from './note-table.js';
import type { NotesOnTicks } from './on-ticks.js';

/** What would sound by pedal for less than this is held, in seconds. */
const SHORTEST = 0.05;
/** How long a foot takes to come down again after it lifted, where there is time, in seconds. */
const FOOT = 0.08;
/** Where nothing has ended for so long, feet are mostly down, in seconds. */
const LONG = 0.7;
const DOWN = 127;
const UP = 0;

export interface Pedalling {
  /** (N) ticks at which the keys are let go. */
  readonly releaseTick: Float64Array;
  /** Positions of the sustain pedal from a tick on. */
  readonly movements: ReadonlyMap<number, number>;
}

/**
 * @param notes by the index that `ticks.source` has
 * @param hands (N) of the same index
 */
export function pedallingOf(
  notes: NoteTable,
  ticks: NotesOnTicks,
  hands: Uint8Array,
  map: TempoMap,
): Pedalling {
  const { startTick, endTick } = ticks;
  const ends = endsOfSound(notes, ticks);
  /** Index into `ends` of the last end before a note's own, −1 if there is none. */
  const before = endTick.map((tick) => lastAtMost(ends, tick - 1));
  const least = startTick.map((tick, n) => Math.max(tick, ends[before[n]] ?? 0) + 1);
  const releaseTick = endTick.slice();
  for (const [note, tick] of handReleases(notes, ticks, hands)) {
    const release = Math.max(tick, least[note]);
    const isLong = map.secondsAt(endTick[note]) - map.secondsAt(release) >= SHORTEST;
    if (release < endTick[note] && isLong) releaseTick[note] = release;
  }
  const movements = new Map<number, number>();
  for (const [end, { from, release, isLikely }] of gaps(ticks, ends, before, releaseTick, map)) {
    const rested = end < 0 ? 0 : Math.max(ends[end] + 1, map.tickAt(map.secondsAt(ends[end]) + FOOT));
    const down = Math.min(release, Math.max(rested, from));
    if (release === Number.POSITIVE_INFINITY && (!isLikely || down >= ends[end + 1])) continue;
    movements.set(down, DOWN);
    movements.set(ends[end + 1], UP);
  }
  return { releaseTick, movements };
}

/** The time between two ends of sound, in ticks. */
interface Gap {
  /** When the first note is struck that sounds to the gap's end. */
  readonly from: number;
  /** When the first key is let go that the pedal must hold; infinite if there is none. */
  readonly release: number;
  /** Whether a player would have the pedal down: several notes end together, or none ended for long. */
  readonly isLikely: boolean;
}

/** Gaps in which something sounds to the end, by the index of the end before. */
function gaps(
  { startTick, endTick }: NotesOnTicks,
  ends: ArrayLike<number>,
  before: Float64Array,
  releaseTick: Float64Array,
  map: TempoMap,
): Map<number, Gap> {
  const found = new Map<number, Gap>();
  for (let n = 0; n < endTick.length; n++) {
    const known = found.get(before[n]);
    const end = ends[before[n] + 1];
    // A note that is struck again goes on as the next one.
    const isEnding = endTick[n] === end;
    const release = releaseTick[n] < endTick[n] ? releaseTick[n] : Number.POSITIVE_INFINITY;
    if (!isEnding && release === Number.POSITIVE_INFINITY) continue;
    const since = Math.max(ends[before[n]] ?? 0, startTick[n]);
    const isLong = map.secondsAt(end) - map.secondsAt(since) >= LONG;
    found.set(before[n], {
      from: Math.min(known?.from ?? Number.POSITIVE_INFINITY, startTick[n]),
      release: Math.min(known?.release ?? Number.POSITIVE_INFINITY, release),
      isLikely: known !== undefined || isLong,
    });
  }
  return found;
}

/** Ticks at which notes end that are not struck again there, each once, ascending. */
function endsOfSound({ pitch }: NoteTable, { source, startTick, endTick }: NotesOnTicks): number[] {
  const strikes = new Set(startTick.map((tick, n) => tick * 128 + pitch[source[n]]));
  const ends = endTick.filter((tick, n) => !strikes.has(tick * 128 + pitch[source[n]]));
  return [...new Set(ends.sort())];
}

/** Notes whose keys a hand leaves before they end, and when: in ticks, by the order of `ticks`. */
function* handReleases(
  { pitch }: NoteTable,
  { source, startTick, endTick }: NotesOnTicks,
  hands: Uint8Array,
): Generator<[note: number, tick: number]> {
  const held: number[][] = [[], []];
  const pitchOf = (n: number) => pitch[source[n]];
  for (let n = 0; n < source.length; n++) {
    const hand = hands[source[n]] === LEFT ? 1 : 0;
    const tick = startTick[n];
    const isHeld = (other: number) => endTick[other] > tick && pitchOf(other) !== pitchOf(n);
    const keys = held[hand].filter(isHeld);
    for (;;) {
      const left = keyToLeave(keys.map(pitchOf), pitchOf(n));
      if (left < 0) break;
      yield [keys[left], tick];
      keys.splice(left, 1);
    }
    held[hand] = [...keys, n];
  }
}

/** Which of a hand's keys, from the oldest on, it leaves to strike another one; −1 if it reaches all. */
function keyToLeave(keys: readonly number[], struck: number): number {
  const beyond = keys.findIndex((key) => Math.abs(key - struck) > WIDEST);
  if (beyond >= 0) return beyond;
  const [low, high] = [Math.min(struck, ...keys), Math.max(struck, ...keys)];
  if (high - low > WIDEST) return keys.findIndex((key) => key === low || key === high);
  return keys.length >= FINGERS ? 0 : -1;
}
