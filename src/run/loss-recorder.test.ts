import { describe, expect, it } from 'vitest';
import type { LossRecord } from '../charts/loss-plot.js';
import type { EpochProgress, StepProgress } from '../training/progress.js';
import { LossRecorder } from './loss-recorder.js';

describe('points of the training curve', () => {
  const progress = (updates: number, stepsPerEpoch: number, loss: number) =>
    ({
      type: 'step',
      epoch: Math.ceil(updates / stepsPerEpoch),
      step: ((updates - 1) % stepsPerEpoch) + 1,
      stepsPerEpoch,
      updates,
      losses: { loss },
    }) as unknown as StepProgress;
  const ended = (epoch: number, updates: number, loss: number) =>
    ({
      type: 'epoch',
      epoch,
      at: epoch,
      updates,
      train: { loss },
      validation: { loss: 2 * loss },
    }) as unknown as EpochProgress;

  /**
   * All points of two epochs of so many steps; the recorder is made anew from what is pending where asked.
   */
  function pointsOf(steps: number, breakAt?: number): LossRecord[] {
    let recorder = new LossRecorder();
    const points: LossRecord[] = [];
    for (let n = 1; n <= 2 * steps; n++) {
      const point = recorder.step(progress(n, steps, n));
      if (point) points.push(point);
      if (n % steps === 0) points.push(...recorder.epoch(ended(n / steps, n, n)));
      if (n === breakAt) recorder = new LossRecorder(JSON.parse(JSON.stringify(recorder.pending)));
    }
    return points;
  }

  it('are means over the steps between them, each step in one, and over the epoch at its end', () => {
    const steps = 400;
    const points = pointsOf(steps);
    expect(points.length).toBeGreaterThan(60);
    expect(points.length).toBeLessThan(100);
    expect(points[0]).toEqual({ epoch: 1 / steps, split: 'train', updates: 1, losses: { loss: 1 } });
    const ends = points.filter(({ epoch }) => Number.isInteger(epoch));
    expect(ends.map(({ split, updates, losses }) => [split, updates, losses.loss])).toEqual([
      ['train', steps, steps],
      ['validation', steps, 2 * steps],
      ['train', 2 * steps, 2 * steps],
      ['validation', 2 * steps, 4 * steps],
    ]);
    let before = 0;
    for (const { updates = 0, epoch, losses } of points) {
      if (!Number.isInteger(epoch)) expect(losses.loss).toBeCloseTo((before + 1 + updates) / 2);
      before = updates;
    }
  });

  it('come at every step of a short training', () => {
    expect(pointsOf(5).length).toBe(2 * (4 + 2));
  });

  it('are the same after a break, whose checkpoint notes what was pending', () => {
    for (const at of [3, 205, 400, 407]) expect(pointsOf(400, at)).toEqual(pointsOf(400));
  });
});
