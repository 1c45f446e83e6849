/** One sitting of a training run: trains, logs losses, and saves checkpoints into the run folder. */

import { type LossRecord, lossPlot } from '../../charts/loss-plot.js';
import { encodeCheckpoint } from '../../checkpoint/checkpoint.js';
import type { Split } from '../../dataset/corpus.js';
import type { Kind } from '../../kinds/kind.js';
import { namedViews } from '../../model/parameters.js';
import { type checkpointToSnapshot, snapshotToCheckpoint } from '../../run/snapshot-checkpoint.js';
import type { Lessons } from '../../training/lessons.js';
import type { TrainOptions } from '../../training/options.js';
import type {
  EpochProgress,
  StepProgress,
  TrainingSnapshot,
  TrainProgress,
} from '../../training/progress.js';
import { train } from '../../training/train.js';
import type { PartSummary, TrainingCorpus } from '../corpus/training-corpus.js';
import { type Engines, openEngines } from '../engine/engines.js';
import type { RunFolder } from './run-folder.js';

/** What a run is made of, beside the options of training itself. */
export interface DataOptions {
  readonly split?: Split;
  /** Train on this many files of the corpus, chosen by seed. */
  readonly files?: number;
  /** The model whose weights training began with, for the record; fresh ones where none is named. */
  readonly from?: string;
  /** Threads that share every batch. */
  readonly threads: number;
}

/** Everything that was chosen for a run. */
export type SessionOptions = TrainOptions & DataOptions;

/** How a sitting goes, without a say in its result. */
export interface RunControl {
  /** Stops after the step under way, or amid judging the held-out pieces, with a checkpoint saved. */
  readonly signal?: AbortSignal;
  /** Seconds between checkpoints within an epoch; 60 by default. */
  readonly checkpointSeconds?: number;
  /** Where to keep parsed notes; see `openCorpus`. */
  readonly cache?: boolean | string;
  /** Called after each file that was read. */
  readonly onFile?: (done: number, total: number) => void;
}

/** Said once, before the first step. */
export interface RunStart {
  readonly type: 'start';
  readonly folder: string;
  readonly train: PartSummary;
  readonly validation: PartSummary;
  /** One line each about what was left out of the corpus. */
  readonly problems: readonly string[];
  /** Steps that were done before, if the run is resumed. */
  readonly updates: number;
  readonly options: SessionOptions;
}

/** Said once, after the last step. */
export interface RunEnd {
  readonly type: 'end';
  readonly reason: 'epochs' | 'steps' | 'early stopping' | 'interrupted' | 'already finished';
  readonly folder: string;
  /** The epoch whose weights are the best; 0 when none was finished. */
  readonly bestEpoch: number;
  /** Seconds of training in all, earlier sittings included. */
  readonly seconds: number;
}

export type RunProgress = RunStart | TrainProgress | RunEnd;

/** Loss records a training epoch leaves in the log before its end. */
const RECORDS_AN_EPOCH = 20;

/** Trains in a run folder that this process holds, from its beginning or from a checkpoint; `close` it in any case. */
export class TrainSession {
  private readonly began = performance.now();
  private snapshot: (() => TrainingSnapshot) | undefined;
  private savedAt = performance.now();

  private constructor(
    private readonly lessons: Lessons,
    private readonly folder: RunFolder,
    private readonly kind: Kind,
    private readonly corpus: TrainingCorpus,
    private readonly options: SessionOptions,
    private readonly resumed?: ReturnType<typeof checkpointToSnapshot>,
  ) {}

  static async open(
    folder: RunFolder,
    kind: Kind,
    corpus: TrainingCorpus,
    options: SessionOptions,
    resumed?: ReturnType<typeof checkpointToSnapshot>,
  ): Promise<TrainSession> {
    const lessons = await kind.lessons(folder.config.model, corpus.data, options);
    return new TrainSession(lessons, folder, kind, corpus, options, resumed);
  }

