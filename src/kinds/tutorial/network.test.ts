import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/helpers/tensors.js';
import { TUTORIAL_CASES, tutorialBatch, tutorialWeights } from '../../../test/helpers/tutorial-case.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { sizeOf } from '../../graph/tensor.js';
import { evaluationGraph } from '../../model/graphs.js';
import { parameterCount } from '../../model/parameters.js';
import { TUTORIAL_CONFIG, TutorialLstm } from './network.js';

const SMALL = TUTORIAL_CASES.small;
const B = SMALL.batch;

describe('the tutorial model', () => {
  it('has the layers of the Keras model it reproduces', () => {
    const { layers, parameters } = new TutorialLstm();
    const rows = layers.map(({ name, type, outputShape, parameters: count, connectedTo }) => [
      name,
      type,
      outputShape,
      count,
      connectedTo,
    ]);
    expect(rows).toEqual([
      ['input_1', 'InputLayer', [null, 150, 3], 0, []],
      ['lstm', 'LSTM', [null, 150, 128], 67_584, ['input_1']],
      ['lstm_1', 'LSTM', [null, 128], 131_584, ['lstm']],
      ['dense', 'Dense', [null, 256], 33_024, ['lstm_1']],
      ['duration', 'Dense', [null, 1], 257, ['dense']],
      ['pitch', 'Dense', [null, 128], 32_896, ['dense']],
      ['step', 'Dense', [null, 1], 257, ['dense']],
    ]);
    expect(parameterCount(parameters)).toBe(265_602);
    expect(layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(265_602);
  });

  it('names and shapes its parameters as PyTorch does, with one bias an LSTM', () => {
    const { parameters } = new TutorialLstm();
    expect(parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['lstm.weight_ih_l0', [512, 3]],
      ['lstm.weight_hh_l0', [512, 128]],
      ['lstm.bias_ih_l0', [512]],
      ['lstm_1.weight_ih_l0', [512, 128]],
      ['lstm_1.weight_hh_l0', [512, 128]],
      ['lstm_1.bias_ih_l0', [512]],
      ['dense.weight', [256, 128]],
      ['dense.bias', [256]],
      ['duration.weight', [1, 256]],
      ['duration.bias', [1]],
      ['pitch.weight', [128, 256]],
      ['pitch.bias', [128]],
      ['step.weight', [1, 256]],
      ['step.bias', [1]],
    ]);
  });

  it('counts its losses as the tutorial does', () => {
    expect(TUTORIAL_CONFIG.lossWeights).toEqual({ pitch: 0.05, step: 1, duration: 1 });
  });

  it('follows from its predictions what each example costs', async () => {
    const lossWeights = { pitch: 0.5, step: 2, duration: 3 };
    const model = new TutorialLstm({ ...SMALL.config, lossWeights });
    const engine = plainEngine('float64');
    const feeds = tutorialBatch(SMALL);
    const parameters = tutorialWeights(SMALL);
    const predict = await engine.compile(model.predictionGraph(B, parameters));
    const { logits, step, duration } = await predict.run({ window: feeds.window });
    expect([logits.length, step.length, duration.length]).toEqual([B * 128, B, B]);
    const evaluate = await engine.compile(evaluationGraph(model, B));
    const found = await evaluate.run({ ...feeds, parameters });

    const timeLoss = (predicted: number, actual: number) =>
      (actual - predicted) ** 2 + 10 * Math.max(-predicted, 0);
    for (let b = 0; b < B; b++) {
      const row = [...logits.subarray(b * 128, (b + 1) * 128)];
      const pitch = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0)) - row[feeds.pitch[b]];
      const stepLoss = timeLoss(step[b], feeds.step[b]);
      const durationLoss = timeLoss(duration[b], feeds.duration[b]);
      const total = 0.5 * pitch + 2 * stepLoss + 3 * durationLoss;
      expectClose([found.pitch_loss[b]], [pitch], 1e-12, 'pitch_loss');
      expectClose([found.step_loss[b]], [stepLoss], 1e-12, 'step_loss');
      expectClose([found.duration_loss[b]], [durationLoss], 1e-12, 'duration_loss');
      expectClose([found.loss[b]], [total], 1e-12, 'loss');
    }
  });

  it('judges each window by itself, wherever it stands in the batch', async () => {
    const model = new TutorialLstm(SMALL.config);
    const { window } = tutorialBatch(SMALL);
    const parameters = tutorialWeights(SMALL);
    const [together, alone] = await Promise.all(
      [B, 1].map((batch) => plainEngine().compile(model.predictionGraph(batch, parameters))),
    );
    const { logits, step } = await together.run({ window });
    const { windowLength } = SMALL.config;
    for (let b = 0; b < B; b++) {
      const single = new Float32Array(windowLength * 3);
      for (let t = 0; t < windowLength; t++) {
        single.set(window.subarray((t * B + b) * 3, (t * B + b + 1) * 3), t * 3);
      }
      const one = await alone.run({ window: single });
      expect(one.logits).toEqual(logits.slice(b * 128, (b + 1) * 128));
      expect(one.step[0]).toBe(step[b]);
    }
  });

  it('declares the inputs that its graphs take', () => {
    const inputs = new TutorialLstm(SMALL.config).batchInputs(B);
    const sizes = Object.entries(inputs).map(([name, { shape, elementType }]) => [
      name,
      sizeOf(shape),
      elementType,
    ]);
    expect(sizes).toEqual([
      ['window', SMALL.config.windowLength * B * 3, 'float32'],
      ['pitch', B, 'int32'],
      ['step', B, 'float32'],
      ['duration', B, 'float32'],
    ]);
  });
});
