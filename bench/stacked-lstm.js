/**
 * A stack of LSTM layers over whole sequences, with a softmax over the vocabulary at every step: the shape of
 * a model of musical events. Only the benchmark's: symbols are embedded, and every step predicts the next
 * symbol.
 *
 * Legend: T steps, B batch, H hidden size, V vocabulary.
 */
import { lstm } from '../dist/graph/layers/lstm.js';
import * as ops from '../dist/graph/ops.js';

export const STACKED = {
  kind: 'stacked',
  formatVersion: 1,
  layers: 3,
  hiddenSize: 512,
  steps: 128,
  vocabulary: 176,
};

export class StackedLstm {
  constructor(config = STACKED) {
    this.config = config;
    const { layers, hiddenSize: h, vocabulary: v } = config;
    this.parameters = [
      { name: 'embedding.weight', shape: [v, h], initializer: 'glorotUniform' },
      ...Array.from({ length: layers }, (_, layer) => [
        { name: `lstm.weight_ih_l${layer}`, shape: [4 * h, h], initializer: 'glorotUniform' },
        { name: `lstm.weight_hh_l${layer}`, shape: [4 * h, h], initializer: 'glorotUniform' },
        { name: `lstm.bias_ih_l${layer}`, shape: [4 * h], initializer: 'forgetBias' },
      ]).flat(),
      { name: 'output.weight', shape: [v, h], initializer: 'glorotUniform' },
      { name: 'output.bias', shape: [v], initializer: 'zeros' },
    ];
  }

  batchInputs(batch) {
    const shape = [this.config.steps, batch];
    return { symbols: ops.input('symbols', shape, 'int32'), targets: ops.input('targets', shape, 'int32') };
  }

  losses(weights, { symbols, targets }) {
    const { layers, hiddenSize, vocabulary } = this.config;
    const [steps, batch] = symbols.shape;
    const rows = steps * batch;
    const oneHot = ops.reshape(ops.oneHot(symbols, vocabulary), [rows, vocabulary]);
    let x = ops.reshape(ops.matmul(oneHot, weights['embedding.weight']), [steps, batch, hiddenSize]);
    for (let layer = 0; layer < layers; layer++) {
      x = lstm(x, {
        inputWeight: weights[`lstm.weight_ih_l${layer}`],
        recurrentWeight: weights[`lstm.weight_hh_l${layer}`],
        bias: weights[`lstm.bias_ih_l${layer}`],
      }).hidden;
    }
    const logProbabilities = ops.logSoftmax(ops.linear(x, weights['output.weight'], weights['output.bias']));
    const chosen = ops.multiply(ops.oneHot(targets, vocabulary), logProbabilities); // (T, B, V)
    return { loss: ops.multiply(ops.sum(ops.sum(chosen, [2]), [0]), -1 / steps) }; // (B)
  }

  /**
   * One step of playing: `symbol` (B) and the layers' states to logits (B, V) and the next states. The
   * weights are inputs too, unless their values by name are given, which become part of the graph.
   */
  stepGraph(batch, values) {
    const { layers, hiddenSize, vocabulary } = this.config;
    const weightOf = ({ name, shape }) =>
      values === undefined ? ops.input(name, shape) : ops.constant(values[name], shape);
    const weights = Object.fromEntries(this.parameters.map((spec) => [spec.name, weightOf(spec)]));
    const symbol = ops.input('symbol', [1, batch], 'int32');
    const inputs = { ...(values === undefined && weights), symbol };
    const outputs = {};
    const oneHot = ops.reshape(ops.oneHot(symbol, vocabulary), [batch, vocabulary]);
    let x = ops.reshape(ops.matmul(oneHot, weights['embedding.weight']), [1, batch, hiddenSize]);
    for (let layer = 0; layer < layers; layer++) {
      const hidden = ops.input(`hidden${layer}`, [batch, hiddenSize]);
      const cell = ops.input(`cell${layer}`, [batch, hiddenSize]);
      Object.assign(inputs, { [`hidden${layer}`]: hidden, [`cell${layer}`]: cell });
      const result = lstm(
        x,
        {
          inputWeight: weights[`lstm.weight_ih_l${layer}`],
          recurrentWeight: weights[`lstm.weight_hh_l${layer}`],
          bias: weights[`lstm.bias_ih_l${layer}`],
        },
        { hidden, cell },
        'playing',
      );
      x = result.hidden;
      Object.assign(outputs, {
        [`nextHidden${layer}`]: result.last.hidden,
        [`nextCell${layer}`]: result.last.cell,
      });
    }
    const logits = ops.linear(x, weights['output.weight'], weights['output.bias']);
    return { inputs, outputs: { ...outputs, logits: ops.reshape(logits, [batch, vocabulary]) } };
  }
}
