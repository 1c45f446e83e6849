/**
 * What differs between models in training: where a step's examples come from, and how the model is judged.
 */
import type { Engine, TensorData } from '../engine/engine.js';
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
