import { describe, expect, it } from 'vitest';
import { CadenzaError, type LossRecord, type ModelConfig, type StepProgress } from '../../../../src/index.js';
import { chartData } from './chart-data.js';
import { TrainingClock } from './clock.js';
import { LossRecorder } from './loss-recorder.js';
import { defaultPlan, heldOutPart, trainableKind, trainOptions } from './plan.js';

describe('a plan', () => {
  const plan = defaultPlan('performance');

  it('becomes epochs, steps, or steps for so many minutes', () => {
    expect(trainOptions({ ...plan, length: { unit: 'epochs', count: 3 } }, 100)).toMatchObject({ epochs: 3 });
    expect(trainOptions({ ...plan, length: { unit: 'epochs', count: 3 } }, 100).steps).toBeUndefined();
    expect(trainOptions({ ...plan, length: { unit: 'steps', count: 50 } }, 100).steps).toBe(50);
    expect(trainOptions({ ...plan, length: { unit: 'minutes', count: 2 } }, 100, 0.5).steps).toBe(240);
    expect(trainOptions({ ...plan, length: { unit: 'minutes', count: 0.1 } }, 100, 60).steps).toBe(1);
  });

  it('trains by steps for as long as was asked, whatever the losses', () => {
    const { epochs, patience } = trainOptions({ ...plan, length: { unit: 'steps', count: 1e6 } }, 0);
    expect(Math.min(epochs, patience)).toBeGreaterThanOrEqual(100_000);
  });

  it('keeps judging short beside learning', () => {
    expect(heldOutPart(10)).toBe(0.1);
    expect(heldOutPart(2400)).toBe(0.01);
    expect(trainOptions(plan, 20_000).validationStride).toBe(10);
    expect(trainOptions(plan, 0).validationStride).toBe(1);
  });

  it.each([
    ['length', { length: { unit: 'steps', count: 0 } }],
    ['batch', { batchSize: 1.5 }],
    ['learning rate', { learningRate: Number.NaN }],
    ['seed', { seed: -1 }],
  ] as const)('says when a number makes no sense: %s', (_, change) => {
    expect(() => trainOptions({ ...plan, ...change }, 0)).toThrow(CadenzaError);
  });

  it('finds the kind that a model goes on with', () => {
    expect(trainableKind({ kind: 'tutorial', formatVersion: 1 }).name).toBe('tutorial');
    const eventsAs = (representation: string): ModelConfig => {
      const config = { kind: 'events', formatVersion: 1, representation };
      return config;
    };
    expect(trainableKind(eventsAs('performance')).name).toBe('performance');
    expect(() => trainableKind(eventsAs('midi-like'))).toThrow(/midi-like are not trained/);
  });
});

describe('the clock', () => {
  it('counts training and not pauses, and takes the speed of the last steps', () => {
    let now = 0;
    const clock = new TrainingClock(100, () => now);
    clock.start();
    expect(clock.secondsPerStep).toBeUndefined();
    for (let i = 0; i < 3; i++) {
      now += 500;
      clock.step();
    }
    expect(clock.secondsPerStep).toBeCloseTo(0.5);
    expect(clock.seconds).toBeCloseTo(101.5);
    clock.pause();
    now += 60_000;
    expect(clock.seconds).toBeCloseTo(101.5);
    clock.start();
    expect(clock.secondsPerStep).toBeUndefined();
    now += 1000;
    clock.step();
    clock.interrupted();
    now += 5000;
    for (let i = 0; i < 40; i++) {
      clock.step();
      now += 100;
    }
    expect(clock.secondsPerStep).toBeCloseTo(0.1);
  });
});

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

  it('are means over the steps between them, each step in one', () => {
    const recorder = new LossRecorder();
    const points: LossRecord[] = [];
    const steps = 400;
    for (let n = 1; n <= 2 * steps; n++) {
      const point = recorder.add(progress(n, steps, n), n);
      if (point) points.push(point);
    }
    expect(points.length).toBeGreaterThan(60);
    expect(points.length).toBeLessThan(100);
    expect(points[0]).toMatchObject({ epoch: 1 / steps, split: 'train', updates: 1, losses: { loss: 1 } });
    expect(points.at(-1)).toMatchObject({ epoch: 2, updates: 2 * steps });
    let before = 0;
    for (const { updates = 0, losses } of points) {
      expect(losses.loss).toBeCloseTo((before + 1 + updates) / 2);
      before = updates;
    }
  });

  it('come at every step of a short training', () => {
    const recorder = new LossRecorder();
    const points = Array.from({ length: 10 }, (_, n) => recorder.add(progress(n + 1, 5, n), n));
    expect(points.every((point) => point !== undefined)).toBe(true);
  });
});

describe('the columns of a chart', () => {
  const record = (updates: number, split: LossRecord['split'], loss: number): LossRecord => ({
    epoch: updates / 10,
    split,
    updates,
    losses: { loss },
  });

  it('have both curves over the same steps, and a smooth line', () => {
    const losses = [
      record(1, 'train', 4),
      record(10, 'train', 2),
      record(10, 'validation', 3),
      record(20, 'train', 0),
    ];
    const [steps, training, smoothed, heldOut] = chartData(losses, 'loss');
    expect(steps).toEqual([1, 10, 20]);
    expect(training).toEqual([4, 2, 0]);
    expect(smoothed).toEqual([2, 2, 2]);
    const rising = Array.from({ length: 20 }, (_, i) => record(i, 'train', i));
    expect(chartData(rising, 'loss')[2].slice(3, 6)).toEqual([3.5, 4, 5]);
    expect(heldOut).toEqual([null, 3, null]);
    expect(chartData([], 'loss')).toEqual([[], [], [], []]);
  });

  it('are thinned where there is too much to draw', () => {
    const many = Array.from({ length: 5001 }, (_, i) => record(i, 'train', i));
    const [steps] = chartData(many, 'loss');
    expect(steps.length).toBeLessThan(650);
    expect([steps[0], steps.at(-1)]).toEqual([0, 5000]);
  });
});
