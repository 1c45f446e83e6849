import type { LossRecord } from '../charts/loss-plot.js';
import type { Losses } from '../model/losses.js';
import type { EpochProgress, StepProgress } from '../training/progress.js';

/** Points of the training curve in an epoch, and the most steps between two of them. */
const POINTS_AN_EPOCH = 40;
const MOST_STEPS = 50;

/**
 * Losses that are not in a point yet; a checkpoint notes them, so that a resumed run makes the same points.
 */
export interface PendingLosses {
  readonly sums: Losses;
  readonly count: number;
}

/**
 * Thins the losses of a training into points of its curves: means over a few steps within an epoch, the first
 * ones alone, and at its end those over all of it, with what the held-out pieces say. Only those stand at
 * whole epochs.
 */
export class LossRecorder {
  private sums: Losses;
  private count: number;

  constructor({ sums, count }: PendingLosses = { sums: {}, count: 0 }) {
    this.sums = { ...sums };
    this.count = count;
  }

  get pending(): PendingLosses {
    return { sums: { ...this.sums }, count: this.count };
  }

  /** The point that a step completes, if it does. */
  step({ epoch, step, stepsPerEpoch, updates, steps = 1, losses }: StepProgress): LossRecord | undefined {
    for (const [name, value] of Object.entries(losses))
      this.sums[name] = (this.sums[name] ?? 0) + steps * value;
    this.count += steps;
    const every = Math.min(MOST_STEPS, Math.max(1, Math.round(stepsPerEpoch / POINTS_AN_EPOCH)));
    if (step === stepsPerEpoch || (this.count < every && updates >= every)) return undefined;
    const { sums, count } = this;
    this.clear();
    const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / count]));
    return { epoch: epoch - 1 + step / stepsPerEpoch, split: 'train', losses: means, updates };
  }

  /** The points at the end of an epoch, or where the steps end within it. */
  epoch({ at: epoch, updates, train, validation }: EpochProgress): LossRecord[] {
    this.clear();
    const points: LossRecord[] = [{ epoch, split: 'train', losses: train, updates }];
    if (validation !== undefined) points.push({ epoch, split: 'validation', losses: validation, updates });
    return points;
  }

  private clear(): void {
    this.sums = {};
    this.count = 0;
  }
}
