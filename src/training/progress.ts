/** What training says of itself as it goes. P is the number of parameters. */
import type { Losses } from '../model/losses.js';
import type { CarriedStates } from './data-loader.js';
import type { EarlyStoppingState } from './early-stopping.js';

/** Where training stands between two steps. All vectors of parameters are (P). */
export interface TrainingSnapshot {
  readonly parameters: Float32Array;
  /** What the optimiser keeps, by name; nothing before the first step. */
  readonly optimiser: Readonly<Record<string, Float32Array>>;
  /** The weights of the best epoch so far; absent before the first epoch's end. */
  readonly bestParameters?: Float32Array;
  /** The running mean of the weights, where one is kept. */
  readonly averageParameters?: Float32Array;
  /** States carried from batch to batch, by name. */
  readonly carried: CarriedStates;
  readonly position: TrainingPosition;
}

/** The part of a snapshot that is not a vector; it survives JSON exactly. */
export interface TrainingPosition {
  /** The epoch under way, from 1. */
  readonly epoch: number;
  /** Steps of this epoch that are done. */
  readonly step: number;
  /** Steps done in all. */
  readonly updates: number;
  /** Sums over this epoch's steps of the batch losses. */
  readonly lossSums: Losses;
  readonly stopping: EarlyStoppingState;
  /** The `updates` at which an epoch that is not finished was judged, where the steps ended there. */
  readonly judgedAt?: number;
}

export interface StepProgress {
  readonly type: 'step';
  readonly epoch: number;
  /** Steps of this epoch done, of `stepsPerEpoch`. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly updates: number;
  /** Steps that are told of at once, with their mean losses; 1 by default. */
  readonly steps?: number;
  /** About how many notes every step learns from. */
  readonly notesPerStep: number;
  /** This batch's losses. */
  readonly losses: Losses;
  /** Means over the epoch so far. */
  readonly meanLosses: Losses;
  /** A consistent copy of everything needed to go on from here. */
  snapshot(): TrainingSnapshot;
}

/** After an epoch's last step, while the held-out pieces are judged: of a large corpus that takes minutes. */
export interface ValidationProgress {
  readonly type: 'validation';
  readonly epoch: number;
  readonly updates: number;
  /** About how many held-out notes are judged so far, of `totalNotes`. */
  readonly notes: number;
  readonly totalNotes: number;
  /** As after the last step: going on from here judges from the beginning. */
  snapshot(): TrainingSnapshot;
}

export interface EpochProgress {
  readonly type: 'epoch';
  readonly epoch: number;
  /** Epochs trained so far: `epoch`, or less where the steps ended within it. */
  readonly at: number;
  readonly updates: number;
  /** Means over the epoch's batches, each before its step. */
  readonly train: Losses;
  /** Over all held-out windows or pieces after the epoch; absent where none were held out. */
  readonly validation?: Losses;
  /** Whether this is the best epoch so far. */
  readonly improved: boolean;
  readonly stopping: EarlyStoppingState;
  /**
   * Why training ends here, if it does. An epoch in which `steps` ended goes on when it is resumed with more.
   */
  readonly end?: 'epochs' | 'steps' | 'early stopping';
  snapshot(): TrainingSnapshot;
}

export type TrainProgress = StepProgress | ValidationProgress | EpochProgress;
