/** How likely what comes after a gap is, given what it was filled with: many fills in one batch. */
import type { Engine, Program } from '../../../engine/engine.js';
import { evaluationGraph } from '../../../model/graphs.js';
import { KEYS } from '../../../notes/grid.js';
import { type EventTable, NONE } from '../../../representation/events.js';
import type { Loaded } from '../../kind.js';
import { EventBatch, EventRow } from '../event-batch.js';
import type { Feeds } from '../feeds.js';
import { EventLstm } from '../network.js';
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
  ): Promise<Future> {
    const { config, representation } = loaded.model;
    const model = new EventLstm(config, representation, events + MOST_RELEASES);
    const program = await engine.compile(evaluationGraph(model, rows));
    await program.bind({ parameters: loaded.parameters });
    return new Future(loaded, model, program, rows, events);
  }

  /**
   * Nats of what is given after the span, for each particle: of the releases of what still sounds there, and of
   * the first events.
   *
   * @param feeds the states of the particles
   */
  async nats(particles: readonly Particle[], feeds: Feeds): Promise<Float64Array> {
    const { representation, steps } = this.model;
    const batch = new EventBatch(representation, steps, this.rows);
    const rows = particles.map((particle) => {
      const row = new EventRow(representation);
      const { voice } = particle;
      row.goOn(this.eventsAfter(particle), voice.tracker, voice.values);
      return row;
    });
    for (const [i, row] of rows.entries()) row.fill(batch, i);
    const result = await this.program.run({ ...batch.feeds, ...feeds.states });
    return Float64Array.from(particles, (_, i) => result.loss[i] * steps);
  }

  private eventsAfter({ gap, held, now, index }: Particle): EventTable {
    const { playing, attributes } = this.loaded.model.representation;
    const after = gap.given.slice(index, index + this.events);
    const columns = after[0].values.length;
    const given = [...after];
    // All releases of a tick come first, from low to high.
    const first = given.findIndex(({ tick, isStrike }) => tick > gap.to || isStrike);
    const releases = given.splice(0, first < 0 ? given.length : first);
    for (const key of held) {
      const values = after[0].values.map((value, k) => (k < attributes.length ? NONE : value));
      values[gap.symbol] = KEYS + key;
      releases.push({ tick: gap.to, values, key, isStrike: false });
    }
    releases.sort((a, b) => a.key - b.key);
    const rows: number[][] = [];
    let last = now;
    for (const { tick, values } of [...releases, ...given]) {
      rows.push([...(playing?.timeValues(tick - last, last) ?? []), ...values.slice(gap.symbol)]);
      last = tick;
    }
    return {
      length: rows.length,
      columns: Array.from({ length: columns }, (_, k) => Int32Array.from(rows, (row) => row[k])),
    };
  }

  release(): Promise<void> {
    return this.program.release();
  }
}
