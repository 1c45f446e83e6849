/**
 * Joining what is played on to what was there: where a piece is cut, what is heard of it, and how keys that were held
 * over the cut go on until they are released in what follows.
 */
import { lastAtMost } from '../midi/binary-search.js';
import { type GridNotes, gridOf, keyOf, LOWEST_PITCH, TICKS_PER_SECOND, velocityOf } from '../notes/grid.js';
import { createNoteTable, mergeNotes, type NoteTable, selectNotes } from '../notes/note-table.js';
import type { Pedal } from '../notes/pedal.js';
import { type PianoPiece, soundingOf } from '../notes/piano-piece.js';
import { eventTicks } from '../representation/event-order.js';
import { type EventTable, NONE } from '../representation/events.js';
import { type PlayedEvent, primerEvents } from './perform.js';

/** A key struck or released in a piece. */
export interface KeyEvent {
  /** Seconds from the beginning of the piece. */
  readonly time: number;
  readonly pitch: number;
  /** 1 … 127 for a strike, 0 for a release. */
  readonly velocity: number;
}

/** An event that a performance model played, in seconds of the piece; `origin` is from where the model counts. */
export function keyEventOf({ time, pitch, velocity }: PlayedEvent, origin: number): KeyEvent {
  return { time: origin + time, pitch, velocity: velocity === NONE ? 0 : velocityOf(velocity) };
}

/** A piece up to a cut, as a performance model hears it. */
export interface Cut {
  readonly events: EventTable;
  /** When the last event is, from which the model counts; seconds of the piece. */
  readonly origin: number;
  /** Seconds of silence from there to the cut. */
  readonly silence: number;
}

const TICK = 1 / TICKS_PER_SECOND;
/** Seconds: what is struck less than this after a cut is still heard before it. */
export const HALF_TICK = TICK / 2;

/** What is heard of a piece that is cut at `cut` seconds. A cut after its last event leaves no silence. */
export function cutPiece(piece: PianoPiece, cut: number): Cut {
  const sounding = soundingOf(piece);
  if (sounding.length === 0 || cut < sounding.start[0]) {
    return { events: primerEvents(emptyGrid()), origin: Math.max(0, cut), silence: 0 };
  }
  const [first] = sounding.start;
  const cutTick = Math.round((cut - first) * TICKS_PER_SECOND);
  const grid = gridOf(sounding);
  const events = primerEvents(grid, (cutTick + 0.5) / TICKS_PER_SECOND);
  const ticks = eventTicks(grid)[events.length - 1] ?? 0;
  let lastTick = 0;
  for (const offset of grid.offset) lastTick = Math.max(lastTick, offset);
  const silence = cutTick < lastTick ? (cutTick - ticks) / TICKS_PER_SECOND : 0;
  return { events, origin: first + ticks / TICKS_PER_SECOND, silence };
}

function emptyGrid(): GridNotes {
  return gridOf(createNoteTable(0));
}

/**
 * The part of a piece before a cut. Keys that sound over the cut are held until `after` releases or strikes them, at
 * least to the cut, at most to `end`.
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
 * Strikes and releases as notes. A release of a key that was not struck is left out; what is still held sounds to `end`.
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

/** The pedal's movements up to a time, at which it is lifted. */
function pedalBefore(pedal: Pedal, cut: number): Pedal {
  const movements: [number, number][] = [];
  for (let i = 0; i < pedal.length && pedal.time[i] <= cut; i++) {
    movements.push([pedal.time[i], pedal.value[i]]);
  }
  if (movements.length > 0 && movements[movements.length - 1][1] > 0) movements.push([cut, 0]);
  return pedalOf(movements);
}

/** The pedal's movements from a time on. Where it is down then, it goes down a moment later: what ends there ends. */
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
