/**
 * Training: an async iterator that yields its progress, and can be stopped after any step and resumed to the same
 * weights, bit for bit. It keeps no files; whoever drives it takes snapshots and stores them.
 */
import { WindowBatch } from '../dataset/window-batch.js';
import type { WindowIndex } from '../dataset/windows.js';
import { windowsOf } from '../dataset/windows.js';
import type { Engine, Program, TensorData } from '../engine/engine.js';
import { CadenzaError } from '../errors.js';
import { EVALUATION_BATCH, LossEvaluator, type Losses } from '../evaluation/losses.js';
import { adamStepSize, KERAS_ADAM } from '../graph/adam.js';
import { initialParameters } from '../model/parameters.js';
import { compileTrainStep } from '../model/sharding.js';
import type { TutorialLstm } from '../model/tutorial-lstm.js';
import { seededPermutation } from '../random.js';
import { encodedLength } from '../representation/tutorial.js';
import { afterEpoch, NO_EPOCH_YET } from './early-stopping.js';
import { type TrainingData, type TrainOptions, TUTORIAL_TRAIN_OPTIONS } from './options.js';
import type { EpochProgress, TrainingSnapshot, TrainProgress } from './progress.js';

/** Parameters and Adam's moments, as fed to a step and as written by it. */
interface Vectors {
  readonly parameters: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
}

class Training {
  private current: Vectors;
  private spare: Vectors;
  private best: Float32Array | undefined;
  private epoch = 1;
  private step = 0;
  private updates = 0;
  private lossSums: Losses = {};
  private stopping = NO_EPOCH_YET;
  private readonly windows: WindowIndex;
  private readonly batchSize: number;
  private readonly stepsPerEpoch: number;

  constructor(
    private readonly model: TutorialLstm,
    private readonly data: TrainingData,
    private readonly options: TrainOptions,
    resume?: TrainingSnapshot,
  ) {
    const { windowLength } = model.config;
    this.windows = windowsOf(data.train.map(encodedLength), windowLength);
    if (this.windows.count === 0) {
      throw new CadenzaError(
        `nothing to train on: no piece has more than the ${windowLength} notes of a window; add longer pieces`,
      );
    }
    // As in the seed, an epoch's last windows are left out where they do not fill a batch; the next epoch's shuffle
    // brings them back. A corpus smaller than a batch is one batch.
    this.batchSize = Math.min(options.batchSize, this.windows.count);
    this.stepsPerEpoch = Math.floor(this.windows.count / this.batchSize);
    const parameters = resume?.parameters.slice() ?? initialParameters(model.parameters, options.seed);
    const empty = () => new Float32Array(parameters.length);
    this.current = {
      parameters,
      firstMoment: resume?.firstMoment.slice() ?? empty(),
      secondMoment: resume?.secondMoment.slice() ?? empty(),
    };
    this.spare = { parameters: empty(), firstMoment: empty(), secondMoment: empty() };
    if (resume === undefined) return;
    this.best = resume.bestParameters?.slice();
    ({
      epoch: this.epoch,
      step: this.step,
      updates: this.updates,
      stopping: this.stopping,
    } = resume.position);
    this.lossSums = { ...resume.position.lossSums };
  }

  async *run(engine: Engine, shards: readonly Engine[]): AsyncGenerator<TrainProgress, void, undefined> {
    const { model, options } = this;
    if (this.isOver()) return;
    const { batchSize } = this;
    const step = { batch: batchSize, adam: KERAS_ADAM, clipNorm: options.clipNorm };
    const program = await compileTrainStep(model, step, engine, shards);
    const weights = new Float32Array(this.current.parameters.length);
    const evaluator = await LossEvaluator.create(model, engine, weights, EVALUATION_BATCH, shards);
    try {
      const batch = new WindowBatch(batchSize, model.config.windowLength);
      let end: EpochProgress['end'];
      while (end === undefined) {
        const order = seededPermutation(this.windows.count, options.seed, this.epoch);
        while (this.step < this.stepsPerEpoch) {
          const losses = await this.takeStep(program, batch, order);
          const { epoch, step, stepsPerEpoch, updates } = this;
          const meanLosses = this.meanLosses();
          yield {
            type: 'step',
            epoch,
            step,
            stepsPerEpoch,
            updates,
            losses,
            meanLosses,
            snapshot: () => this.snapshot(),
          };
        }
        const progress = await this.finishEpoch(evaluator);
        end = progress.end;
        yield progress;
      }
    } finally {
      await program.release();
      await evaluator.release();
    }
  }

