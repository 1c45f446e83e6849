/**
 * Training: an async iterator that yields its progress, and can be stopped after any step and resumed to the
 * same weights, bit for bit. It keeps no files; whoever drives it takes snapshots and stores them.
 */
import type { Engine, Program, TensorData } from '../engine/engine.js';
import { CadenzaError } from '../errors.js';
import { afterStep, type Optimiser } from '../graph/optimisers/optimiser.js';
import type { Losses } from '../model/losses.js';
import { carriedOn } from '../model/model.js';
import { initialParameters } from '../model/parameters.js';
import { compileTrainStep } from '../model/sharding.js';
import type { CarriedStates, DataLoader, Validator } from './data-loader.js';
import { NO_EPOCH_YET } from './early-stopping.js';
import { endOfEpoch } from './epoch-end.js';
import { optimiserOf } from './optimisers.js';
import { type TrainOptions, TUTORIAL_TRAIN_OPTIONS } from './options.js';
import type { EpochProgress, TrainingSnapshot, TrainProgress, ValidationProgress } from './progress.js';
import { scheduleFactor } from './schedule.js';

/** The parameters and what the optimiser keeps of them, as fed to a step and as written by it. */
type Vectors = { readonly parameters: Float32Array } & Readonly<Record<string, Float32Array>>;

class Training {
  private current: Vectors;
  private spare: Vectors;
  private best: Float32Array | undefined;
  private readonly average: Float32Array | undefined;
  private epoch = 1;
  private step = 0;
  private updates = 0;
  private stepsPerEpoch = 0;
  private lossSums: Losses = {};
  private stopping = NO_EPOCH_YET;
  private judgedAt: number | undefined;
  private readonly optimiser: Optimiser;
  private readonly carried: CarriedStates;

  constructor(
    private readonly loader: DataLoader,
    private readonly options: TrainOptions,
    resume?: TrainingSnapshot,
  ) {
    if (options.only === 'told' && loader.model.told === undefined) {
      throw new CadenzaError(
        'this model is told nothing of pieces, so there is nothing to learn; train all of it, or another one',
      );
    }
    const parameters = resume?.parameters.slice() ?? initialParameters(loader.model.parameters, options.seed);
    this.optimiser = optimiserOf(options);
    const { states } = this.optimiser;
    const empty = () => new Float32Array(parameters.length);
    const kept = (name: string) => resume?.optimiser[name]?.slice() ?? this.noState(resume, name) ?? empty();
    this.current = { parameters, ...Object.fromEntries(states.map((name) => [name, kept(name)])) };
    this.spare = { parameters: empty(), ...Object.fromEntries(states.map((name) => [name, empty()])) };
    if (options.averaging !== undefined) this.average = (resume?.averageParameters ?? parameters).slice();
    this.carried = resume?.carried ?? {};
    if (resume === undefined) return;
    this.best = resume.bestParameters?.slice();
    ({
      epoch: this.epoch,
      step: this.step,
      updates: this.updates,
      stopping: this.stopping,
      judgedAt: this.judgedAt,
    } = resume.position);
    this.lossSums = { ...resume.position.lossSums };
  }

  async *run(engine: Engine, shards: readonly Engine[]): AsyncGenerator<TrainProgress, void, undefined> {
    const { loader, options } = this;
    if (this.isOver()) return;
    const { optimiser } = this;
    const { clipNorm, only } = options;
    // What hears nothing has no gradient, and stays as it is.
    const step = { batch: loader.batch, optimiser, clipNorm, only: only === 'told' ? only : undefined };
    const program = await compileTrainStep(loader.model, step, engine, shards);
    const validator = await loader.validator(engine, shards);
    try {
      let { carried } = this;
      let end: EpochProgress['end'];
      while (end === undefined) {
        this.stepsPerEpoch = loader.begin(this.epoch, this.step, carried);
        carried = {};
        while (this.step < this.stepsPerEpoch && !this.isSpent()) {
          const losses = await this.takeStep(program);
          const { epoch, step, stepsPerEpoch, updates } = this;
          const meanLosses = this.meanLosses();
          yield {
            type: 'step',
            epoch,
            step,
            stepsPerEpoch,
            updates,
            notesPerStep: loader.notesPerStep,
            losses,
            meanLosses,
            snapshot: () => this.snapshot(),
          };
        }
        const progress = this.finishEpoch(yield* this.validate(validator));
        end = progress.end;
        yield progress;
      }
    } finally {
      await program.release();
      await validator.release();
    }
  }

