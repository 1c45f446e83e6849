/**
 * A span of a piece that is to be filled, and what is given before, within and after it, as events on ticks.
 */
import { CadenzaError } from '../../../errors.js';
import { KEYS, type TickTime } from '../../../notes/grid.js';
import { type NoteTable, selectNotes } from '../../../notes/note-table.js';
import { eventTicks } from '../../../representation/event-order.js';
import { type EventRepresentation, type EventTable, roundingOf } from '../../../representation/events.js';
import { SYMBOLS } from '../../../representation/performance.js';
import type { GivenPiece } from '../../kind.js';

/** An event that is given. */
export interface GivenEvent {
  /** Of the piece's grid. */
  readonly tick: number;
  /** Of all columns; those that say when are as if no event were between it and the one before. */
  readonly values: readonly number[];
  readonly key: number;
  readonly isStrike: boolean;
}

export interface Gap {
  /** What is heard before the span. */
  readonly primer: EventTable;
  /** The tick of its last event. */
  readonly now: number;
  /** The span: the first tick that is free, and the first that is not any more. */
  readonly from: number;
  readonly to: number;
  /** What is given from there on, in order. */
  readonly given: readonly GivenEvent[];
  readonly time: TickTime;
  /** Which attribute says the key; the next one says how hard it is struck. */
  readonly symbol: number;
}

/** The notes of a piece that stay: all but those that begin in the span, unless they are kept. */
export function keptNotes(
  notes: NoteTable,
  { from, to }: Pick<GivenPiece, 'from' | 'to'>,
  isKept: (note: number) => boolean = () => false,
): NoteTable {
  const { start, beats } = notes;
  const stay = Array.from(start.keys()).filter((n) => start[n] < from || start[n] >= to || isKept(n));
  return { ...selectNotes(notes, stay), ...(beats && { beats }) };
}

/**
 * @param kept the notes that stay, as they sound; what begins in the span is given there
 * @throws CadenzaError when nothing is given before the end of the span, or it has no length
 */
export function gapOf(
  kept: NoteTable,
  { from, to }: Pick<GivenPiece, 'from' | 'to'>,
  representation: EventRepresentation,
): Gap {
  const rounding = roundingOf(representation);
  if (kept.length === 0 || kept.start[0] >= to) {
    throw new CadenzaError(
      'there must be notes before the span or in it, for the model to go on from; let it begin later',
    );
  }
  const grid = rounding.gridOf(kept);
  const time = rounding.timeOf(kept);
  // Time begins with the first note, or its bar.
  const [first, end] = [from, to].map((seconds) => Math.max(0, time.roundedTick(seconds)));
  if (!(end > first)) throw new CadenzaError(`there is nothing to fill from ${from} to ${to} seconds`);
  const { columns, length } = representation.encode(grid);
  const ticks = eventTicks(grid);
  let heard = 0;
  while (heard < length && ticks[heard] < first) heard++;
  const symbol = representation.attributes.findIndex(({ size }) => size === SYMBOLS);
  const symbols = columns[symbol];
  const given = Array.from({ length: length - heard }, (_, i) => {
    const e = heard + i;
    return {
      tick: ticks[e],
      values: columns.map((column) => column[e]),
      key: symbols[e] % KEYS,
      isStrike: symbols[e] < KEYS,
    };
  });
  const primer = { length: heard, columns: columns.map((column) => column.subarray(0, heard)) };
  return { primer, now: heard > 0 ? ticks[heard - 1] : 0, from: first, to: end, given, time, symbol };
}
