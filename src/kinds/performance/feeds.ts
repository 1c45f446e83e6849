/** What a performance feeds to a model's graphs from event to event. */
import type { Program } from '../../engine/engine.js';
import { NONE } from '../../representation/events.js';
import { EventBatch } from './event-batch.js';
import type { EventLstm } from './network.js';
import { heardFeeds, nextStates, type States } from './prefill.js';
import type { Voice } from './voice.js';

/**
 * What goes into the graphs: the event before, its context, and the carried states. Every variation has a
 * row, and a second one further down where something is contrasted with what is predicted without.
 */
export class Feeds {
  readonly rows: number;
  private readonly batch: EventBatch;
  private carried: Record<string, Float32Array>;

  /**
   * @param heard the states after the primer, the same for all
   * @param contrasted what is not heard in the second rows, by the names of what is given
   */
  constructor(
    private readonly model: EventLstm,
    private readonly variations: number,
    heard: States,
    private readonly contrasted: readonly string[],
  ) {
    this.rows = variations * (contrasted.length > 0 ? 2 : 1);
    this.batch = new EventBatch(model.representation, 1, this.rows);
    this.carried = Object.fromEntries(
      Object.entries(heard).map(([name, one]) => {
        const all = new Float32Array(this.rows * one.length);
        for (let row = 0; row < this.rows; row++) all.set(one, row * one.length);
        return [name, all];
      }),
    );
  }

  /** Puts a voice's last event and context into its rows. */
  set(variation: number, { tracker, values }: Voice): void {
    const { feeds, representation } = this.batch;
    const { contextSize, given = [] } = representation;
    const context = feeds.context as Float32Array;
    for (let row = variation; row < this.rows; row += this.variations) {
      for (const [k, { name, size, classOf }] of representation.attributes.entries()) {
        feeds[`${name}Before`][row] = values[k] === NONE ? size : classOf(values[k]);
      }
      tracker.context(context, row * contextSize);
      if (row === variation) continue;
      for (const { name, heardAt: { from = 0, to = 0 } = {} } of given)
        if (this.contrasted.includes(name)) context.fill(0, row * contextSize + from, row * contextSize + to);
    }
  }

  /** The states before the last events. */
  get states(): States {
    return this.carried;
  }

  /** Lets all rows hear their last events; `stay` tells of those whose states stay as they were. */
  async listen(program: Program, stay?: (row: number) => boolean): Promise<Float32Array> {
    const before = this.carried;
    const result = await program.run({ ...heardFeeds(this.batch), ...before });
    this.carried = nextStates(this.model, result);
    for (let row = 0; stay !== undefined && row < this.rows; row++) if (stay(row)) this.take(before, row);
    return result.state as Float32Array;
  }

  /** Takes a row's states from those that there were. */
  take(before: States, row: number, from = row): void {
    const size = this.model.config.hiddenSize;
    for (const [name, all] of Object.entries(this.carried))
      all.set(before[name].subarray(from * size, (from + 1) * size), row * size);
  }

  /** Some of the rows, which go on by themselves. */
  part(rows: readonly number[]): Feeds {
    const size = this.model.config.hiddenSize;
    const part = new Feeds(this.model, rows.length, {}, []);
    for (const [name, all] of Object.entries(this.carried)) {
      const own = new Float32Array(rows.length * size);
      for (const [i, row] of rows.entries()) own.set(all.subarray(row * size, (row + 1) * size), i * size);
      part.carried[name] = own;
    }
    return part;
  }

  /** Takes back the states of a part. */
  join(part: Feeds, rows: readonly number[]): void {
    for (const [i, row] of rows.entries()) this.take(part.carried, row, i);
  }

  /** Gives each row the states of another one. */
  arrange(from: readonly number[]): void {
    const before = this.carried;
    this.carried = Object.fromEntries(Object.entries(before).map(([name, all]) => [name, all.slice()]));
    for (const [row, other] of from.entries()) if (other !== row) this.take(before, row, other);
  }
}
