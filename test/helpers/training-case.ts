/** A small model, a small corpus, and what its training tells. */
import runtime from 'onnxruntime-node';
import type { Engine } from '../../src/engine/engine.js';
import { onnxEngine } from '../../src/engine/onnx/runtime.js';
import { plainEngine } from '../../src/engine/plain/plain.js';
import { WindowDataLoader } from '../../src/kinds/tutorial/data-loader.js';
import { TUTORIAL_CONFIG, TutorialLstm } from '../../src/kinds/tutorial/network.js';
import { Random } from '../../src/random.js';
import { type TrainingData, type TrainOptions, TUTORIAL_TRAIN_OPTIONS } from '../../src/training/options.js';
import type {
  EpochProgress,
  StepProgress,
  TrainingSnapshot,
  TrainProgress,
} from '../../src/training/progress.js';
import { train } from '../../src/training/train.js';

export const T = 8;
export const model = new TutorialLstm({ ...TUTORIAL_CONFIG, windowLength: T, hiddenSize: 6, denseSize: 8 });
export const ENGINES: readonly Engine[] = [plainEngine(), onnxEngine(runtime, { threads: 1 })];

/** A scale up and down, in two rhythms: something that can be learnt. */
export function scale(length: number, from = 60): Float32Array {
  const notes = Array.from({ length }, (_, i) => {
    const place = i % 6;
    return [
      (from + (place < 4 ? place : 6 - place)) / 128,
      i % 2 === 0 ? 0.25 : 0.125,
      i % 3 === 0 ? 0.5 : 0.2,
    ];
  });
  return Float32Array.from(notes.flat());
}

/** Notes without rhyme or reason. */
export function noise(length: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from(
    Array.from({ length }, () => [random.below(128) / 128, random.next(), random.next()]).flat(),
  );
}

/**
 * 16 + 12 windows to learn from, 3 batches of 8 an epoch; 6 windows to validate on. One piece is too short.
 */
export const DATA: TrainingData = {
  train: [scale(24), scale(T), scale(20, 50)],
  validation: [scale(T + 6, 55)],
};
export const OPTIONS: TrainOptions = {
  ...TUTORIAL_TRAIN_OPTIONS,
  epochs: 3,
  batchSize: 8,
  learningRate: 0.02,
  seed: 1,
};
export const STEPS_PER_EPOCH = 3;

type Taken<P extends TrainProgress> = P & { readonly taken: TrainingSnapshot };
export type Event = Taken<StepProgress> | Taken<EpochProgress>;

/** Trains to the end, or for a number of events, and takes a snapshot at each. */
export async function collect(
  engine: Engine,
  {
    data = DATA,
    resume,
    events = Number.POSITIVE_INFINITY,
    ...options
  }: Partial<TrainOptions> & {
    data?: TrainingData;
    resume?: TrainingSnapshot;
    events?: number;
  } = {},
): Promise<Event[]> {
  const found: Event[] = [];
  for await (const progress of train(
    new WindowDataLoader(model, data, { ...OPTIONS, ...options }),
    engine,
    { ...OPTIONS, ...options },
    resume,
  )) {
    if (progress.type === 'validation') continue;
    found.push({ ...progress, taken: progress.snapshot() });
    if (found.length >= events) break;
  }
  return found;
}

export const epochsOf = (events: readonly Event[]) => events.filter((event) => event.type === 'epoch');
export const stepsOf = (events: readonly Event[]) => events.filter((event) => event.type === 'step');

/** All that is told of an event, without the function. */
export const told = ({ snapshot, ...rest }: Event) => rest;
