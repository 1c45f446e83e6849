/** Training into a run folder: what `cadenza train` does, as an async iterator of progress. */
import { resolve } from 'node:path';
import type { Split } from '../dataset/corpus.js';
import { CadenzaError } from '../errors.js';
import { type LossRecord, lossPlot } from '../evaluation/loss-plot.js';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../model/checkpoint.js';
import { namedViews } from '../model/parameters.js';
import { TUTORIAL_CONFIG, TutorialLstm } from '../model/tutorial-lstm.js';
import { checkpointToSnapshot, snapshotToCheckpoint } from '../training/snapshot-checkpoint.js';
import {
  type EpochProgress,
  type StepProgress,
  type TrainingSnapshot,
  type TrainOptions,
  TUTORIAL_TRAIN_OPTIONS,
  train,
} from '../training/train.js';
import { createOnnxEngine, defaultThreads, onnxRuntimeVersion } from './onnx-engine.js';
import { packageVersion } from './package-info.js';
import { createRun, defaultRunFolder, openRun, type RunConfig, type RunFolder } from './run-folder.js';
import { type PartSummary, readTrainingCorpus } from './training-corpus.js';

/** What a run is made of, beside the options of training itself. */
interface DataOptions {
  readonly split?: Split;
  /** Train on this many files of the corpus, chosen by seed. */
  readonly files?: number;
  /** Threads that share an operation. */
  readonly threads: number;
}

type StoredOptions = Omit<TrainOptions, 'seed'> & DataOptions;

export interface NewRunOptions extends Partial<TrainOptions>, Partial<DataOptions> {
  /** MIDI files, folders, globs, `.zip` archives or MAESTRO-like csv tables. */
  readonly paths: readonly string[];
  /** The run folder to make; the next free one in `runs/` by default. */
  readonly out?: string;
}

export interface ResumeOptions {
  /** The run folder to go on in; everything else is as the run began. */
  readonly resume: string;
  /** Another limit of epochs than the run began with. */
  readonly epochs?: number;
}

export interface RunControl {
  /** Stops after the step under way, with a checkpoint saved. */
  readonly signal?: AbortSignal;
  /** Seconds between checkpoints within an epoch; 60 by default. */
  readonly checkpointSeconds?: number;
  /** Where to keep parsed notes; see `openCorpus`. */
  readonly cache?: boolean | string;
  readonly onFile?: (done: number, total: number) => void;
}

/** Said once, before the first step. */
export interface RunStart {
  readonly type: 'start';
  readonly folder: string;
  readonly train: PartSummary;
  readonly validation: PartSummary;
  readonly problems: readonly string[];
  /** Steps that were done before, if the run is resumed. */
  readonly updates: number;
  readonly options: StoredOptions & { readonly seed: number };
}

/** Said once, after the last step. */
export interface RunEnd {
  readonly type: 'end';
  readonly reason: 'epochs' | 'early stopping' | 'interrupted' | 'already finished';
  readonly folder: string;
  readonly bestEpoch: number;
  /** Seconds of training in all, earlier sittings included. */
  readonly seconds: number;
}

export type RunProgress = RunStart | StepProgress | EpochProgress | RunEnd;

/** Loss records a training epoch leaves in the log before its end. */
const RECORDS_AN_EPOCH = 20;

/**
 * Trains in a run folder, new or resumed. Checkpoints are saved after every epoch, every minute, and when the
 * iteration ends for whatever reason; after a kill at any moment, resuming gives the weights of an undisturbed run.
 *
 * @throws CadenzaError when the corpus, the folder or the options are no good, or the loss is no longer finite
 */
export async function* trainRun(
  options: (NewRunOptions | ResumeOptions) & RunControl,
): AsyncGenerator<RunProgress, void, undefined> {
  const session = 'resume' in options ? await resumeRun(options) : await beginRun(options, options.out);
  try {
    yield* session.run(options);
  } finally {
    await session.close();
  }
}

async function beginRun(options: NewRunOptions & RunControl, out?: string): Promise<Session> {
  const {
    paths,
    out: _,
    signal,
    checkpointSeconds,
    cache,
    onFile,
    seed = TUTORIAL_TRAIN_OPTIONS.seed,
    ...rest
  } = options;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const { seed: __, ...defaults } = TUTORIAL_TRAIN_OPTIONS;
  const stored: StoredOptions = { threads: defaultThreads(), ...defaults, ...given };
  const corpus = await readTrainingCorpus(paths, { ...stored, seed, cache, onFile });
  const config: Omit<RunConfig, 'formatVersion'> = {
    preset: 'tutorial',
    model: TUTORIAL_CONFIG,
    data: {
      paths: paths.map((path) => resolve(path)),
      train: corpus.train.names,
      validation: corpus.validation.names,
      fingerprint: corpus.fingerprint,
    },
    options: { ...stored },
    seed,
    versions: {
      cadenza: packageVersion(),
      node: process.versions.node,
      onnxruntime: await onnxRuntimeVersion(),
    },
  };
  const folder = await createRun(out ?? (await defaultRunFolder('tutorial')), config);
  return new Session(folder, corpus, { ...stored, seed });
}

