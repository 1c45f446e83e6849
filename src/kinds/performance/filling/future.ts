/** How likely what comes after a gap is, given what it was filled with: many fills in one batch. */
import type { Engine, Program } from '../../../engine/engine.js';
import { compileEvaluation } from '../../../model/sharding.js';
import { KEYS } from '../../../notes/grid.js';
import { type EventTable, NONE } from '../../../representation/events.js';
import type { Loaded } from '../../kind.js';
import { EventBatch, EventRow } from '../event-batch.js';
import { EventLstm } from '../network.js';
import { nextStates, type States } from '../prefill.js';
import { LEAST_SHARDED } from '../row-programs.js';
import type { Particle } from './particle.js';

/** Keys that still sound at the end of the span, for which there is room beside what is given. */
const MOST_RELEASES = 12;

/** What hears so many events of so many rows. */
export class Future {
  private constructor(
    private readonly loaded: Loaded<EventLstm>,
    private readonly model: EventLstm,
    private readonly program: Program,
    readonly rows: number,
    readonly events: number,
  ) {}

  static async compile(
    loaded: Loaded<EventLstm>,
    engine: Engine,
    rows: number,
    events: number,
    shards: readonly Engine[] = [],
  ): Promise<Future> {
    const { config, representation } = loaded.model;
    const model = new EventLstm(config, representation, events + MOST_RELEASES);
    const program = await compileEvaluation(model, rows, engine, rows >= LEAST_SHARDED ? shards : []);
    await program.bind({ parameters: loaded.parameters });
    return new Future(loaded, model, program, rows, events);
  }

  /**
   * Nats of the first events that are given after the span, for each particle. That what still sounds there
   * is released is nobody's choice, and does not count.
   *
   * @param states of the particles
   */
  async nats(particles: readonly Particle[], states: States): Promise<Float64Array> {
    const { representation, steps } = this.model;
    const batch = new EventBatch(representation, steps, this.rows);
    const weights = Object.entries(batch.feeds).flatMap(([name, feed]) =>
      name.endsWith('Weight') ? [feed] : [],
    );
    const rows = particles.map((particle) => {
      const { voice } = particle;
      const row = new EventRow(representation);
      const { events, isOwn } = this.eventsAfter(particle);
      row.goOn(events, voice.tracker, voice.values);
      return { row, isOwn };
    });
    const nats = new Float64Array(particles.length);
    // Where much still sounds, there may be more events than fit at once.
    for (let carried = states; rows.some(({ row }) => !row.isOver); ) {
      for (const [i, { row, isOwn }] of rows.entries()) {
        const from = row.length - row.left;
        const count = row.fill(batch, i);
        for (let t = 0; t < count; t++)
          if (isOwn[from + t]) for (const weight of weights) weight[t * this.rows + i] = 0;
      }
      const result = await this.program.run({ ...batch.feeds, ...carried });
      for (const i of particles.keys()) nats[i] += result.loss[i] * steps;
      carried = nextStates(this.model, result);
    }
    return nats;
  }

  /** What is given, and among it the releases of what still sounds at the end of the span. */
  private eventsAfter({ gap, held, now, index }: Particle): {
    readonly events: EventTable;
    readonly isOwn: readonly boolean[];
  } {
    const { playing, attributes } = this.loaded.model.representation;
    const after = gap.given.slice(index, index + this.events);
    // All releases of a tick come first, from low to high.
    const first = after.findIndex(({ tick, isStrike }) => tick > gap.to || isStrike);
    const given = after.map((event) => ({ ...event, isOwn: false }));
    const releases = given.splice(0, first < 0 ? given.length : first);
    for (const key of held) {
      const values = after[0].values.map((value, k) => (k < attributes.length ? NONE : value));
      values[gap.symbol] = KEYS + key;
      releases.push({ tick: gap.to, values, key, isStrike: false, isOwn: true });
    }
    releases.sort((a, b) => a.key - b.key);
    const all = [...releases, ...given];
    const rows = all.map(({ tick, values }, i) => {
      const last = i === 0 ? now : all[i - 1].tick;
      return [...(playing?.timeValues(tick - last, last) ?? []), ...values.slice(gap.symbol)];
    });
    const columns = after[0].values.map((_, k) => Int32Array.from(rows, (row) => row[k]));
    return { events: { length: rows.length, columns }, isOwn: all.map(({ isOwn }) => isOwn) };
  }

  release(): Promise<void> {
    return this.program.release();
  }
}