  private async takeStep(program: Program): Promise<Losses> {
    const { learningRate, epochs, steps = Number.POSITIVE_INFINITY, schedule } = this.options;
    const total = Math.min(steps, epochs * this.stepsPerEpoch);
    const factor = schedule === undefined ? 1 : scheduleFactor(schedule, this.updates, total);
    const scalars = Object.entries(this.optimiser.scalars(learningRate * factor, this.updates + 1));
    const into = Object.entries(this.spare).map(([name, vector]) => [afterStep(name), vector] as const);
    const written = new Set(into.map(([name]) => name));
    const all = await program.run(
      {
        ...this.loader.next(),
        ...this.current,
        ...Object.fromEntries(scalars.map(([name, value]) => [name, Float32Array.of(value)])),
      },
      Object.fromEntries(into),
    );
    const results = Object.fromEntries(Object.entries(all).filter(([name]) => !written.has(name)));
    const losses = this.lossesAmong(results);
    this.requireFinite(losses, `in epoch ${this.epoch}, step ${this.step + 1}`);
    [this.current, this.spare] = [this.spare, this.current];
    this.loader.carryOn(results);
    this.moveAverage();
    this.step++;
    this.updates++;
    for (const [name, value] of Object.entries(losses))
      this.lossSums[name] = (this.lossSums[name] ?? 0) + value;
    return losses;
  }

  /**
   * Follows the weights, closely at first: a mean over all of a beginning would remember the initial weights.
   */
  private moveAverage(): void {
    const { average } = this;
    if (average === undefined) return;
    const { parameters } = this.current;
    const part = 1 - Math.min(this.options.averaging ?? 0, (1 + this.updates) / (10 + this.updates));
    for (let i = 0; i < average.length; i++) average[i] += part * (parameters[i] - average[i]);
  }

  /** The weights that are judged, and kept if they are the best. */
  private get judged(): Float32Array {
    return this.average ?? this.current.parameters;
  }

  private async *validate(
    validator: Validator,
  ): AsyncGenerator<ValidationProgress, Losses | undefined, undefined> {
    const judging = validator.validate(this.judged);
    const { epoch, updates } = this;
    for (;;) {
      const { done, value } = await judging.next();
      if (done) return value;
      const snapshot = () => this.snapshot();
      yield { type: 'validation', epoch, updates, notes: value, totalNotes: validator.notes, snapshot };
    }
  }

  private finishEpoch(validation: Losses | undefined): EpochProgress {
    const train = this.meanLosses();
    // The epoch's last step may be the one that diverged; NaN must not become the best loss.
    if (validation) this.requireFinite(validation, `on the validation pieces after epoch ${this.epoch}`);
    const { epoch, step, updates, stepsPerEpoch } = this;
    const position = { epoch, step, updates, stopping: this.stopping };
    const ended = endOfEpoch({ position, stepsPerEpoch, train, validation }, this.options);
    const { improved, stopping, isCut, end } = ended;
    this.stopping = stopping;
    if (improved) this.best = this.judged.slice();
    const at = epoch - 1 + this.step / this.stepsPerEpoch;
    if (isCut) {
      this.judgedAt = updates;
    } else {
      this.epoch++;
      this.step = 0;
      this.lossSums = {};
    }
    return {
      type: 'epoch',
      epoch,
      at,
      updates,
      train,
      validation,
      improved,
      stopping,
      end,
      snapshot: () => this.snapshot(),
    };
  }

