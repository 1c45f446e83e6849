/** One sitting of a training in the worker: trains, tells, plays samples, and saves into the browser's storage. */
import {
  CadenzaError,
  type EpochProgress,
  encodeCheckpoint,
  type Kind,
  kindNamed,
  type Lessons,
  type LossRecord,
  namedViews,
  type PreparedPieces,
  type StepProgress,
  snapshotToCheckpoint,
  type TrainingSnapshot,
  train,
} from '../../../../src/index.js';
import { breathe } from '../../../../src/web/index.js';
import type { Beginning, Engines } from './begin-run.js';
import { TrainingClock } from './clock.js';
import { LossRecorder } from './loss-recorder.js';
import type { EndReason, FromTraining, TrainingPhase } from './messages.js';
import type { RunRecord } from './run-record.js';
import { saveRun } from './run-store.js';
import { playSample } from './sample.js';

/** Seconds of training between two samples within an epoch, and least ones between any two. */
const SAMPLE_EVERY = 120;
const LEAST_BETWEEN_SAMPLES = 5;
/** A sample may take so much of the time since the one before. */
const SAMPLE_SHARE = 0.25;
/** Least seconds between two savings, and how many times as long as saving itself takes. */
const SAVE_EVERY = 10;
const SAVE_SHARE = 1 / 20;
/** Milliseconds between two reports of where it stands. */
const REPORT_EVERY = 200;

