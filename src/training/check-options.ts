/**
 * Whether training options are some: they may come from files, from other machines, and from programs without
 * types.
 */
import { choiceIn, type Fields, fieldsOf, numberIn, optional, wholeIn } from './fields.js';
import { OPTIMISERS, type OptimiserName } from './optimisers.js';
import type { TrainOptions } from './options.js';

const MOST_ROWS = 65_536;
/** T, and of B · T: more would ask for gigabytes. */
const MOST_EVENTS = 16_384;
const MOST_IN_A_STEP = 2 ** 22;
const MOST_DROPPED = 0.95;

/** What of the options decides what is learned from a batch, and which come. */
export type LearnOptions = Omit<TrainOptions, 'epochs' | 'patience' | 'monitor'>;

export function learnOptionsOf(options: TrainOptions): LearnOptions {
  const { epochs: _, patience: __, monitor: ___, ...learning } = options;
  return learning;
}

/** @throws CadenzaError when they are none */
export function checkLearnOptions(value: unknown): LearnOptions {
  const fields = fieldsOf(value, 'options');
  const positive = (from: Fields, name: string) => numberIn(from, name, Number.MIN_VALUE);
  const part = (from: Fields, name: string) => numberIn(from, name, 0, 1);
  const given = {
    steps: optional(fields, 'steps', (from, name) => wholeIn(from, name, 1)),
    clipNorm: optional(fields, 'clipNorm', positive),
    optimiser: optional(fields, 'optimiser', (from, name) =>
      choiceIn(from, name, Object.keys(OPTIMISERS) as OptimiserName[]),
    ),
    only: optional(fields, 'only', (from, name) => choiceIn(from, name, ['told', 'untold'])),
    beta2: optional(fields, 'beta2', part),
    averaging: optional(fields, 'averaging', part),
    sequenceLength: optional(fields, 'sequenceLength', (from, name) => wholeIn(from, name, 1, MOST_EVENTS)),
    schedule: optional(fields, 'schedule', (from, name) => {
      const schedule = fieldsOf(from[name], name);
      return { warmup: numberIn(schedule, 'warmup', 0), decayFrom: part(schedule, 'decayFrom') };
    }),
    augmentation: optional(fields, 'augmentation', (from, name) => {
      const varied = fieldsOf(from[name], name);
      return { transpose: wholeIn(varied, 'transpose', 0, 12), stretch: numberIn(varied, 'stretch', 0, 0.5) };
    }),
    dropout: optional(fields, 'dropout', (from, name) => {
      const rates = fieldsOf(from[name], name);
      const rate = (place: string) =>
        optional(rates, place, (from, name) => numberIn(from, name, 0, MOST_DROPPED));
      return {
        input: rate('input'),
        hidden: rate('hidden'),
        heads: rate('heads'),
        recurrent: rate('recurrent'),
      };
    }),
  };
  const most = Math.min(MOST_ROWS, Math.floor(MOST_IN_A_STEP / (given.sequenceLength ?? 1)));
  return {
    batchSize: wholeIn(fields, 'batchSize', 1, most),
    learningRate: positive(fields, 'learningRate'),
    seed: wholeIn(fields, 'seed'),
    validationStride: wholeIn(fields, 'validationStride', 1),
    ...Object.fromEntries(Object.entries(given).filter(([, option]) => option !== undefined)),
  };
}

/** @throws CadenzaError when they are none */
export function checkTrainOptions(value: unknown): TrainOptions {
  const fields = fieldsOf(value, 'options');
  return {
    ...checkLearnOptions(value),
    epochs: wholeIn(fields, 'epochs', 1),
    patience: wholeIn(fields, 'patience', 1),
    monitor: choiceIn(fields, 'monitor', ['validation', 'train']),
  };
}

/** Options of a training that goes on until it is left. */
export function endless(options: LearnOptions): TrainOptions {
  const never = Number.MAX_SAFE_INTEGER;
  return { ...options, epochs: never, patience: never, monitor: 'train' };
}
