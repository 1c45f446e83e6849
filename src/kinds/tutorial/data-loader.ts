import type { Engine, TensorData } from '../../engine/engine.js';
import { CadenzaError } from '../../errors.js';
import { parameterCount } from '../../model/parameters.js';
import { seededPermutation } from '../../random.js';
import {
  type CarriedStates,
  type DataLoader,
  expectWithin,
  type Validator,
} from '../../training/data-loader.js';
import type { TrainingData, TrainOptions } from '../../training/options.js';
import { EVALUATION_BATCH, LossEvaluator } from './loss-evaluator.js';
import type { TutorialLstm } from './network.js';
import { encodedLength } from './representation.js';
import { WindowBatch } from './window-batch.js';
import { type WindowIndex, windowsOf } from './windows.js';

/** Data loader of the tutorial model: every window of every piece once an epoch, in random order. */
export class WindowDataLoader implements DataLoader {
  readonly batch: number;
  readonly lossScale = 1;
  private readonly windows: WindowIndex;
  private readonly places: WindowBatch;
  private order: Uint32Array = new Uint32Array();
  private position = 0;

  /** @throws CadenzaError when no piece is longer than a window */
  constructor(
    readonly model: TutorialLstm,
    private readonly data: TrainingData,
    private readonly options: Pick<TrainOptions, 'batchSize' | 'seed' | 'validationStride'>,
  ) {
    const { windowLength } = model.config;
    this.windows = windowsOf(data.train.map(encodedLength), windowLength);
    if (this.windows.count === 0) {
      throw new CadenzaError(
        `nothing to train on: no piece has more than the ${windowLength} notes of a window; add longer pieces`,
      );
    }
    // As in the original exercise, an epoch's last windows are left out where they do not fill a batch; the
    // next epoch's shuffle brings them back. A corpus smaller than a batch is one batch.
    this.batch = Math.min(options.batchSize, this.windows.count);
    this.places = new WindowBatch(this.batch, windowLength);
  }

  /** Every window asks for one note. */
  get notesPerStep(): number {
    return this.batch;
  }

  begin(epoch: number, step: number): number {
    this.order = seededPermutation(this.windows.count, this.options.seed, epoch);
    this.position = step * this.batch;
    const batches = Math.floor(this.windows.count / this.batch);
    expectWithin(step, batches);
    return batches;
  }

  next(): Record<string, TensorData> {
    for (let slot = 0; slot < this.batch; slot++) {
      const window = this.order[this.position++];
      this.places.set(slot, this.data.train[this.windows.piece[window]], this.windows.first[window]);
    }
    return this.places.feeds;
  }

  carryOn(): void {}

  carried(): CarriedStates {
    return {};
  }

  async validator(engine: Engine, shards: readonly Engine[]): Promise<Validator> {
    const { model, data, options } = this;
    const weights = new Float32Array(parameterCount(model.parameters));
    const evaluator = await LossEvaluator.create(model, engine, weights, EVALUATION_BATCH, shards);
    const lengths = data.validation.map(encodedLength);
    return {
      // Every window asks for one note.
      notes: windowsOf(lengths, model.config.windowLength, options.validationStride).count,
      async *validate(parameters) {
        evaluator.reset();
        weights.set(parameters);
        for (const features of data.validation) {
          await evaluator.addPiece(features, options.validationStride);
          yield evaluator.windows;
        }
        return evaluator.windows === 0 ? undefined : evaluator.means();
      },
      release: () => evaluator.release(),
    };
  }
}
