/** An attribute that is added to a representation in one file is learned, measured and drawn. */
import { beforeAll, describe, expect, it } from 'vitest';
import { EventDataLoader } from '../../src/kinds/performance/data-loader.js';
import { EventLstm } from '../../src/kinds/performance/network.js';
import { primerEvents } from '../../src/kinds/performance/perform.js';
import { Performer } from '../../src/kinds/performance/performer.js';
import { createOnnxEngine } from '../../src/node/engine/onnx-engine.js';
import { gridOf } from '../../src/notes/grid.js';
import { builtInOpening } from '../../src/playing/opening.js';
import { PERFORMANCE_TRAIN_OPTIONS } from '../../src/training/options.js';
import type { EpochProgress } from '../../src/training/progress.js';
import { train } from '../../src/training/train.js';
import { HANDED, handOf } from '../helpers/handed-representation.js';

const CONFIG = {
  kind: 'events',
  formatVersion: 1,
  representation: HANDED.name,
  layers: 1,
  hiddenSize: 16,
  headSize: 16,
  contextUnits: 8,
  keyFeatures: 0,
} as const;

describe('a fourth attribute', () => {
  const opening = builtInOpening();
  const model = new EventLstm(CONFIG, HANDED, 32);
  const epochs: EpochProgress[] = [];
  let parameters: Float32Array;

  beforeAll(async () => {
    const options = {
      ...PERFORMANCE_TRAIN_OPTIONS,
      epochs: 6,
      batchSize: 4,
      learningRate: 0.02,
      schedule: undefined,
      averaging: undefined,
      augmentation: undefined,
    };
    const pieces = Array.from({ length: 16 }, () => opening);
    const loader = new EventDataLoader(model, { train: pieces, validation: [opening] }, options);
    for await (const progress of train(loader, await createOnnxEngine({ threads: 1 }), options)) {
      if (progress.type === 'epoch') epochs.push(progress);
      parameters = progress.snapshot().parameters;
    }
  });

  it('is learned, and measured beside the others', () => {
    const losses = epochs.map(({ validation }) => validation?.hand_loss ?? Number.NaN);
    expect(losses[0]).toBeGreaterThan(2 * losses[losses.length - 1]);
    expect(losses.at(-1)).toBeLessThan(0.2);
    const { loss, ...parts } = epochs.at(-1)?.validation ?? {};
    expect(Object.keys(parts)).toEqual(['time_loss', 'symbol_loss', 'velocity_loss', 'hand_loss']);
    expect(Object.values(parts).reduce((sum, each) => sum + each, 0)).toBeCloseTo(loss, 6);
  });

  it('is drawn', async () => {
    const drawn: [symbol: number, hand: number][] = [];
    const hand: typeof HANDED.playing.draw.hand = (logits, drawing, wishes) => {
      const result = HANDED.playing.draw.hand(logits, drawing, wishes);
      drawn.push([drawing.values[1], result.value]);
      return result;
    };
    const playing = { ...HANDED.playing, draw: { ...HANDED.playing.draw, hand } };
    const watched = new EventLstm(CONFIG, { ...HANDED, playing }, 1);
    const engine = await createOnnxEngine({ threads: 1 });
    const performer = new Performer({ model: watched, parameters }, engine);
    const primer = primerEvents(gridOf(opening), 10, HANDED);
    let events = 0;
    for await (const _ of performer.play(primer, { notes: 60, seed: 1 })) events++;
    await performer.release();
    expect(events).toBeGreaterThan(100);
    expect(drawn.length).toBeGreaterThan(100);
    const right = drawn.filter(([symbol, value]) => value === handOf(symbol)).length;
    expect(right / drawn.length).toBeGreaterThan(0.95);
    expect(new Set(drawn.map(([, value]) => value)).size).toBe(2);
  });
});
