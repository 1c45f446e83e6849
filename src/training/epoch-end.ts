/** What the end of an epoch means: whether it was the best so far, and whether training ends with it. */
import type { Losses } from '../model/losses.js';
import { afterEpoch, type EarlyStoppingState } from './early-stopping.js';
import type { TrainOptions } from './options.js';
import type { EpochProgress, TrainingPosition } from './progress.js';

/** An epoch that was trained, all of it or as far as the steps went. */
export interface TrainedEpoch {
  readonly position: Pick<TrainingPosition, 'epoch' | 'step' | 'updates' | 'stopping'>;
  readonly stepsPerEpoch: number;
  /** Mean losses of its batches, and of the held-out pieces where there are any. */
  readonly train: Losses;
  readonly validation?: Losses;
}

export interface EpochEnd {
  readonly improved: boolean;
  readonly stopping: EarlyStoppingState;
  /** Whether the steps ended within it. */
  readonly isCut: boolean;
  readonly end?: EpochProgress['end'];
}

export function endOfEpoch(
  { position, stepsPerEpoch, train, validation }: TrainedEpoch,
  options: Pick<TrainOptions, 'monitor' | 'patience' | 'epochs' | 'steps'>,
): EpochEnd {
  const { epoch, step, updates } = position;
  const watched = options.monitor === 'validation' && validation !== undefined ? validation : train;
  const isCut = step < stepsPerEpoch;
  const judged = afterEpoch(position.stopping, epoch, watched.loss);
  const improved = judged.epochsSinceBest === 0;
  // Patience is for whole epochs.
  const stopping = improved || !isCut ? judged : position.stopping;
  const isSpent = updates >= (options.steps ?? Number.POSITIVE_INFINITY);
  const isLast = !isCut && epoch >= options.epochs;
  const isStopped = stopping.epochsSinceBest >= options.patience;
  const end = isStopped ? 'early stopping' : isLast ? 'epochs' : isSpent ? 'steps' : undefined;
  return { improved, stopping, isCut, end };
}
