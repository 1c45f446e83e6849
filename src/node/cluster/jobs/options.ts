/** Training options as they come with a job. */
import { MAX_SIZE } from '../../../kinds/check-sizes.js';
import { OPTIMISERS, type OptimiserName } from '../../../training/optimisers.js';
import type { TrainOptions } from '../../../training/options.js';
import { choiceIn, type Fields, fieldsOf, numberIn, optional, wholeIn } from '../fields.js';

const MOST_ROWS = 65_536;
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
    only: optional(fields, 'only', (from, name) => choiceIn(from, name, ['told'])),
    beta2: optional(fields, 'beta2', part),
    averaging: optional(fields, 'averaging', part),
    sequenceLength: optional(fields, 'sequenceLength', (from, name) => wholeIn(from, name, 1, MAX_SIZE)),
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
  return {
    batchSize: wholeIn(fields, 'batchSize', 1, MOST_ROWS),
    learningRate: positive(fields, 'learningRate'),
    seed: wholeIn(fields, 'seed'),
    validationStride: wholeIn(fields, 'validationStride', 1),
    ...Object.fromEntries(Object.entries(given).filter(([, option]) => option !== undefined)),
  };
}

/** Options of a training that goes on until it is left. */
export function endless(options: LearnOptions): TrainOptions {
  const never = Number.MAX_SAFE_INTEGER;
  return { ...options, epochs: never, patience: never, monitor: 'train' };
}
