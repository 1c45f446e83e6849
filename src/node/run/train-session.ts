/** One sitting of a training run: trains, logs losses, and saves checkpoints into the run folder. */
import { lossPlot } from '../../charts/loss-plot.js';
import type { Split } from '../../dataset/corpus.js';
import type { Kind } from '../../kinds/kind.js';
import { type RunState, Sitting } from '../../run/sitting.js';
import type { RunStore } from '../../run/store.js';
import type { DataLoader } from '../../training/data-loader.js';
import type { TrainOptions } from '../../training/options.js';
import type { EpochProgress, TrainProgress } from '../../training/progress.js';
import type { PartSummary, TrainingCorpus } from '../corpus/training-corpus.js';
import type { RunFolder } from './run-folder.js';
import { type Rounds, type Trainer, trainerHere } from './trainer.js';

/** What a run is made of, beside the options of training itself. */
export interface DataOptions {
  readonly split?: Split;
  /** Train on this many files of the corpus, chosen by seed. */
  readonly files?: number;
  /** The model whose weights training began with, for the record; fresh ones where none is named. */
  readonly from?: string;
  /** Threads that share every batch. */
  readonly threads: number;
  /** How several machines share the training, where they do. */
  readonly rounds?: Rounds;
}

/** Everything that was chosen for a run. */
export type SessionOptions = TrainOptions & DataOptions;

/** How a sitting goes, without a say in its result. */
export interface RunControl {
  /** Stops after the step under way, or amid judging the held-out pieces, with a checkpoint saved. */
  readonly signal?: AbortSignal;
  /** Seconds between checkpoints within an epoch; 60 by default. */
  readonly checkpointSeconds?: number;
  /** Who computes the steps; the threads of this machine by default. */
  readonly trainer?: Trainer;
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

/**
 * Trains in a run folder that this process holds, from its beginning or from a checkpoint; `close` it in any
 * case.
 */
export class TrainSession {
  private readonly sitting: Sitting;

  private constructor(
    private readonly loader: DataLoader,
    private readonly folder: RunFolder,
    private readonly kind: Kind,
    private readonly corpus: TrainingCorpus,
    private readonly options: SessionOptions,
    private readonly from?: RunState,
    checkpointSeconds = 60,
  ) {
    const store = storeOf(folder);
    this.sitting = new Sitting({ model: loader.model, store, from, checkpointSeconds });
  }

  static async open(
    folder: RunFolder,
    kind: Kind,
    corpus: TrainingCorpus,
    options: SessionOptions,
    from?: RunState,
    checkpointSeconds?: number,
  ): Promise<TrainSession> {
    const loader = await kind.dataLoader(folder.config.model, corpus.data, options);
    return new TrainSession(loader, folder, kind, corpus, options, from, checkpointSeconds);
  }

  async *run({ signal, trainer: given }: RunControl): AsyncGenerator<RunProgress, void, undefined> {
    const { folder, corpus, options, from, sitting, kind, loader } = this;
    const position = from?.snapshot.position;
    const { train, validation, problems } = corpus;
    const updates = position?.updates ?? 0;
    yield { type: 'start', folder: folder.path, train, validation, problems, updates, options };
    let reason: RunEnd['reason'] = 'already finished';
    let bestEpoch = position?.stopping.bestEpoch ?? 0;
    const trainer = given ?? trainerHere(options.threads);
    try {
      const { model: config } = folder.config;
      const training = await trainer.begin({ kind, config, data: corpus.data, loader, options });
      for await (const progress of sitting.run(training)) {
        if (progress.type === 'epoch') {
          bestEpoch = progress.stopping.bestEpoch;
          await this.plot(progress);
          if (progress.end !== undefined) reason = progress.end;
        }
        yield progress;
        if (signal?.aborted && !(progress.type === 'epoch' && progress.end)) {
          reason = 'interrupted';
          break;
        }
      }
    } finally {
      await trainer.close();
    }
    // Who computes elsewhere is told of the signal too, and ends amid what it does.
    if (signal?.aborted && reason === 'already finished') reason = 'interrupted';
    await sitting.save();
    yield { type: 'end', reason, folder: folder.path, bestEpoch, seconds: sitting.clock.seconds };
  }

  /** Saves what was trained since the last checkpoint, and lets go of the folder. */
  async close(): Promise<void> {
    try {
      await this.sitting.save();
    } finally {
      this.folder.close();
    }
  }

  private async plot({ at: epoch, stopping }: EpochProgress): Promise<void> {
    // Whole epochs, and the last judgement, even if its epoch was cut short.
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
}

/** A run folder as the place where a run is kept. */
function storeOf(folder: RunFolder): RunStore {
  return {
    get logged() {
      return folder.losses.length;
    },
    log(records) {
      for (const record of records) folder.appendLoss(record);
    },
    async save({ checkpoint, model }) {
      if (model !== undefined) await folder.saveCheckpoint('best', model);
      await folder.saveCheckpoint('last', checkpoint);
      return true;
    },
  };
}
