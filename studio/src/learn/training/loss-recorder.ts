import type { LossRecord, StepProgress } from '../../../../src/index.js';

/** Points of the training curve in an epoch, and the most steps between two of them. */
const POINTS_AN_EPOCH = 40;
const MOST_STEPS = 50;

/** Makes the points of a training curve: means over a few steps, the first ones alone. */
export class LossRecorder {
  private sums: Record<string, number> = {};
  private count = 0;

  /** The next point, when enough steps have come together. */
  add(
    { epoch, step, stepsPerEpoch, updates, losses }: StepProgress,
    seconds: number,
  ): LossRecord | undefined {
    for (const [name, value] of Object.entries(losses)) this.sums[name] = (this.sums[name] ?? 0) + value;
    this.count++;
    const every = Math.min(MOST_STEPS, Math.max(1, Math.round(stepsPerEpoch / POINTS_AN_EPOCH)));
    const isDue = this.count >= every || updates < every || step === stepsPerEpoch;
    if (!isDue) return undefined;
    const means = Object.fromEntries(
      Object.entries(this.sums).map(([name, sum]) => [name, sum / this.count]),
    );
    this.sums = {};
    this.count = 0;
    return { epoch: epoch - 1 + step / stepsPerEpoch, split: 'train', losses: means, updates, seconds };
  }
}
