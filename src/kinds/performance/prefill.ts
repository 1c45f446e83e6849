/**
 * Prefill a primer: the states a model has after it. What was heard is remembered every few events, so that a
 * primer that only got longer, or was cut elsewhere, is not heard from its beginning again.
 */

import type { Program } from '../../engine/engine.js';
import type { EventTable } from '../../representation/events.js';
import { farBack } from '../../representation/recent-events.js';
import { EventBatch, EventRow } from './event-batch.js';
import type { EventLstm } from './network.js';

/** The carried states of one piece, by name. */
export type States = Readonly<Record<string, Float32Array>>;

/** Events of a primer that are heard at once. */
const LISTEN_STEPS = 64;
/** The last events of a primer that are heard: more than that no state remembers. */
const MOST_HEARD = 4096;

export class Prefill {
  private events: EventTable = { length: 0, columns: [] };
  private skipped = 0;
  /** The states after so many events, and by then all before them are known. */
  private readonly remembered = new Map<number, States>();

  constructor(
    private readonly model: EventLstm,
    /** Gives the program that hears so many events of one piece at once. */
    private readonly programFor: (steps: number) => Promise<Program>,
  ) {}

  /** The states after a primer's last event but one: what comes after is said with the last one. */
  async hear(primer: EventTable): Promise<States> {
    const skipped = Math.max(0, primer.length - MOST_HEARD);
    const from = this.open(primer, skipped);
    const { representation } = this.model;
    const row = new EventRow(representation);
    row.open(primer);
    row.skip(from, farBack(primer));
    let states = this.remembered.get(from) ?? this.zeros();
    for (const steps of [LISTEN_STEPS, 1]) {
      if (row.left < steps) continue;
      const program = await this.programFor(steps);
      const batch = new EventBatch(representation, steps, 1);
      while (row.left >= steps) {
        row.fill(batch, 0);
        states = nextStates(this.model, await program.run({ ...heardFeeds(batch), ...states }));
        if (steps > 1 || row.left === 0) this.remembered.set(primer.length - row.left, states);
      }
    }
    return states;
  }

  /** Forgets what does not belong to this primer; gives how many of its events are known already. */
  private open(primer: EventTable, skipped: number): number {
    const common = skipped === this.skipped ? commonLength(this.events, primer) : 0;
    for (const count of this.remembered.keys()) if (count > common) this.remembered.delete(count);
    this.events = primer;
    this.skipped = skipped;
    // Whole blocks only, so that what is heard does not depend on what was heard before.
    const isBoundary = (count: number) => count === primer.length || (count - skipped) % LISTEN_STEPS === 0;
    return [...this.remembered.keys()].filter(isBoundary).reduce((a, b) => Math.max(a, b), skipped);
  }

  private zeros(): States {
    const { carried, config } = this.model;
    return Object.fromEntries(carried.map((name) => [name, new Float32Array(config.hiddenSize)]));
  }
}

/** How many events two tables have in common from the start. */
function commonLength(a: EventTable, b: EventTable): number {
  const most = Math.min(a.length, b.length);
  for (let e = 0; e < most; e++) {
    if (a.columns.some((column, k) => column[e] !== b.columns[k][e])) return e;
  }
  return most;
}

/** What of a batch a model hears. */
export function heardFeeds({ feeds }: EventBatch): Record<string, Int32Array | Float32Array> {
  return Object.fromEntries(
    Object.entries(feeds).filter(([name]) => name.endsWith('Before') || name === 'context'),
  );
}

/** The states to carry on, from what a program answered. */
export function nextStates(model: EventLstm, result: Record<string, unknown>): Record<string, Float32Array> {
  return Object.fromEntries(model.carried.map((name) => [name, result[`next_${name}`] as Float32Array]));
}
