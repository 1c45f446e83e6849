/** What is to be trained and for how long, as chosen in the page, and what that means for the library. */
import {
  CadenzaError,
  type Kind,
  kindNamed,
  kindOfConfig,
  type ModelConfig,
  type ModelSizes,
  type TrainOptions,
} from '../../../../src/index.js';

/** For how long: passes over the pieces, minutes, or steps. */
export interface Length {
  readonly unit: 'epochs' | 'minutes' | 'steps';
  readonly count: number;
}

export interface TrainingPlan {
  /** The name of the kind of model. */
  readonly preset: string;
  /** Units of each LSTM layer; the tutorial model's are fixed. */
  readonly hiddenSize: number;
  readonly layers: number;
  readonly length: Length;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
}

/** Sizes that a page trains in minutes to hours, with what to call them. */
export const SIZES = [
  { hiddenSize: 64, name: 'Tiny' },
  { hiddenSize: 128, name: 'Small' },
  { hiddenSize: 256, name: 'Medium' },
  { hiddenSize: 448, name: 'Large' },
] as const;

/** The largest of what a model hears beside its state; more brought nothing. */
const MOST_CONTEXT = 240;

/** The sizes of a plan's model, as its preset takes them. */
export function sizesOf({ preset, layers, hiddenSize }: TrainingPlan): ModelSizes {
  const isFixed = kindNamed(preset).sizes.length === 0;
  return isFixed ? {} : { layers, hiddenSize, contextUnits: Math.min(hiddenSize, MOST_CONTEXT) };
}

/** A good beginning for a kind of model. */
export function defaultPlan(preset: string): TrainingPlan {
  const { batchSize, learningRate, seed } = kindNamed(preset).options;
  return {
    preset,
    hiddenSize: 128,
    layers: 2,
    length: { unit: 'minutes', count: 10 },
    batchSize,
    learningRate,
    seed,
  };
}

/**
 * Most pieces that are held out, and most notes of each that are judged: judging must stay short beside
 * learning.
 */
const MOST_HELD_OUT = 24;
export const MOST_JUDGED_NOTES = 1000;
/** Most windows that the tutorial model is judged on. */
const MOST_WINDOWS = 2000;

/** Which part of so many pieces to hold out. */
export function heldOutPart(pieces: number): number {
  return Math.min(0.1, MOST_HELD_OUT / Math.max(1, pieces));
}

/** An epoch count that no training reaches, where something else ends it. */
const ENDLESS = 100_000;

/**
 * The options of a training. Minutes become steps once it is known how long a step takes.
 *
 * @param heldOutNotes notes to judge on
 * @param secondsPerStep measured; needed for minutes
 * @throws CadenzaError for numbers that make no sense
 */
export function trainOptions(plan: TrainingPlan, heldOutNotes: number, secondsPerStep = 1): TrainOptions {
  const { preset, length, batchSize, learningRate, seed } = plan;
  requireNumber(length.count > 0, `${length.unit} to train must be more than 0`);
  requireNumber(
    Number.isInteger(batchSize) && batchSize >= 1,
    'the batch must be a whole number of at least 1',
  );
  requireNumber(learningRate > 0, 'the learning rate must be more than 0');
  requireNumber(Number.isSafeInteger(seed) && seed >= 0, 'the seed must be a whole number of at least 0');
  const own = { ...kindNamed(preset).options, batchSize, learningRate, seed };
  const validationStride = Math.max(1, Math.ceil(heldOutNotes / MOST_WINDOWS));
  if (length.unit === 'epochs')
    return { ...own, validationStride, epochs: Math.max(1, Math.round(length.count)) };
  const steps = length.unit === 'steps' ? length.count : (length.count * 60) / secondsPerStep;
  return {
    ...own,
    validationStride,
    epochs: ENDLESS,
    patience: ENDLESS,
    steps: Math.max(1, Math.round(steps)),
  };
}

/**
 * The kind that a model from a file goes on as.
 *
 * @throws CadenzaError when it is of a kind that is not trained here
 */
export function trainableKind(config: ModelConfig): Kind {
  const kind = kindOfConfig(config);
  if (kind.canPlay) return kind;
  throw new CadenzaError(`models of ${kind.name} are not trained here; choose another one`);
}

function requireNumber(holds: boolean, words: string): void {
  if (!holds) throw new CadenzaError(words);
}
