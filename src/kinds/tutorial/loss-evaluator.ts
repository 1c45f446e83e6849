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

/** Windows of a piece and the sums of their losses, by name. */
export interface WindowSums {
  readonly windows: number;
  readonly losses: Losses;
}

/**
 * Takes windows one at a time, runs them in batches, and adds up their losses in double precision: first
 * those of every piece, so that pieces can be measured apart.
 */
export class LossEvaluator {
  private sums: WindowSums[] = [];
  private pending = 0;
  private seen = 0;
  /** To which piece each row of the batch belongs. */
  private readonly pieceOf: Int32Array;
  /** Whether the weights of now are where the program runs. */
  private isBound = false;

  private constructor(
    private readonly program: Program,
    private readonly batch: WindowBatch,
    readonly parameters: Float32Array,
    private readonly names: readonly string[],
  ) {
    this.pieceOf = new Int32Array(batch.size);
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
    const losses = Object.fromEntries(this.names.map((name) => [name, 0]));
    const piece = this.sums.push({ windows: count, losses }) - 1;
    for (let i = 0; i < count; i++) {
      this.pieceOf[this.pending] = piece;
      this.batch.set(this.pending++, features, first[i]);
      if (this.pending === this.batch.size) await this.flush();
    }
    return count;
  }

  /** The mean losses of all windows added; NaN each if there were none. */
  async means(): Promise<Losses> {
    return meanLosses(await this.pieces(), this.names);
  }

  /** The sums of every piece added, in their order. */
  async pieces(): Promise<readonly WindowSums[]> {
    await this.flush();
    return this.sums;
  }

  /** Begins anew, with the weights as they are when the next window is added. */
  reset(): void {
    this.isBound = false;
    this.pending = 0;
    this.seen = 0;
    this.sums = [];
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
      for (let i = 0; i < this.pending; i++) this.sums[this.pieceOf[i]].losses[name] += values[i];
    }
    this.seen += this.pending;
    this.pending = 0;
  }
}

/** The mean losses of all windows of pieces, by name; NaN each where there are none. */
export function meanLosses(pieces: readonly WindowSums[], names: readonly string[]): Losses {
  const windows = pieces.reduce((sum, piece) => sum + piece.windows, 0);
  return Object.fromEntries(
    names.map((name) => [name, pieces.reduce((sum, { losses }) => sum + losses[name], 0) / windows]),
  );
}