async function resumeRun({ resume, epochs, cache, onFile }: ResumeOptions & RunControl): Promise<Session> {
  const folder = await openRun(resume);
  try {
    const { config } = folder;
    const stored = { ...config.options, seed: config.seed } as unknown as StoredOptions & { seed: number };
    const corpus = await readTrainingCorpus(config.data.paths, { ...stored, cache, onFile });
    if (corpus.fingerprint !== config.data.fingerprint) {
      throw new CadenzaError(
        `${resume}: the corpus ${config.data.paths.join(', ')} is no longer what the run began with; ` +
          'restore its files, or start a new run',
      );
    }
    const path = folder.checkpointPath('last');
    const checkpoint = folder.hasCheckpoint('last')
      ? checkpointToSnapshot(decodeCheckpoint(await folder.readCheckpoint('last'), path))
      : undefined; // killed before the first one: begin again
    await folder.truncateLosses(checkpoint?.notes.lossRecords ?? 0);
    return new Session(folder, corpus, { ...stored, epochs: epochs ?? stored.epochs }, checkpoint);
  } catch (error) {
    folder.close();
    throw error;
  }
}

type Corpus = Awaited<ReturnType<typeof readTrainingCorpus>>;

class Session {
  private readonly model = new TutorialLstm(TUTORIAL_CONFIG);
  private readonly began = performance.now();
  private snapshot: (() => TrainingSnapshot) | undefined;
  private savedAt = performance.now();

  constructor(
    private readonly folder: RunFolder,
    private readonly corpus: Corpus,
    private readonly options: StoredOptions & { readonly seed: number },
    private readonly resumed?: ReturnType<typeof checkpointToSnapshot>,
  ) {}

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
    let reason: RunEnd['reason'] = 'already finished';
    let bestEpoch = position?.stopping.bestEpoch ?? 0;
    const engine = await createOnnxEngine({ threads: options.threads });
    for await (const progress of train(this.model, engine, corpus.data, options, resumed?.snapshot)) {
      this.snapshot = progress.snapshot;
      if (progress.type === 'epoch') {
        bestEpoch = progress.stopping.bestEpoch;
        await this.afterEpoch(progress);
        if (progress.end !== undefined) reason = progress.end;
      } else {
        this.afterStep(progress);
        if (performance.now() - this.savedAt > checkpointSeconds * 1000) await this.save();
      }
      yield progress;
      if (signal?.aborted && !(progress.type === 'epoch' && progress.end)) {
        reason = 'interrupted';
        break;
      }
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

  private seconds(): number {
    return (this.resumed?.notes.seconds ?? 0) + (performance.now() - this.began) / 1000;
  }

  private log(record: Omit<LossRecord, 'seconds'> & { updates: number }): void {
    this.folder.appendLoss({ ...record, seconds: Math.round(this.seconds() * 10) / 10 } as LossRecord);
  }

  private afterStep({ epoch, step, stepsPerEpoch, updates, meanLosses }: StepProgress): void {
    const every = Math.ceil(stepsPerEpoch / RECORDS_AN_EPOCH);
    if (step % every !== 0 || step === stepsPerEpoch) return;
    this.log({ epoch: epoch - 1 + step / stepsPerEpoch, split: 'train', losses: meanLosses, updates });
  }

  private async afterEpoch({
    epoch,
    updates,
    train: losses,
    validation,
    improved,
  }: EpochProgress): Promise<void> {
    this.log({ epoch, split: 'train', losses, updates });
    if (validation !== undefined) this.log({ epoch, split: 'validation', losses: validation, updates });
    if (improved) {
      const best = this.snapshot?.().bestParameters as Float32Array;
      const checkpoint: Checkpoint = {
        config: this.model.config,
        tensors: namedViews(best, this.model.parameters),
      };
      await this.folder.saveCheckpoint('best', encodeCheckpoint(checkpoint));
    }
    await this.save();
    const whole = this.folder.losses.filter((record) => Number.isInteger(record.epoch));
    const pieces = `${this.corpus.train.names.length} pieces, ${this.corpus.train.notes} notes`;
    await this.folder.savePlot(
      lossPlot(whole, {
        title: 'Training of the tutorial model',
        subtitle: `${pieces}, seed ${this.options.seed}`,
        units: { pitch_loss: 'nats', step_loss: 's²', duration_loss: 's²' },
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
      encodeCheckpoint(snapshotToCheckpoint(this.model, snapshot, notes)),
    );
    this.snapshot = undefined;
    this.savedAt = performance.now();
  }
}