  /** A state that a snapshot lacks: a matter of course where nothing was learned yet. */
  private noState(resume: TrainingSnapshot | undefined, name: string): undefined {
    if (resume === undefined || resume.position.updates === 0) return undefined;
    throw new CadenzaError(
      `the training state lacks ${name}; go on with the optimiser with which it began, not ${this.optimiser.name}`,
    );
  }

  private requireFinite({ loss }: Losses, place: string): void {
    if (Number.isFinite(loss)) return;
    throw new CadenzaError(
      `the loss became ${loss} ${place}; ` +
        `start again with a smaller learning rate than ${this.options.learningRate}, or with gradient clipping`,
    );
  }

  private isOver(): boolean {
    // The last step allowed may be done and its epoch not yet judged.
    const isSpent = this.isSpent() && (this.step === 0 || this.judgedAt === this.updates);
    return (
      isSpent || this.stopping.epochsSinceBest >= this.options.patience || this.epoch > this.options.epochs
    );
  }

  private isSpent(): boolean {
    return this.updates >= (this.options.steps ?? Number.POSITIVE_INFINITY);
  }

  private meanLosses(): Losses {
    return Object.fromEntries(Object.entries(this.lossSums).map(([name, sum]) => [name, sum / this.step]));
  }

  /** The scalars among what a step gave: everything but the states it carries on. */
  private lossesAmong(results: Readonly<Record<string, TensorData>>): Losses {
    const carried = new Set(this.loader.model.carried?.map(carriedOn));
    const losses = Object.entries(results).filter(([name]) => !carried.has(name));
    const { lossScale } = this.loader;
    return Object.fromEntries(losses.map(([name, value]) => [name, value[0] * lossScale]));
  }

  private snapshot(): TrainingSnapshot {
    const { epoch, step, updates, stopping, judgedAt } = this;
    return {
      parameters: this.current.parameters.slice(),
      optimiser: Object.fromEntries(this.optimiser.states.map((name) => [name, this.current[name].slice()])),
      bestParameters: this.best?.slice(),
      averageParameters: this.average?.slice(),
      carried: this.loader.carried(),
      position: {
        epoch,
        step,
        updates,
        lossSums: { ...this.lossSums },
        stopping,
        ...(judgedAt !== undefined && { judgedAt }),
      },
    };
  }
}

/**
 * Trains a model, yielding after every step, while the held-out pieces are judged, and after every epoch. The
 * best weights are in the last progress's `snapshot().bestParameters`. Given a snapshot, with the same data,
 * options and engine, it goes on from there.
 *
 * @param shards engines that compute at the same time: every batch is spread over them, `engine` only puts
 *   together
 * @throws CadenzaError when the loss is no longer a finite number
 *
 * @example
 * import { builtInOpening, kindNamed, plainEngine, train } from 'cadenza';
 *
 * const kind = kindNamed('performance');
 * const pieces = { train: [kind.prepare(builtInOpening())], validation: [] };
 * const options = { ...kind.options, steps: 2, batchSize: 1, sequenceLength: 16 };
 * const loader = await kind.dataLoader(kind.configure({ layers: 1, hiddenSize: 8 }), pieces, options);
 * for await (const progress of train(loader, plainEngine(), options)) {
 *   if (progress.type === 'step') console.log(progress.updates, progress.losses.loss);
 * }
 */
export function train(
  loader: DataLoader,
  engine: Engine,
  options: TrainOptions = TUTORIAL_TRAIN_OPTIONS,
  resume?: TrainingSnapshot,
  shards: readonly Engine[] = [],
): AsyncGenerator<TrainProgress, void, undefined> {
  return new Training(loader, options, resume).run(engine, shards);
}
