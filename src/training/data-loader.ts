/**
 * What differs between models in training: where a step's examples come from, and how the model is judged.
 */
import type { Engine, TensorData } from '../engine/engine.js';
import { CadenzaError } from '../errors.js';
import type { Losses } from '../model/losses.js';
import type { Model } from '../model/model.js';

/** States carried from batch to batch, by name; empty where examples stand alone. */
export type CarriedStates = Readonly<Record<string, Float32Array>>;

/** Where a training's examples come from, step after step and epoch after epoch. */
export interface DataLoader {
  readonly model: Model;
  /** B: examples a step. */
  readonly batch: number;
  /**
   * Begins an epoch, or goes on in one after so many steps with the states carried then. Gives the epoch's
   * number of steps.
   *
   * @throws CadenzaError when there are fewer steps in it, or the states are not of this model and batch
   */
  begin(epoch: number, step: number, carried: CarriedStates): number;
  /** About how many notes a step learns from, for the record. */
  readonly notesPerStep: number;
  /** Factor from the last step's losses to the unit in which they are told, that of the validator. */
  readonly lossScale: number;
  /** The feeds of the epoch's next step; the same buffers every time. */
  next(): Record<string, TensorData>;
  /** Takes a step's results: what it carries on goes into the next. */
  carryOn(results: Readonly<Record<string, TensorData>>): void;
  /** A copy of the states carried at this moment. */
  carried(): CarriedStates;
  /** Compiles what judges the model. */
  validator(engine: Engine, shards: readonly Engine[]): Promise<Validator>;
}

/** @throws CadenzaError unless an epoch of so many steps can be gone on with after `step` of them */
export function expectWithin(step: number, steps: number): void {
  if (step <= steps) return;
  throw new CadenzaError(`the training state is after step ${step} of ${steps}; ${ANOTHER_TRAINING}`);
}

/** What is to be done about a training state that does not fit. */
export const ANOTHER_TRAINING =
  'it is of another training: go on with the files and options that this one began with';

/** Judges weights by held-out pieces. */
export interface Validator {
  /** Notes of the held-out pieces that are judged. */
  readonly notes: number;
  /**
   * Losses of the held-out pieces with the weights (P); undefined where none were held out. On the way it
   * yields about how many notes are judged, and can be left.
   */
  validate(parameters: Float32Array): AsyncGenerator<number, Losses | undefined, undefined>;
  release(): Promise<void>;
}
