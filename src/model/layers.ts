/**
 * Layers of networks: each is one value that holds its parameters, what it computes with them, and its line
 * of the summary. Names and shapes of parameters are PyTorch's.
 */
import { type LstmResult, type LstmState, lstm } from '../graph/layers/lstm.js';
import * as ops from '../graph/ops.js';
import type { Tensor } from '../graph/tensor.js';
import type { LayerSummary } from './model.js';
import { type ParameterSpec, parameterCount, type Weights } from './parameters.js';

export interface Layer {
  readonly parameters: readonly ParameterSpec[];
  /**
   * @param lead dimensions before its units; those that are open are null
   * @param from the layer that it hears
   */
  summary(lead: readonly (number | null)[], from: string): LayerSummary;
}

export interface DenseLayer extends Layer {
  /** (…, inputs) to (…, units) */
  apply(weights: Weights, x: Tensor): Tensor;
}

/** A linear layer, `NAME.weight` (units, inputs) and `NAME.bias` (units) unless it has none. */
export function dense(
  name: string,
  inputs: number,
  units: number,
  options: { readonly hasBias?: boolean } = {},
): DenseLayer {
  const { hasBias = true } = options;
  const parameters: ParameterSpec[] = [
    { name: `${name}.weight`, shape: [units, inputs], initializer: 'glorotUniform' },
  ];
  if (hasBias) parameters.push({ name: `${name}.bias`, shape: [units], initializer: 'zeros' });
  return {
    parameters,
    apply: (weights, x) => ops.linear(x, weights[`${name}.weight`], weights[`${name}.bias`]),
    summary: (lead, from) => summaryOf(name, 'Dense', [...lead, units], parameters, from),
  };
}

export interface LstmLayer extends Layer {
  /** x (T, B, inputs) to hidden states (T, B, H) and the last states (B, H). */
  apply(
    weights: Weights,
    x: Tensor,
    state: LstmState | undefined,
    purpose: 'learning' | 'playing',
  ): LstmResult;
}

/**
 * An LSTM layer of H units: `NAME.weight_ih_lN` (4H, inputs), `NAME.weight_hh_lN` (4H, H), `NAME.bias_ih_lN`
 * (4H).
 *
 * @param title what the summary calls it
 */
export function lstmLayer(
  name: string,
  index: number,
  inputs: number,
  units: number,
  title = name,
): LstmLayer {
  const [input, recurrent, bias] = ['weight_ih', 'weight_hh', 'bias_ih'].map(
    (part) => `${name}.${part}_l${index}`,
  );
  const parameters: ParameterSpec[] = [
    { name: input, shape: [4 * units, inputs], initializer: 'glorotUniform' },
    { name: recurrent, shape: [4 * units, units], initializer: 'orthogonal' },
    { name: bias, shape: [4 * units], initializer: 'forgetBias' },
  ];
  return {
    parameters,
    apply(weights, x, state, purpose) {
      const own = { inputWeight: weights[input], recurrentWeight: weights[recurrent], bias: weights[bias] };
      return lstm(x, own, state, purpose);
    },
    summary: (lead, from) => summaryOf(title, 'LSTM', [...lead, units], parameters, from),
  };
}

/** A line of the summary. */
export function summaryOf(
  name: string,
  type: LayerSummary['type'],
  outputShape: LayerSummary['outputShape'],
  parameters: readonly ParameterSpec[] = [],
  from?: string,
): LayerSummary {
  const connectedTo = from === undefined ? [] : [from];
  return { name, type, outputShape, parameters: parameterCount(parameters), connectedTo };
}
