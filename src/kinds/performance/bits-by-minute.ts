/** Bits a note of pieces, minute by minute. */
import type { Engine } from '../../engine/engine.js';
import { CadenzaError } from '../../errors.js';
import type { NoteTable } from '../../notes/note-table.js';
import { eventTicks } from '../../representation/event-order.js';
import { roundingOf } from '../../representation/events.js';
import type { Loaded } from '../kind.js';
import { BitsEvaluator } from './bits.js';
import { EventLstm } from './network.js';

/** Events that are measured together: a part of a minute. */
const STEPS = 32;
const MINUTE = 60;
/** A minute with fewer notes says little. */
const FEWEST = 100;

/**
 * Bits a note of every minute, over all pieces that have notes in it.
 *
 * @throws CadenzaError when the model says no event for every strike and release
 */
export async function bitsByMinute(
  { model, parameters }: Loaded<EventLstm>,
  engine: Engine,
  pieces: readonly NoteTable[],
): Promise<number[]> {
  const { config, representation } = model;
  if (representation.playing === undefined) {
    throw new CadenzaError(`a model of ${representation.name} events is not measured minute by minute`);
  }
  const short = new EventLstm(config, representation, STEPS);
  const rounding = roundingOf(representation);
  const grids = pieces.map((notes) => rounding.gridOf(notes));
  const seconds = grids.map((grid, n) => {
    const { secondsAt } = rounding.timeOf(pieces[n]);
    const origin = secondsAt(grid.onset[0] ?? 0);
    return Array.from(eventTicks(grid), (tick) => secondsAt(tick) - origin);
  });
  const evaluator = await BitsEvaluator.create(short, engine, parameters, [], Math.min(32, pieces.length));
  const bits: number[] = [];
  const events: number[] = [];
  try {
    const walk = evaluator.walk(grids, undefined, ({ piece, from, count, bits: all }) => {
      for (let e = from; e < from + count; e++) {
        const minute = Math.floor(seconds[piece][e] / MINUTE);
        while (bits.length <= minute) {
          bits.push(0);
          events.push(0);
        }
        bits[minute] += all / count;
        events[minute]++;
      }
    });
    while (!(await walk.next()).done);
  } finally {
    await evaluator.release();
  }
  // A note is a strike and a release.
  const isEnough = events.map((count) => count >= 2 * FEWEST);
  const last = isEnough.indexOf(false);
  return bits.map((sum, minute) => (2 * sum) / events[minute]).slice(0, last < 0 ? undefined : last);
}
