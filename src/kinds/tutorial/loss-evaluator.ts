/** Mean losses over any number of windows, in the memory of one batch. */

import type { Engine, Program } from '../../engine/engine.js';
import type { Losses } from '../../model/losses.js';
import { compileEvaluation } from '../../model/sharding.js';
import type { TutorialLstm } from './network.js';
import { encodedLength } from './representation.js';
import { WindowBatch } from './window-batch.js';
import { windowsOf } from './windows.js';

/** Rows of a batch for evaluation: large enough to fill the matrix products of small models. */
export const EVALUATION_BATCH = 256;

/** Takes windows one at a time, runs them in batches, and adds up their losses in double precision. */
export class LossEvaluator {
  private readonly sums: Losses;
  private pending = 0;
  private seen = 0;
  /** Whether the weights of now are where the program runs. */
  private isBound = false;

  private constructor(
    private readonly program: Program,
    private readonly batch: WindowBatch,
    readonly parameters: Float32Array,
    names: readonly string[],
  ) {
    this.sums = Object.fromEntries(names.map((name) => [name, 0]));
  }

  /**
   * @param parameters (P) the weights to evaluate; they may be changed in place before a `reset`
   * @param shards engines to spread every batch over
   */
  static async create(
    model: TutorialLstm,
    engine: Engine,
    parameters: Float32Array,
    batchSize = EVALUATION_BATCH,
    shards: readonly Engine[] = [],
  ): Promise<LossEvaluator> {
    const program = await compileEvaluation(model, batchSize, engine, shards);
    const batch = new WindowBatch(batchSize, model.config.windowLength);
    return new LossEvaluator(program, batch, parameters, model.lossNames);
  }

  /** Windows added since the last reset. */
  get windows(): number {
    return this.seen + this.pending;
  }

  /** Adds every window of a piece's encoded notes (N, 3), `stride` notes apart; gives their number. */
  async addPiece(features: Float32Array, stride = 1): Promise<number> {
    const { count, first } = windowsOf([encodedLength(features)], this.batch.windowLength, stride);
    for (let i = 0; i < count; i++) {
      this.batch.set(this.pending++, features, first[i]);
      if (this.pending === this.batch.size) await this.flush();
    }
    return count;
  }

  /** The mean losses of all windows added; NaN each if there were none. */
  async means(): Promise<Losses> {
    await this.flush();
    return Object.fromEntries(Object.entries(this.sums).map(([name, sum]) => [name, sum / this.seen]));
  }

  /** Begins anew, with the weights as they are when the next window is added. */
  reset(): void {
    this.isBound = false;
    this.pending = 0;
    this.seen = 0;
    for (const name of Object.keys(this.sums)) this.sums[name] = 0;
  }

  async release(): Promise<void> {
    await this.program.release();
  }

  /** Runs what is pending. Rows beyond it hold old windows, whose losses are not counted. */
  private async flush(): Promise<void> {
    if (this.pending === 0) return;
    if (!this.isBound) await this.program.bind({ parameters: this.parameters });
    this.isBound = true;
    const losses = await this.program.run({ ...this.batch.feeds });
    for (const [name, values] of Object.entries(losses)) {
      let sum = this.sums[name];
      for (let i = 0; i < this.pending; i++) sum += values[i];
      this.sums[name] = sum;
    }
    this.seen += this.pending;
    this.pending = 0;
  }
}
