/**
 * The tutorial model: two LSTM layers read a window of notes, a dense layer and three heads predict the next
 * one. 265,602 parameters in its standard size, layer by layer those of the Keras model it reproduces.
 *
 * Legend: T window length, B batch, H hidden size, D dense size, V pitches.
 */

import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import * as ops from '../../graph/ops.js';
import { type Graph, sizeOf, type Tensor } from '../../graph/tensor.js';
import { type DenseLayer, dense, type LstmLayer, lstmLayer, summaryOf } from '../../model/layers.js';
import type { LayerSummary, Model } from '../../model/model.js';
import { constantWeights, type ParameterSpec, type Weights } from '../../model/parameters.js';
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

/** (y − ŷ)² + 10·max(−ŷ, 0): squared error that pushes predicted times to be positive. All (B). */
function positiveSquaredError(predicted: Tensor, actual: Tensor): Tensor {
  const error = ops.subtract(actual, predicted);
  return ops.add(ops.multiply(error, error), ops.multiply(ops.relu(ops.multiply(predicted, -1)), 10));
}

/**
 * The tutorial model: from a window of notes to the next one's pitch (logits), step and duration (seconds).
 */
export class TutorialLstm implements Model<TutorialConfig> {
  readonly parameters: readonly ParameterSpec[];
  readonly lossNames = ['loss', 'duration_loss', 'pitch_loss', 'step_loss'];
  private readonly first: LstmLayer;
  private readonly second: LstmLayer;
  private readonly dense: DenseLayer;
  private readonly heads: {
    readonly duration: DenseLayer;
    readonly pitch: DenseLayer;
    readonly step: DenseLayer;
  };

  constructor(readonly config: TutorialConfig = TUTORIAL_CONFIG) {
    const { hiddenSize, denseSize } = config;
    this.first = lstmLayer('lstm', 0, TUTORIAL_FEATURES, hiddenSize);
    this.second = lstmLayer('lstm_1', 0, hiddenSize, hiddenSize);
    this.dense = dense('dense', hiddenSize, denseSize);
    this.heads = {
      duration: dense('duration', denseSize, 1),
      pitch: dense('pitch', denseSize, TUTORIAL_PITCHES),
      step: dense('step', denseSize, 1),
    };
    const all = [this.first, this.second, this.dense, ...Object.values(this.heads)];
    this.parameters = all.flatMap(({ parameters }) => parameters);
  }

  /** The layers as Keras' `summary()` lists them. */
  get layers(): readonly LayerSummary[] {
    const { windowLength } = this.config;
    return [
      summaryOf('input_1', 'InputLayer', [null, windowLength, TUTORIAL_FEATURES]),
      this.first.summary([null, windowLength], 'input_1'),
      this.second.summary([null], 'lstm'),
      this.dense.summary([null], 'lstm_1'),
      ...Object.values(this.heads).map((head) => head.summary([null], 'dense')),
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

  /**
   * `window` (T, B, 3) to `logits` (B, V), `step` and `duration` (B). The weights (P) become part of the
   * graph.
   */
  predictionGraph(batch: number, parameters: Float32Array): Graph {
    const { window } = this.batchInputs(batch);
    const outputs = this.forward(constantWeights(parameters, this.parameters), window, 'playing');
    return { inputs: { window }, outputs };
  }

  private forward(weights: Weights, window: Tensor, purpose: 'learning' | 'playing') {
    const first = this.first.apply(weights, window, undefined, purpose);
    const second = this.second.apply(weights, first.hidden, undefined, purpose);
    const dense = ops.relu(this.dense.apply(weights, second.last.hidden)); // (B, D)
    const [duration, step] = [this.heads.duration, this.heads.step].map((head) => {
      const out = head.apply(weights, dense); // (B, 1)
      return ops.reshape(out, [sizeOf(out.shape)]);
    });
    return { logits: this.heads.pitch.apply(weights, dense), step, duration };
  }
}
