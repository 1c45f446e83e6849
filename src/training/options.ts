import type { Schedule } from './schedule.js';

/** How pieces are varied from epoch to epoch: a music student's transpositions and tempos. */
export interface Augmentation {
  /** Most semitones up or down. */
  readonly transpose: number;
  /** Largest part by which a piece gets slower or faster. */
  readonly stretch: number;
}

/**
 * Parts of what a model of events hears that are left out in learning, by chance, so that it leans on none of
 * it; a row leaves out the same throughout a step. None where not given.
 */
export interface Dropout {
  /** Of what the first layer hears. */
  readonly input?: number;
  /** Of what every further layer hears. */
  readonly hidden?: number;
  /** Of the last layer's state, as the heads hear it. */
  readonly heads?: number;
  /** Of the recurrent weights, the same for all rows (Merity et al. 2018). */
  readonly recurrent?: number;
}

/** Everything that, with the data, decides the result. */
export interface TrainOptions {
  /** Most passes over the data. */
  readonly epochs: number;
  /** Most steps in all, where training is to end within an epoch; the schedule then ends there too. */
  readonly steps?: number;
  /** B: windows a step, or pieces side by side. */
  readonly batchSize: number;
  readonly learningRate: number;
  /** Decides initial weights, and the order of windows or pieces and how they are varied. */
  readonly seed: number;
  /** Epochs without improvement after which training stops. */
  readonly patience: number;
  /** The loss that decides: of the held-out pieces, or of the training batches. */
  readonly monitor: 'validation' | 'train';
  /** Notes between the first notes of two validation windows. */
  readonly validationStride: number;
  /** Largest norm of the gradient; none by default. */
  readonly clipNorm?: number;
  /** By which optimiser; Adam by default. */
  readonly optimiser?: 'adam' | 'muon';
  /**
   * `told`: only by which the model hears what it is told of a piece (style, end) is learned, and all else
   * stays as it is, so that untold it plays as before. `untold`: it is told nothing, and only the rest is
   * learned, as it is judged. All by default.
   */
  readonly only?: 'told' | 'untold';
  /** Adam's memory of squared gradients; Keras' 0.999 by default. */
  readonly beta2?: number;
  /** How the learning rate goes; level throughout by default. */
  readonly schedule?: Schedule;
  /**
   * Decay of the running mean of weights, which is then what is judged and kept (Polyak & Juditsky 1992); the
   * weights themselves by default.
   */
  readonly averaging?: number;
  /** T: events of a piece that a step learns from at once, for models of events. */
  readonly sequenceLength?: number;
  /** How pieces are varied, for models of events; not at all by default. */
  readonly augmentation?: Augmentation;
  /** What is left out in learning, for models of events; nothing by default. */
  readonly dropout?: Dropout;
}

export const TUTORIAL_TRAIN_OPTIONS: TrainOptions = {
  epochs: 50,
  batchSize: 64,
  learningRate: 0.005,
  seed: 0,
  patience: 5,
  monitor: 'validation',
  validationStride: 1,
};

/** Where a training begins that knows no better; what the shipped models were given is in their cards. */
export const PERFORMANCE_TRAIN_OPTIONS: TrainOptions = {
  epochs: 4,
  batchSize: 32,
  learningRate: 0.0015,
  seed: 0,
  patience: 3,
  monitor: 'validation',
  validationStride: 1,
  clipNorm: 1,
  beta2: 0.99,
  schedule: { warmup: 100, decayFrom: 0.6 },
  averaging: 0.999,
  sequenceLength: 128,
  augmentation: { transpose: 6, stretch: 0.1 },
};

/** Encoded pieces, (N, 3) each: see `encodeTutorial`. */
export interface TrainingData {
  readonly train: readonly Float32Array[];
  readonly validation: readonly Float32Array[];
}
