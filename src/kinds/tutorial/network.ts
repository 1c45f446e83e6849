/**
 * The tutorial model: two LSTM layers read a window of notes, a dense layer and three heads predict the next one.
 * 265,602 parameters in its standard size, layer by layer those of the Keras model it reproduces.
 *
 * Legend: T window length, B batch, H hidden size, D dense size, V pitches.
 */

import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import { lstm } from '../../graph/layers/lstm.js';
import * as ops from '../../graph/ops.js';
import { type Graph, sizeOf, type Tensor } from '../../graph/tensor.js';
import type { LayerSummary, Model } from '../../model/model.js';
import { type ParameterSpec, parameterCount, sliceWeights, type Weights } from '../../model/parameters.js';
import { TUTORIAL_FEATURES, TUTORIAL_PITCHES } from './representation.js';

export interface TutorialConfig extends ModelConfig {
  readonly kind: 'tutorial';
  /** T: notes in a window. */
  readonly windowLength: number;
  /** H: units of each LSTM layer. */
  readonly hiddenSize: number;
  /** D: units of the dense layer. */
  readonly denseSize: number;
  /** How much each loss counts in the total. */
  readonly lossWeights: { readonly pitch: number; readonly step: number; readonly duration: number };
}

/** The sizes of the original exercise: 265,602 parameters. */
export const TUTORIAL_CONFIG: TutorialConfig = {
  kind: 'tutorial',
  formatVersion: 1,
  windowLength: 150,
  hiddenSize: 128,
  denseSize: 256,
  lossWeights: { pitch: 0.05, step: 1, duration: 1 },
};

function lstmSpecs(name: string, inputSize: number, hiddenSize: number): ParameterSpec[] {
  return [
    { name: `${name}.weight_ih_l0`, shape: [4 * hiddenSize, inputSize], initializer: 'glorotUniform' },
    { name: `${name}.weight_hh_l0`, shape: [4 * hiddenSize, hiddenSize], initializer: 'orthogonal' },
    { name: `${name}.bias_ih_l0`, shape: [4 * hiddenSize], initializer: 'forgetBias' },
  ];
}

function denseSpecs(name: string, inputSize: number, outputSize: number): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape: [outputSize, inputSize], initializer: 'glorotUniform' },
    { name: `${name}.bias`, shape: [outputSize], initializer: 'zeros' },
  ];
}

function lstmLayer(weights: Weights, name: string, x: Tensor, purpose: 'learning' | 'playing') {
  const named = {
    inputWeight: weights[`${name}.weight_ih_l0`],
    recurrentWeight: weights[`${name}.weight_hh_l0`],
    bias: weights[`${name}.bias_ih_l0`],
  };
  return lstm(x, named, undefined, purpose);
}

function denseLayer(weights: Weights, name: string, x: Tensor): Tensor {
  return ops.linear(x, weights[`${name}.weight`], weights[`${name}.bias`]);
}

/** (y − ŷ)² + 10·max(−ŷ, 0): squared error that pushes predicted times to be positive. All (B). */
function positiveSquaredError(predicted: Tensor, actual: Tensor): Tensor {
  const error = ops.subtract(actual, predicted);
  return ops.add(ops.multiply(error, error), ops.multiply(ops.relu(ops.multiply(predicted, -1)), 10));
}

/** The tutorial model: from a window of notes to the next one's pitch (logits), step and duration (seconds). */
export class TutorialLstm implements Model<TutorialConfig> {
  readonly parameters: readonly ParameterSpec[];
  readonly lossNames = ['loss', 'duration_loss', 'pitch_loss', 'step_loss'];

  constructor(readonly config: TutorialConfig = TUTORIAL_CONFIG) {
    const { hiddenSize, denseSize } = config;
    this.parameters = [
      ...lstmSpecs('lstm', TUTORIAL_FEATURES, hiddenSize),
      ...lstmSpecs('lstm_1', hiddenSize, hiddenSize),
      ...denseSpecs('dense', hiddenSize, denseSize),
      ...denseSpecs('duration', denseSize, 1),
      ...denseSpecs('pitch', denseSize, TUTORIAL_PITCHES),
      ...denseSpecs('step', denseSize, 1),
    ];
  }

