/**
 * One sitting of a training in the worker: tells how it goes, plays samples, pauses, and saves into the
 * browser's storage.
 */
import {
  CadenzaError,
  type DataLoader,
  type EpochProgress,
  type Kind,
  kindNamed,
  type LossRecord,
  type PreparedPieces,
  type RunStore,
  type SavedRun,
  Sitting,
  type StepProgress,
  type TrainingClock,
  type TrainingSnapshot,
  train,
} from '../../../../src/index.js';
import { breathe } from '../../../../src/web/index.js';
import type { Beginning, Engines } from './begin-run.js';
import type { EndReason, FromTraining, TrainingPhase } from './messages.js';
import type { RunRecord } from './run-record.js';
import { saveRun } from './run-store.js';
import { playSample } from './sample.js';

/** Seconds of training between two samples within an epoch, and least ones between any two. */
const SAMPLE_EVERY = 120;
const LEAST_BETWEEN_SAMPLES = 5;
/** A sample may take so much of the time since the one before. */
const SAMPLE_SHARE = 0.25;
/** Least seconds between two savings, and the part of the time that they may take. */
const SAVE_EVERY = 10;
const SAVING_SHARE = 1 / 20;
/** Milliseconds between two reports of where it stands. */
const REPORT_EVERY = 200;

export class TrainingRun {
  private record: RunRecord;
  private readonly losses: LossRecord[];
  private readonly samples: RunRecord['samples'][number][];
  private readonly sitting: Sitting;
  private snapshot: (() => TrainingSnapshot) | undefined;
  /** Pieces that are not in the storage yet. */
  private unsavedPieces: PreparedPieces | undefined;
  private wish: 'go on' | 'pause' | 'stop' = 'go on';
  private wake: () => void = () => {};
  private readonly saveRequests: number[] = [];
  private sampledAt: number;
  private sampledUpdates = -1;
  private sampleSeconds = 0;
  private judgeSeconds = 0;
  private judgingSince = 0;
  private reportedAt = 0;
  private phase: TrainingPhase = 'preparing';
  private epoch = 1;
  private updates: number;
  private stepsPerEpoch = 0;

  /** @param isStored whether its pieces are in the storage already */
  static async open(
    beginning: Beginning,
    engines: Engines,
    report: (message: FromTraining) => void,
    isStored: boolean,
  ): Promise<TrainingRun> {
    const { record, pieces } = beginning;
    const kind = kindNamed(record.preset);
    const loader = await kind.dataLoader(record.config, pieces, record.options);
    return new TrainingRun(kind, loader, beginning, engines, report, isStored);
  }

  private constructor(
    private readonly kind: Kind,
    private readonly loader: DataLoader,
    beginning: Beginning,
    private readonly engines: Engines,
    private readonly report: (message: FromTraining) => void,
    isStored: boolean,
  ) {
    const { record, pieces, from } = beginning;
    this.record = record;
    this.losses = [...record.losses];
    this.samples = [...record.samples];
    this.updates = from?.snapshot.position.updates ?? 0;
    this.sampledAt = record.seconds;
    if (!isStored) this.unsavedPieces = pieces;
    this.sitting = new Sitting({
      model: loader.model,
      store: this.store(),
      from,
      checkpointSeconds: SAVE_EVERY,
      savingShare: SAVING_SHARE,
    });
  }

  pause(): void {
    if (this.wish === 'go on') this.wish = 'pause';
  }

  goOn(): void {
    if (this.wish === 'pause') this.wish = 'go on';
    this.wake();
  }

  stop(): void {
    this.wish = 'stop';
    this.wake();
  }

  /** Saves as soon as the step under way is done, and tells so with the request's number. */
  requestSave(request: number): void {
    this.saveRequests.push(request);
    this.wake();
  }

  /** Trains until all is done or it is told to stop. */
  async run(): Promise<void> {
    this.report({ type: 'begun', record: this.record });
    this.tell('preparing');
    let reason: EndReason = 'stopped';
    let isOver = true;
    const { engine, shards } = this.engines;
    const { options } = this.record;
    const training = (from?: TrainingSnapshot) => train(this.loader, engine, options, from, shards);
    for await (const progress of this.sitting.run(training)) {
      isOver = false;
      this.snapshot = progress.snapshot;
      if (progress.type === 'step') await this.afterStep(progress);
      else if (progress.type === 'epoch') {
        await this.afterEpoch(progress);
        reason = progress.end ?? reason;
      }
      await breathe();
      await this.obey();
      if (this.wish === 'stop' && reason === 'stopped') break;
    }
    if (isOver) reason = 'epochs';
    if (this.wish !== 'stop' && this.sampledUpdates !== this.updates) await this.sample();
    await this.sitting.saveAnyway();
    this.report({ type: 'ended', record: this.record, reason });
  }

  private get clock(): TrainingClock {
    return this.sitting.clock;
  }

