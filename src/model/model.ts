/** What training and evaluation need to know of a model; they know nothing else about it. */

import type { ModelConfig } from '../checkpoint/checkpoint.js';
import type { Graph, Tensor } from '../graph/tensor.js';
import type { ParameterSpec, Weights } from './parameters.js';

/** A layer as Keras' `summary()` lists it. */
export interface LayerSummary {
  readonly name: string;
  readonly type: 'InputLayer' | 'LSTM' | 'Dense';
  /** The first dimension, the batch, is open. */
  readonly outputShape: readonly (number | null)[];
  readonly parameters: number;
  readonly connectedTo: readonly string[];
}

export interface Model<Config extends ModelConfig = ModelConfig> {
  readonly config: Config;
  readonly parameters: readonly ParameterSpec[];
  readonly layers: readonly LayerSummary[];
  /** Placeholders for a batch of `batch` examples, by name. */
  batchInputs(batch: number): Record<string, Tensor>;
  /**
   * The loss of every example, (B) each, by name; `loss` is the weighted total that training minimises. With
   * them, as `next_NAME` (B, …), the states to carry on.
   */
  losses(
    weights: Weights,
    inputs: Readonly<Record<string, Tensor>>,
  ): { readonly loss: Tensor } & Record<string, Tensor>;
  /** The names of what `losses` gives, `loss` first. */
  readonly lossNames: readonly string[];
  /**
   * Names of the inputs (B, …) that hold a state carried from batch to batch; none where examples stand
   * alone.
   */
  readonly carried?: readonly string[];
  /**
   * Which columns of which parameters do nothing but hear what it is told of a piece beside its notes; none
   * where it is told nothing.
   */
  readonly told?: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
  /**
   * From what was heard to what may come next, with the weights (P) as constants. Input and output names are
   * the model's own.
   */
  predictionGraph(batch: number, parameters: Float32Array): Graph;
}

/** The output that holds what a carried input is to be in the next batch. */
export function carriedOn(name: string): string {
  return `next_${name}`;
}