  /** The layers as Keras' `summary()` lists them. */
  get layers(): readonly LayerSummary[] {
    const { windowLength, hiddenSize, denseSize } = this.config;
    const count = (name: string) =>
      parameterCount(this.parameters.filter((spec) => spec.name.startsWith(`${name}.`)));
    const dense = (name: string, size: number, from: string): LayerSummary => ({
      name,
      type: 'Dense',
      outputShape: [null, size],
      parameters: count(name),
      connectedTo: [from],
    });
    return [
      {
        name: 'input_1',
        type: 'InputLayer',
        outputShape: [null, windowLength, TUTORIAL_FEATURES],
        parameters: 0,
        connectedTo: [],
      },
      {
        name: 'lstm',
        type: 'LSTM',
        outputShape: [null, windowLength, hiddenSize],
        parameters: count('lstm'),
        connectedTo: ['input_1'],
      },
      {
        name: 'lstm_1',
        type: 'LSTM',
        outputShape: [null, hiddenSize],
        parameters: count('lstm_1'),
        connectedTo: ['lstm'],
      },
      dense('dense', denseSize, 'lstm_1'),
      dense('duration', 1, 'dense'),
      dense('pitch', TUTORIAL_PITCHES, 'dense'),
      dense('step', 1, 'dense'),
    ];
  }

  /** `window` (T, B, 3) and the next note's `pitch` (int32), `step` and `duration`, (B) each. */
  batchInputs(batch: number): Record<string, Tensor> {
    return {
      window: ops.input('window', [this.config.windowLength, batch, TUTORIAL_FEATURES]),
      pitch: ops.input('pitch', [batch], 'int32'),
      step: ops.input('step', [batch]),
      duration: ops.input('duration', [batch]),
    };
  }

  losses(weights: Weights, inputs: Readonly<Record<string, Tensor>>) {
    const { lossWeights } = this.config;
    const predicted = this.forward(weights, inputs.window, 'learning');
    const logProbabilities = ops.logSoftmax(predicted.logits); // (B, V)
    const chosen = ops.multiply(ops.oneHot(inputs.pitch, TUTORIAL_PITCHES), logProbabilities);
    const pitch = ops.multiply(ops.sum(chosen, [1]), -1); // (B) nats
    const step = positiveSquaredError(predicted.step, inputs.step);
    const duration = positiveSquaredError(predicted.duration, inputs.duration);
    const loss = ops.add(
      ops.add(ops.multiply(pitch, lossWeights.pitch), ops.multiply(step, lossWeights.step)),
      ops.multiply(duration, lossWeights.duration),
    );
    return { loss, duration_loss: duration, pitch_loss: pitch, step_loss: step };
  }

  /** `window` (T, B, 3) to `logits` (B, V), `step` and `duration` (B). The weights (P) become part of the graph. */
  predictionGraph(batch: number, parameters: Float32Array): Graph {
    const flat = ops.constant(parameters, [parameterCount(this.parameters)]);
    const { window } = this.batchInputs(batch);
    const outputs = this.forward(sliceWeights(flat, this.parameters), window, 'playing');
    return { inputs: { window }, outputs };
  }

  private forward(weights: Weights, window: Tensor, purpose: 'learning' | 'playing') {
    const first = lstmLayer(weights, 'lstm', window, purpose);
    const second = lstmLayer(weights, 'lstm_1', first.hidden, purpose);
    const dense = ops.relu(denseLayer(weights, 'dense', second.last.hidden)); // (B, D)
    const head = (name: string) => {
      const out = denseLayer(weights, name, dense); // (B, 1)
      return ops.reshape(out, [sizeOf(out.shape)]);
    };
    return { logits: denseLayer(weights, 'pitch', dense), step: head('step'), duration: head('duration') };
  }
}
