import { describe, expect, it } from 'vitest';
import { CadenzaError, type LossRecord, type ModelConfig } from '../../../../src/index.js';
import { chartData } from './chart-data.js';
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
      record(9, 'train', 2),
      record(10, 'train', 3),
      record(10, 'validation', 3),
      record(19, 'train', 0),
    ];
    const [steps, training, smoothed, heldOut] = chartData(losses, 'loss');
    expect(steps).toEqual([1, 9, 10, 19]);
    expect(training).toEqual([4, 2, null, 0]);
    expect(smoothed).toEqual([2, 2, null, 2]);
    const rising = Array.from({ length: 20 }, (_, i) => record(i + 0.5, 'train', i));
    expect(chartData(rising, 'loss')[2].slice(3, 6)).toEqual([3.5, 4, 5]);
    expect(heldOut).toEqual([null, null, 3, null]);
    expect(chartData([record(10, 'train', 3)], 'loss')[1]).toEqual([3]);
    expect(chartData([], 'loss')).toEqual([[], [], [], []]);
  });

  it('are thinned where there is too much to draw', () => {
    const many = Array.from({ length: 5001 }, (_, i) => record(i + 0.5, 'train', i));
    const [steps] = chartData(many, 'loss');
    expect(steps.length).toBeLessThan(650);
    expect([steps[0], steps.at(-1)]).toEqual([0.5, 5000.5]);
  });
});