  private async takeStep(program: Program, batch: WindowBatch, order: Uint32Array): Promise<Losses> {
    for (let slot = 0; slot < this.batchSize; slot++) {
      const window = order[this.step * this.batchSize + slot];
      batch.set(slot, this.data.train[this.windows.piece[window]], this.windows.first[window]);
    }
    const stepSize = adamStepSize(this.options.learningRate, this.updates + 1, KERAS_ADAM);
    const { nextParameters, nextFirstMoment, nextSecondMoment, ...means } = await program.run(
      { ...batch.feeds, ...this.current, stepSize: new Float32Array([stepSize]) },
      {
        nextParameters: this.spare.parameters,
        nextFirstMoment: this.spare.firstMoment,
        nextSecondMoment: this.spare.secondMoment,
      },
    );
    const losses = scalars(means);
    this.requireFinite(losses, `in epoch ${this.epoch}, step ${this.step + 1}`);
    [this.current, this.spare] = [this.spare, this.current];
    this.step++;
    this.updates++;
    for (const [name, value] of Object.entries(losses))
      this.lossSums[name] = (this.lossSums[name] ?? 0) + value;
    return losses;
  }

  private async finishEpoch(evaluator: LossEvaluator): Promise<EpochProgress> {
    const train = this.meanLosses();
    const validation = await this.validate(evaluator);
    const watched = this.options.monitor === 'validation' && validation !== undefined ? validation : train;
    this.stopping = afterEpoch(this.stopping, this.epoch, watched.loss);
    const improved = this.stopping.epochsSinceBest === 0;
    if (improved) this.best = this.current.parameters.slice();
    const { epoch, updates, stopping } = this;
    this.epoch++;
    this.step = 0;
    this.lossSums = {};
    const stopped = stopping.epochsSinceBest >= this.options.patience;
    const end = stopped ? 'early stopping' : this.epoch > this.options.epochs ? 'epochs' : undefined;
    return {
      type: 'epoch',
      epoch,
      updates,
      train,
      validation,
      improved,
      stopping,
      end,
      snapshot: () => this.snapshot(),
    };
  }

  private async validate(evaluator: LossEvaluator): Promise<Losses | undefined> {
    evaluator.reset();
    evaluator.parameters.set(this.current.parameters);
    for (const features of this.data.validation)
      await evaluator.addPiece(features, this.options.validationStride);
    if (evaluator.windows === 0) return undefined;
    const means = await evaluator.means();
    // The epoch's last step may be the one that diverged; NaN must not become the best loss.
    this.requireFinite(means, `on the validation pieces after epoch ${this.epoch}`);
    return means;
  }

  private requireFinite({ loss }: Losses, place: string): void {
    if (Number.isFinite(loss)) return;
    throw new CadenzaError(
      `the loss became ${loss} ${place}; ` +
        `start again with a smaller learning rate than ${this.options.learningRate}, or with gradient clipping`,
    );
  }

  private isOver(): boolean {
    return this.stopping.epochsSinceBest >= this.options.patience || this.epoch > this.options.epochs;
  }

  private meanLosses(): Losses {
    return Object.fromEntries(Object.entries(this.lossSums).map(([name, sum]) => [name, sum / this.step]));
  }

  private snapshot(): TrainingSnapshot {
    const { epoch, step, updates, stopping } = this;
    return {
      parameters: this.current.parameters.slice(),
      firstMoment: this.current.firstMoment.slice(),
      secondMoment: this.current.secondMoment.slice(),
      bestParameters: this.best?.slice(),
      position: { epoch, step, updates, lossSums: { ...this.lossSums }, stopping },
    };
  }
}

function scalars(values: Record<string, TensorData>): Losses {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value[0]]));
}

/**
 * Trains the tutorial model, yielding after every step and every epoch. The best weights are in the last progress's
 * `snapshot().bestParameters`. Given a snapshot, with the same data, options and engine, it goes on from there.
 *
 * @param shards engines that compute at the same time: every batch is spread over them, `engine` only puts together
 * @throws CadenzaError when no piece is longer than a window, or when the loss is no longer a finite number
 */
export function train(
  model: TutorialLstm,
  engine: Engine,
  data: TrainingData,
  options: TrainOptions = TUTORIAL_TRAIN_OPTIONS,
  resume?: TrainingSnapshot,
  shards: readonly Engine[] = [],
): AsyncGenerator<TrainProgress, void, undefined> {
  return new Training(model, data, options, resume).run(engine, shards);
}