export class TrainingRun {
  private record: RunRecord;
  private readonly losses: LossRecord[];
  private readonly samples: RunRecord['samples'][number][];
  private readonly clock: TrainingClock;
  private readonly recorder = new LossRecorder();
  private snapshot: (() => TrainingSnapshot) | undefined;
  /** Pieces that are not in the storage yet. */
  private unsavedPieces: PreparedPieces | undefined;
  private wish: 'go on' | 'pause' | 'stop' = 'go on';
  private wake: () => void = () => {};
  private readonly saveRequests: number[] = [];
  private savedAt = 0;
  private saveSeconds = 0;
  private sampledAt = 0;
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
    const lessons = await kind.lessons(record.config, pieces, record.options);
    return new TrainingRun(kind, lessons, beginning, engines, report, isStored);
  }

  private constructor(
    private readonly kind: Kind,
    private readonly lessons: Lessons,
    private readonly beginning: Beginning,
    private readonly engines: Engines,
    private readonly report: (message: FromTraining) => void,
    isStored: boolean,
  ) {
    const { record, pieces, snapshot } = beginning;
    this.record = record;
    this.losses = [...record.losses];
    this.samples = [...record.samples];
    this.clock = new TrainingClock(record.seconds);
    this.updates = snapshot?.position.updates ?? 0;
    this.sampledAt = this.savedAt = record.seconds;
    if (!isStored) this.unsavedPieces = pieces;
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
    const { options } = this.record;
    this.report({ type: 'begun', record: this.record });
    this.tell('preparing');
    let reason: EndReason = 'stopped';
    let isOver = true;
    this.clock.start();
    const { engine, shares } = this.engines;
    for await (const progress of train(this.lessons, engine, options, this.beginning.snapshot, shares)) {
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
    this.clock.pause();
    if (this.wish !== 'stop' && this.sampledUpdates !== this.updates) await this.sample();
    await this.save(reason !== 'stopped');
    this.report({ type: 'ended', record: this.record, reason });
  }

  private async afterStep(progress: StepProgress): Promise<void> {
    const { epoch, step, stepsPerEpoch, updates } = progress;
    this.clock.step();
    Object.assign(this, { epoch, updates, stepsPerEpoch });
    const point = this.recorder.add(progress, this.clock.seconds);
    if (point !== undefined) this.log([point]);
    const isLast = step === stepsPerEpoch || updates === this.record.options.steps;
    this.tell(isLast ? 'judging' : 'training', isLast);
    if (isLast) {
      this.judgingSince = performance.now();
      return;
    }
    if (this.clock.seconds - this.sampledAt > SAMPLE_EVERY) await this.sample();
    const isDue = this.clock.seconds - this.savedAt > Math.max(SAVE_EVERY, this.saveSeconds / SAVE_SHARE);
    if (isDue || this.unsavedPieces !== undefined) await this.save();
  }

  private async afterEpoch({
    at,
    epoch,
    updates,
    train: train_,
    validation,
    end,
  }: EpochProgress): Promise<void> {
    this.judgeSeconds = (performance.now() - this.judgingSince) / 1000;
    const { seconds } = this.clock;
    this.clock.interrupted();
    if (validation !== undefined) {
      this.log([{ epoch: at, split: 'validation', losses: validation, updates, seconds }]);
    } else if (this.losses.length === 0) {
      this.log([{ epoch, split: 'train', losses: train_, updates, seconds }]);
    }
    const since = seconds - this.sampledAt;
    const isFirst = this.samples.length === 0;
    const isSpaced = since > LEAST_BETWEEN_SAMPLES && since * SAMPLE_SHARE > this.sampleSeconds;
    if (isFirst || isSpaced || end !== undefined) await this.sample();
    if (end === undefined) await this.save();
  }

  private async obey(): Promise<void> {
    await this.answerSaves();
    if (this.wish !== 'pause') return;
    const phase = this.phase === 'judging' ? 'judging' : 'training';
    const since = performance.now();
    this.clock.pause();
    await this.save();
    this.tell('paused', true);
    while (this.wish === 'pause') {
      if (this.saveRequests.length > 0) {
        await this.save();
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

  private async answerSaves(): Promise<void> {
    if (this.saveRequests.length > 0) await this.save();
  }

  private log(records: readonly LossRecord[]): void {
    this.losses.push(...records);
    this.report({ type: 'losses', records });
  }

  private async sample(): Promise<void> {
    const snapshot = this.snapshot?.();
    if (snapshot === undefined) return;
    this.tell('playing', true);
    const began = performance.now();
    const parameters = snapshot.averageParameters ?? snapshot.parameters;
    const loaded = { kind: this.kind, model: this.lessons.model, parameters };
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

  private async save(isFinished = false): Promise<void> {
    const requests = this.saveRequests.splice(0);
    const snapshot = this.snapshot?.();
    const { model } = this.lessons;
    const { losses, samples, updates } = this;
    const { seconds } = this.clock;
    this.record = {
      ...this.record,
      losses: [...losses],
      samples: [...samples],
      updates,
      totalUpdates: this.totalUpdates,
      seconds,
      isFinished: isFinished || this.record.isFinished,
      changed: Date.now(),
    };
    const began = performance.now();
    const best = snapshot && (snapshot.bestParameters ?? snapshot.averageParameters ?? snapshot.parameters);
    try {
      await saveRun(this.record, {
        ...(this.unsavedPieces && { pieces: this.unsavedPieces }),
        ...(snapshot && {
          checkpoint: encodeCheckpoint(
            snapshotToCheckpoint(model, snapshot, { lossRecords: losses.length, seconds }),
          ),
        }),
        ...(best && {
          model: encodeCheckpoint({ config: model.config, tensors: namedViews(best, model.parameters) }),
        }),
      });
      this.unsavedPieces = undefined;
      this.report({ type: 'saved', record: this.record });
      for (const request of requests) this.report({ type: 'saved', record: this.record, request });
    } catch (error) {
      // Training goes on: what is in memory is not lost as long as the page stays open.
      const message = (error as Error).message;
      this.report({ type: 'unsaved', message });
      for (const request of requests) this.report({ type: 'unsaved', message, request });
    }
    this.savedAt = this.clock.seconds;
    this.saveSeconds = (performance.now() - began) / 1000;
    this.clock.interrupted();
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
          notesPerSecond: this.lessons.notesPerStep / secondsPerStep,
          secondsLeft: left * secondsPerStep + judging,
        }),
      },
    });
  }
}
