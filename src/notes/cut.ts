/**
 * Cutting and joining pieces: the part before a cut, with keys that are held over it, the part after it, and
 * what was played by hand or model as notes.
 */
import { lastAtMost } from '../search.js';
import { keyOf, LOWEST_PITCH, TICKS_PER_SECOND } from './grid.js';
import { createNoteTable, mergeNotes, type NoteTable, selectNotes } from './note-table.js';
import type { Pedal } from './pedal.js';
import { type PianoPiece, soundingOf } from './transform.js';

/** A key struck or released in a piece. */
export interface KeyEvent {
  /** Seconds from the beginning of the piece. */
  readonly time: number;
  readonly pitch: number;
  /** 1 … 127 for a strike, 0 for a release. */
  readonly velocity: number;
}

const TICK = 1 / TICKS_PER_SECOND;
/** Seconds: what is struck less than this after a cut is still heard before it. */
export const HALF_TICK = TICK / 2;

/**
 * The part of a piece before a cut. Keys that sound over the cut are held until `after` releases or strikes
 * them, at least to the cut, at most to `end`.
 *
 * @param first when the piece begins, where `piece` is only some of its notes
 */
export function headOf(
  piece: PianoPiece,
  cut: number,
  after: readonly KeyEvent[] = [],
  end = cut,
  first = piece.notes.start[0] ?? 0,
): PianoPiece {
  const sounding = soundingOf(piece);
  const tickOf = (seconds: number) => Math.round((seconds - first) * TICKS_PER_SECOND);
  const cutTick = tickOf(cut);
  const kept = Array.from(sounding.start.keys()).filter((i) => tickOf(sounding.start[i]) <= cutTick);
  const notes = selectNotes(piece.notes, kept);
  const ends = firstEvents(after);
  // Of several notes of a key the last one is held.
  const isTaken = new Set<number>();
  for (let n = kept.length - 1; n >= 0; n--) {
    const pitch = keyOf(notes.pitch[n]) + LOWEST_PITCH;
    const isHeld = tickOf(sounding.end[kept[n]]) > cutTick;
    if (isHeld) {
      const release = isTaken.has(pitch) ? cut : (ends.get(pitch) ?? end);
      notes.end[n] = Math.max(cut, notes.start[n], release);
    }
    isTaken.add(pitch);
  }
  return { notes, ...(piece.pedal && { pedal: pedalBefore(piece.pedal, cut) }) };
}

/** When each pitch first moves. */
export function firstEvents(events: readonly KeyEvent[]): Map<number, number> {
  const first = new Map<number, number>();
  for (const { pitch, time } of events) {
    first.set(pitch, Math.min(first.get(pitch) ?? Number.POSITIVE_INFINITY, time));
  }
  return first;
}

/** The part of a piece from `from` seconds on, unchanged. */
export function tailOf(piece: PianoPiece, from: number): PianoPiece {
  const { notes, pedal } = piece;
  const kept = Array.from(notes.start.keys()).filter((i) => notes.start[i] >= from);
  return { notes: selectNotes(notes, kept), ...(pedal && { pedal: pedalFrom(pedal, from) }) };
}

/** A piece's notes and pedal with those of another. Neither's notes are changed. */
export function joined(a: PianoPiece, b: PianoPiece): PianoPiece {
  const pedals = [a.pedal, b.pedal].filter((pedal) => pedal !== undefined);
  const notes = mergeNotes([a.notes, b.notes]);
  if (pedals.length === 0) return { notes };
  const movements = pedals.flatMap(({ time, value }) => Array.from(time, (at, i) => [at, value[i]] as const));
  return { notes, pedal: pedalOf(movements.sort(([s], [t]) => s - t)) };
}

/**
 * Strikes and releases as notes. A release of a key that was not struck is left out; what is still held
 * sounds to `end`.
 *
 * @example
 * import { notesOfKeys } from 'cadenza';
 *
 * const keys = [
 *   { time: 0, pitch: 60, velocity: 80 },
 *   { time: 0.5, pitch: 60, velocity: 0 },
 * ];
 * console.log(notesOfKeys(keys, 1).end[0]); // 0.5
 */
export function notesOfKeys(events: readonly KeyEvent[], end: number): NoteTable {
  const inTime = [...events].sort((a, b) => a.time - b.time);
  const strikes = inTime.filter(({ velocity }) => velocity > 0);
  const notes = createNoteTable(strikes.length);
  const open = new Map<number, number>();
  let note = 0;
  for (const { time, pitch, velocity } of inTime) {
    const sounding = open.get(pitch);
    if (sounding !== undefined) notes.end[sounding] = time;
    open.delete(pitch);
    if (velocity <= 0) continue;
    open.set(pitch, note);
    notes.pitch[note] = pitch;
    notes.velocity[note] = velocity;
    notes.start[note] = time;
    notes.end[note] = time;
    note++;
  }
  for (const sounding of open.values()) notes.end[sounding] = Math.max(notes.start[sounding], end);
  return notes;
}

/** Notes as strikes and releases, in time; at one time releases come first. */
export function keysOfNotes({ length, pitch, velocity, start, end }: NoteTable): KeyEvent[] {
  const keys: KeyEvent[] = [];
  for (let n = 0; n < length; n++) {
    keys.push({ time: start[n], pitch: pitch[n], velocity: velocity[n] });
    keys.push({ time: end[n], pitch: pitch[n], velocity: 0 });
  }
  return keys.sort((a, b) => a.time - b.time || Math.min(a.velocity, 1) - Math.min(b.velocity, 1));
}

/** The pedal's movements up to a time, at which it is lifted. */
function pedalBefore(pedal: Pedal, cut: number): Pedal {
  const movements: [number, number][] = [];
  for (let i = 0; i < pedal.length && pedal.time[i] <= cut; i++) {
    movements.push([pedal.time[i], pedal.value[i]]);
  }
  if (movements.length > 0 && movements[movements.length - 1][1] > 0) movements.push([cut, 0]);
  return pedalOf(movements);
}

/**
 * The pedal's movements from a time on. Where it is down then, it goes down a moment later: what ends there
 * ends.
 */
function pedalFrom(pedal: Pedal, from: number): Pedal {
  const movements: [number, number][] = [];
  const before = lastAtMost(pedal.time, from);
  for (let i = before + 1; i < pedal.length; i++) movements.push([pedal.time[i], pedal.value[i]]);
  if (before >= 0 && pedal.value[before] > 0 && !(movements[0]?.[0] <= from + TICK)) {
    movements.unshift([from + TICK, pedal.value[before]]);
  }
  return pedalOf(movements);
}

function pedalOf(movements: readonly (readonly [number, number])[]): Pedal {
  return {
    length: movements.length,
    time: Float64Array.from(movements, ([time]) => time),
    value: Uint8Array.from(movements, ([, value]) => value),
  };
}
