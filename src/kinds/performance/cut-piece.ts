/**
 * Between a piece that goes on and the events of a performance model: what it hears of it, and what it plays.
 */
import type { KeyEvent } from '../../notes/cut.js';
import { type TickTime, velocityOf } from '../../notes/grid.js';
import { createNoteTable } from '../../notes/note-table.js';
import { type PianoPiece, soundingOf } from '../../notes/transform.js';
import { eventTicks } from '../../representation/event-order.js';
import {
  type EventRepresentation,
  type EventTable,
  NONE,
  roundingOf,
  valuesAfter,
} from '../../representation/events.js';
import { PERFORMANCE } from '../../representation/performance.js';
import { eventsUpTo, type PlayedEvent } from './perform.js';

/** A piece up to a cut, as a performance model hears it. */
export interface Cut {
  readonly events: EventTable;
  /** When the last event is, from which the model counts; seconds of the piece. */
  readonly origin: number;
  /** Seconds of silence from there to the cut. */
  readonly silence: number;
  /** When that silence ends. */
  readonly from: number;
  /** Seconds of the piece to seconds that the model counts from the last event on, at an even tempo. */
  countedAt(seconds: number): number;
  /** An event that the model played, in seconds of the piece. */
  keyEventOf(played: PlayedEvent): KeyEvent;
}

/** What is heard of a piece that is cut at `cut` seconds. A cut after its last event leaves no silence. */
export function cutPiece(
  piece: PianoPiece,
  cut: number,
  representation: EventRepresentation = PERFORMANCE,
): Cut {
  const sounding = soundingOf(piece);
  const rounding = roundingOf(representation);
  const isEmpty = sounding.length === 0 || cut < sounding.start[0];
  const heard = isEmpty ? { ...createNoteTable(0), beats: sounding.beats } : sounding;
  const grid = rounding.gridOf(heard);
  // Time begins with the cut where there is nothing before it, or with its bar.
  const time = rounding.timeOf(isEmpty ? { ...heard, start: Float64Array.of(Math.max(0, cut)) } : heard);
  const cutTick = time.roundedTick(isEmpty ? Math.max(0, cut) : cut);
  const events = eventsUpTo(grid, cutTick, representation);
  const ticks = eventTicks(grid)[events.length - 1] ?? 0;
  const rate = representation.playing?.rateOf(valuesAfter(representation, events)) ?? Number.NaN;
  let lastTick = 0;
  for (const offset of grid.offset) lastTick = Math.max(lastTick, offset);
  const silentTicks = isEmpty || cutTick < lastTick ? cutTick - ticks : 0;
  return {
    events,
    origin: time.secondsAt(ticks),
    silence: silentTicks / rate,
    from: time.secondsAt(ticks + silentTicks),
    countedAt: (seconds) => (time.tickAt(seconds) - ticks) / rate,
    keyEventOf: (played) => keyEventOf(played, time, ticks),
  };
}

function keyEventOf({ tick, pitch, velocity }: PlayedEvent, time: TickTime, origin: number): KeyEvent {
  return {
    time: time.secondsAt(origin + tick),
    pitch,
    velocity: velocity === NONE ? 0 : velocityOf(velocity),
  };
}
