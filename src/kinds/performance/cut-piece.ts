/**
 * Between a piece that goes on and the events of a performance model: what it hears of it, and what it plays.
 */
import type { KeyEvent } from '../../notes/cut.js';
import { type GridNotes, gridOf, TICKS_PER_SECOND, velocityOf } from '../../notes/grid.js';
import { createNoteTable } from '../../notes/note-table.js';
import { type PianoPiece, soundingOf } from '../../notes/transform.js';
import { eventTicks } from '../../representation/event-order.js';
import { type EventRepresentation, type EventTable, NONE } from '../../representation/events.js';
import { PERFORMANCE } from '../../representation/performance.js';
import { type PlayedEvent, primerEvents } from './perform.js';

/**
 * An event that a performance model played, in seconds of the piece; `origin` is from where the model counts.
 */
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

/** What is heard of a piece that is cut at `cut` seconds. A cut after its last event leaves no silence. */
export function cutPiece(
  piece: PianoPiece,
  cut: number,
  representation: EventRepresentation = PERFORMANCE,
): Cut {
  const sounding = soundingOf(piece);
  if (sounding.length === 0 || cut < sounding.start[0]) {
    return { events: primerEvents(emptyGrid(), 0, representation), origin: Math.max(0, cut), silence: 0 };
  }
  const [first] = sounding.start;
  const cutTick = Math.round((cut - first) * TICKS_PER_SECOND);
  const grid = gridOf(sounding);
  const events = primerEvents(grid, (cutTick + 0.5) / TICKS_PER_SECOND, representation);
  const ticks = eventTicks(grid)[events.length - 1] ?? 0;
  let lastTick = 0;
  for (const offset of grid.offset) lastTick = Math.max(lastTick, offset);
  const silence = cutTick < lastTick ? (cutTick - ticks) / TICKS_PER_SECOND : 0;
  return { events, origin: first + ticks / TICKS_PER_SECOND, silence };
}

function emptyGrid(): GridNotes {
  return gridOf(createNoteTable(0));
}