  private async afterStep({ epoch, step, stepsPerEpoch, updates }: StepProgress): Promise<void> {
    Object.assign(this, { epoch, updates, stepsPerEpoch });
    const isLast = step === stepsPerEpoch || updates === this.record.options.steps;
    this.tell(isLast ? 'judging' : 'training', isLast);
    if (isLast) this.judgingSince = performance.now();
    else if (this.clock.seconds - this.sampledAt > SAMPLE_EVERY) await this.sample();
  }

  private async afterEpoch({ end }: EpochProgress): Promise<void> {
    this.judgeSeconds = (performance.now() - this.judgingSince) / 1000;
    const { seconds } = this.clock;
    this.clock.interrupted();
    const since = seconds - this.sampledAt;
    const isFirst = this.samples.length === 0;
    const isSpaced = since > LEAST_BETWEEN_SAMPLES && since * SAMPLE_SHARE > this.sampleSeconds;
    if (isFirst || isSpaced || end !== undefined) await this.sample();
  }

  private async obey(): Promise<void> {
    if (this.saveRequests.length > 0) await this.sitting.saveAnyway();
    if (this.wish !== 'pause') return;
    const phase = this.phase === 'judging' ? 'judging' : 'training';
    const since = performance.now();
    this.clock.pause();
    await this.sitting.save();
    this.tell('paused', true);
    while (this.wish === 'pause') {
      if (this.saveRequests.length > 0) {
        await this.sitting.saveAnyway();
        continue;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.clock.start();
    this.judgingSince += performance.now() - since;
    if (this.wish === 'go on') this.tell(phase, true);
  }

  private async sample(): Promise<void> {
    const snapshot = this.snapshot?.();
    if (snapshot === undefined) return;
    this.tell('playing', true);
    const began = performance.now();
    const { averageParameters, parameters: latest } = snapshot;
    const loaded = { kind: this.kind, model: this.loader.model, parameters: averageParameters ?? latest };
    const pause = async () => {
      await breathe();
      return this.wish !== 'stop';
    };
    try {
      const played = await playSample(loaded, this.engines.engine, pause);
      if (played !== undefined) {
        const epoch = this.losses.at(-1)?.epoch ?? this.epoch;
        const sample = { updates: this.updates, epoch, ...played };
        this.samples.push(sample);
        this.report({ type: 'sample', sample });
      }
    } catch (error) {
      if (!(error instanceof CadenzaError)) throw error; // a model that cannot play yet may learn to
    }
    this.sampledUpdates = this.updates;
    this.sampleSeconds = (performance.now() - began) / 1000;
    this.sampledAt = this.clock.seconds;
    this.clock.interrupted();
  }

  /**
   * The browser's storage. What it does not take is said, and training goes on: it is not lost while the page
   * is open.
   */
  private store(): RunStore {
    const { losses } = this;
    const isNew = () => this.unsavedPieces !== undefined;
    return {
      get logged() {
        return losses.length;
      },
      get isNew() {
        return isNew();
      },
      log: (records) => {
        losses.push(...records);
        this.report({ type: 'losses', records });
      },
      save: (saved) => this.keep(saved),
    };
  }

  private async keep({ checkpoint, model, updates, seconds, isFinished }: SavedRun): Promise<boolean> {
    const requests = this.saveRequests.splice(0);
    const { losses, samples, totalUpdates } = this;
    this.record = {
      ...this.record,
      losses: [...losses],
      samples: [...samples],
      updates,
      totalUpdates,
      seconds,
      isFinished: isFinished || this.record.isFinished,
      changed: Date.now(),
    };
    try {
      const pieces = this.unsavedPieces;
      await saveRun(this.record, { ...(pieces && { pieces }), checkpoint, ...(model && { model }) });
      this.unsavedPieces = undefined;
      this.report({ type: 'saved', record: this.record });
      for (const request of requests) this.report({ type: 'saved', record: this.record, request });
      return true;
    } catch (error) {
      const message = (error as Error).message;
      this.report({ type: 'unsaved', message });
      for (const request of requests) this.report({ type: 'unsaved', message, request });
      return false;
    }
  }

  private get totalUpdates(): number {
    const { epochs, steps = Number.POSITIVE_INFINITY } = this.record.options;
    return this.stepsPerEpoch === 0 ? this.record.totalUpdates : Math.min(steps, epochs * this.stepsPerEpoch);
  }

  private tell(phase: TrainingPhase, isUrgent = false): void {
    this.phase = phase;
    const now = performance.now();
    if (!isUrgent && now - this.reportedAt < REPORT_EVERY) return;
    this.reportedAt = now;
    const { epoch, updates, totalUpdates, stepsPerEpoch, judgeSeconds } = this;
    const { seconds, secondsPerStep } = this.clock;
    const left = totalUpdates - updates;
    const judging = stepsPerEpoch > 0 ? (left / stepsPerEpoch) * judgeSeconds : 0;
    this.report({
      type: 'standing',
      standing: {
        phase,
        epoch,
        updates,
        totalUpdates,
        seconds,
        ...(secondsPerStep !== undefined && {
          notesPerSecond: this.loader.notesPerStep / secondsPerStep,
          secondsLeft: left * secondsPerStep + judging,
        }),
      },
    });
  }
}
