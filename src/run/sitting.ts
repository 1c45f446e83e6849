/**
 * One sitting of a training, in Node and in a page alike: it trains, logs losses, keeps the best weights, and
 * saves on the way. Whoever drives it takes its progress step by step, and stops or pauses it by taking no
 * more.
 */
import { encodeCheckpoint } from '../checkpoint/checkpoint.js';
import type { Model } from '../model/model.js';
import { namedViews } from '../model/parameters.js';
import type { TrainingSnapshot, TrainProgress } from '../training/progress.js';
import { startFrom } from '../training/start-from.js';
import { TrainingClock } from './clock.js';
import { LossRecorder } from './loss-recorder.js';
import { type RunNotes, snapshotToCheckpoint } from './snapshot-checkpoint.js';
import type { RunStore } from './store.js';

/** What a run goes on from, or begins with. */
export interface RunState {
  readonly snapshot: TrainingSnapshot;
  readonly notes: RunNotes;
}

/** The state of a run that begins with these weights (P) and has done no step. */
export function beginningWith(parameters: Float32Array): RunState {
  return { snapshot: startFrom(parameters), notes: { lossRecords: 0, seconds: 0 } };
}

/** Computes a training, from its beginning or a snapshot on. */
export type Training = (from?: TrainingSnapshot) => AsyncGenerator<TrainProgress, void, undefined>;

export interface SittingOptions {
  readonly model: Model;
  readonly store: RunStore;
  /** Undefined begins with new weights. */
  readonly from?: RunState;
  /** Least seconds between checkpoints within an epoch. */
  readonly checkpointSeconds: number;
  /** The part of the time that saving may take at most; no limit by default. */
  readonly savingShare?: number;
  /** Times the sitting; the time of this machine by default. */
  readonly clock?: TrainingClock;
}

export class Sitting {
  readonly clock: TrainingClock;
  private readonly recorder: LossRecorder;
  private snapshot: (() => TrainingSnapshot) | undefined;
  /** Tells the weights that were saved as the best from others. */
  private savedModel: string | undefined;
  private isSaved = true;
  private isFinished = false;
  private savedAt: number;
  private saveSeconds = 0;

  constructor(private readonly parts: SittingOptions) {
    const { from, clock } = parts;
    this.clock = clock ?? new TrainingClock(from?.notes.seconds);
    this.savedAt = this.clock.seconds;
    this.recorder = new LossRecorder(from?.notes.pending);
    if (from === undefined) return;
    this.snapshot = () => from.snapshot;
    if (from.snapshot.bestParameters) this.savedModel = modelKey(from.snapshot);
  }

  /**
   * Trains. What comes has been logged, and saved where that was due.
   *
   * @param training computes the steps, from where the sitting goes on: see `train`
   */
  async *run(training: Training): AsyncGenerator<TrainProgress, void, undefined> {
    const { store, from } = this.parts;
    this.clock.start();
    // Weights from elsewhere are kept before anything happens: their model may be gone when the run is
    // resumed.
    if (from?.snapshot.position.updates === 0) await this.saveAnyway();
    try {
      for await (const progress of training(from?.snapshot)) {
        this.snapshot = progress.snapshot;
        this.isSaved = false;
        if (progress.type === 'step') {
          this.clock.step();
          const point = this.recorder.step(progress);
          if (point !== undefined) this.log([point]);
          const isWithin = progress.step < progress.stepsPerEpoch;
          if (isWithin && (store.isNew || this.isDue)) await this.save();
        } else if (progress.type === 'epoch') {
          this.log(this.recorder.epoch(progress));
          this.isFinished = progress.end !== undefined;
          // An epoch that was cut short and judged may be judged once more, under the same number.
          if (progress.improved) this.savedModel = undefined;
          await this.save();
        }
        yield progress;
      }
    } finally {
      this.clock.pause();
    }
  }

  /** Saves, unless nothing was trained since that was done last. */
  async save(): Promise<void> {
    if (!this.isSaved) await this.saveAnyway();
  }

  /** Saves also where nothing was trained: what lies beside the weights may have changed. */
  async saveAnyway(): Promise<void> {
    const snapshot = this.snapshot?.();
    if (snapshot === undefined) return;
    const { model, store } = this.parts;
    const { seconds } = this.clock;
    const began = performance.now();
    const notes = { lossRecords: store.logged, seconds, pending: this.recorder.pending };
    const key = modelKey(snapshot);
    const isKept = await store.save({
      checkpoint: encodeCheckpoint(snapshotToCheckpoint(model, snapshot, notes)),
      ...(key !== this.savedModel && { model: this.modelFile(snapshot) }),
      updates: snapshot.position.updates,
      seconds,
      isFinished: this.isFinished,
    });
    if (isKept) {
      this.savedModel = key;
      this.isSaved = true;
    }
    this.savedAt = this.clock.seconds;
    this.saveSeconds = (performance.now() - began) / 1000;
    this.clock.interrupted();
  }

  private get isDue(): boolean {
    const { checkpointSeconds, savingShare = Number.POSITIVE_INFINITY } = this.parts;
    const least = Math.max(checkpointSeconds, this.saveSeconds / savingShare);
    return this.clock.seconds - this.savedAt > least;
  }

  private log(records: Parameters<RunStore['log']>[0]): void {
    const seconds = Math.round(this.clock.seconds * 10) / 10;
    this.parts.store.log(records.map((record) => ({ ...record, seconds })));
  }

  private modelFile(snapshot: TrainingSnapshot): Uint8Array<ArrayBuffer> {
    const { config, parameters } = this.parts.model;
    return encodeCheckpoint({ config, tensors: namedViews(bestOf(snapshot), parameters) });
  }
}

/** The best weights so far: those judged best, else the running mean, else the weights as they are. */
export function bestOf({ bestParameters, averageParameters, parameters }: TrainingSnapshot): Float32Array {
  return bestParameters ?? averageParameters ?? parameters;
}

/** Tells the best weights of one moment from those of another. */
function modelKey({ bestParameters, position }: TrainingSnapshot): string {
  return bestParameters ? `epoch ${position.stopping.bestEpoch}` : `step ${position.updates}`;
}