  async *run({ signal, checkpointSeconds = 60 }: RunControl): AsyncGenerator<RunProgress, void, undefined> {
    const { folder, corpus, options, resumed } = this;
    const position = resumed?.snapshot.position;
    const { train: trainPart, validation, problems } = corpus;
    yield {
      type: 'start',
      folder: folder.path,
      train: trainPart,
      validation,
      problems,
      updates: position?.updates ?? 0,
      options,
    };
    // Weights from elsewhere are kept before anything happens: their model may be gone when the run is resumed.
    if (resumed !== undefined && resumed.snapshot.position.updates === 0) {
      this.snapshot = () => resumed.snapshot;
      await this.save();
    }
    let reason: RunEnd['reason'] = 'already finished';
    let bestEpoch = position?.stopping.bestEpoch ?? 0;
    const engines = await openEngines(options.threads);
    try {
      for await (const progress of this.train(engines)) {
        this.snapshot = progress.snapshot;
        if (progress.type === 'epoch') {
          bestEpoch = progress.stopping.bestEpoch;
          await this.afterEpoch(progress);
          if (progress.end !== undefined) reason = progress.end;
        } else if (progress.type === 'step') {
          this.afterStep(progress);
          if (performance.now() - this.savedAt > checkpointSeconds * 1000) await this.save();
        }
        yield progress;
        if (signal?.aborted && !(progress.type === 'epoch' && progress.end)) {
          reason = 'interrupted';
          break;
        }
      }
    } finally {
      await engines.close();
    }
    await this.save();
    yield { type: 'end', reason, folder: folder.path, bestEpoch, seconds: this.seconds() };
  }

  /** Saves what was trained since the last checkpoint, and lets go of the folder. */
  async close(): Promise<void> {
    try {
      await this.save();
    } finally {
      this.folder.close();
    }
  }

  private train({ engine, shards }: Engines) {
    const { lessons, options, resumed } = this;
    return train(lessons, engine, options, resumed?.snapshot, shards);
  }

  private seconds(): number {
    return (this.resumed?.notes.seconds ?? 0) + (performance.now() - this.began) / 1000;
  }

  private log(record: LossRecord): void {
    this.folder.appendLoss({ ...record, seconds: Math.round(this.seconds() * 10) / 10 });
  }

  private afterStep({ epoch, step, stepsPerEpoch, updates, meanLosses }: StepProgress): void {
    const every = Math.ceil(stepsPerEpoch / RECORDS_AN_EPOCH);
    if (step % every !== 0 || step === stepsPerEpoch) return;
    this.log({ epoch: epoch - 1 + step / stepsPerEpoch, split: 'train', losses: meanLosses, updates });
  }

  private async afterEpoch({
    at: epoch,
    updates,
    train: losses,
    validation,
    improved,
    stopping,
  }: EpochProgress): Promise<void> {
    this.log({ epoch, split: 'train', losses, updates });
    if (validation !== undefined) this.log({ epoch, split: 'validation', losses: validation, updates });
    if (improved) {
      const { config, parameters } = this.lessons.model;
      const best = this.snapshot?.().bestParameters as Float32Array;
      const checkpoint = { config, tensors: namedViews(best, parameters) };
      await this.folder.saveCheckpoint('best', encodeCheckpoint(checkpoint));
    }
    await this.save();
    // The last judgement counts, even if its epoch was cut short.
    const whole = this.folder.losses.filter(
      (record) => Number.isInteger(record.epoch) || record.epoch === epoch,
    );
    const pieces = `${this.corpus.train.names.length} pieces, ${this.corpus.train.notes} notes`;
    await this.folder.savePlot(
      lossPlot(whole, {
        title: `Training of the ${this.kind.name} model`,
        subtitle: `${pieces}, seed ${this.options.seed}`,
        bestEpoch: stopping.bestEpoch,
        units: this.kind.lossUnits,
      }),
    );
  }

  /** Saves `last.safetensors` unless nothing was trained since it was last saved. */
  private async save(): Promise<void> {
    const snapshot = this.snapshot?.();
    if (snapshot === undefined) return;
    const notes = { lossRecords: this.folder.losses.length, seconds: this.seconds() };
    await this.folder.saveCheckpoint(
      'last',
      encodeCheckpoint(snapshotToCheckpoint(this.lessons.model, snapshot, notes)),
    );
    this.snapshot = undefined;
    this.savedAt = performance.now();
  }
}
