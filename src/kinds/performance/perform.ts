/**
 * Playing with the performance model: it hears a primer, then says event after event, each drawn from what it
 * predicts and from what is allowed. Several variations play side by side as the rows of one batch; the cost
 * of an event does not depend on how many came before.
 */
import type { Engine } from '../../engine/engine.js';
import { type GridNotes, TICKS_PER_SECOND, velocityOf } from '../../notes/grid.js';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import { eventTicks } from '../../representation/event-order.js';
import { type EventRepresentation, type EventTable, NONE } from '../../representation/events.js';
import { PERFORMANCE } from '../../representation/performance.js';
import { lastAtMost } from '../../search.js';
import type { Loaded } from '../kind.js';
import type { EventLstm } from './network.js';
import type { PerformOptions, PlayedEvent } from './perform-options.js';
import { Performer } from './performer.js';

export type { PerformOptions, PlayedEvent } from './perform-options.js';

/**
 * Plays on from a primer's events, event by event. What sounds at the end is released there. Keys that sound
 * when the primer ends (see {@link primerEvents}) are the model's to release too. Who plays again and again
 * with one model keeps a {@link Performer}.
 *
 * @throws CadenzaError when the model cannot play (`midi-like`, `note-tuples`), constraints clash, or it
 *   predicts no finite numbers
 *
 * @example
 * import { builtInOpening, gridOf, notesOfEvents, perform, primerEvents } from 'cadenza';
 * import { createOnnxEngine, loadModel } from 'cadenza/node';
 *
 * const events = [];
 * const primer = primerEvents(gridOf(builtInOpening()), 10);
 * const options = { notes: 20, seed: 1 };
 * for await (const event of perform(await loadModel('maestro'), await createOnnxEngine(), primer, options)) {
 *   events.push(event);
 * }
 * console.log(notesOfEvents(events).length); // 20
 */
export async function* perform(
  loaded: Loaded<EventLstm>,
  engine: Engine,
  primer: EventTable,
  options: PerformOptions = {},
): AsyncGenerator<PlayedEvent, void, undefined> {
  const performer = new Performer(loaded, engine);
  try {
    yield* performer.play(primer, options);
  } finally {
    await performer.release();
  }
}

/** What was played of one variation, as notes; releases of keys that the primer struck are left out. */
export function notesOfEvents(
  events: readonly Pick<PlayedEvent, 'pitch' | 'time' | 'velocity'>[],
): NoteTable {
  const strikes = events.filter(({ velocity }) => velocity !== NONE);
  const notes = createNoteTable(strikes.length);
  const open = new Map<number, number>();
  let note = 0;
  for (const { pitch, time, velocity } of events) {
    const sounding = open.get(pitch);
    if (sounding !== undefined) notes.end[sounding] = time;
    open.delete(pitch);
    if (velocity === NONE) continue;
    open.set(pitch, note);
    notes.pitch[note] = pitch;
    notes.velocity[note] = velocityOf(velocity);
    notes.start[note] = time;
    notes.end[note++] = time;
  }
  return notes;
}

/**
 * The events of a primer, up to `cut` seconds after its first note: what sounds then is still held.
 *
 * @param representation of the model that is to play, an event for every strike and release
 */
export function primerEvents(
  grid: GridNotes,
  cut = Number.POSITIVE_INFINITY,
  representation: EventRepresentation = PERFORMANCE,
): EventTable {
  return eventsUpTo(grid, cut * TICKS_PER_SECOND, representation);
}

/** The events up to a tick: what sounds then is still held. */
export function eventsUpTo(grid: GridNotes, tick: number, representation: EventRepresentation): EventTable {
  const { columns } = representation.encode(grid);
  const kept = lastAtMost(eventTicks(grid), tick) + 1;
  return { length: kept, columns: columns.map((column) => column.subarray(0, kept)) };
}
