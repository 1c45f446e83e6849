/**
 * What the contestants of the training race train: model, data, first weights and optimiser. Those in
 * JavaScript import this file, those in Python read what `writeCase` writes, so that all of them start from
 * the same numbers.
 *
 * Legend: T steps, B batch, I input features, H hidden size, V vocabulary.
 */
import { writeFileSync } from 'node:fs';
import { writeSafetensors } from '../dist/checkpoint/safetensors.js';
import { initialParameters, namedViews, Random, TutorialLstm } from '../dist/index.js';
import { STACKED, StackedLstm } from './stacked-lstm.js';

const BATCH = 64;
const SEED = 0;

/** Multiply-adds, two operations each, of (m, k) · (k, n). */
const product = (m, k, n) => 2 * m * k * n;

/**
 * Of a dense layer in training: forward, the weights' gradient and the input's, which costs as much each. The
 * gradient of data, which nobody needs, is not counted.
 */
const dense = (rows, i, o, { ofData = false } = {}) => (ofData ? 2 : 3) * product(rows, i, o);

/**
 * Of an LSTM layer in training: the input's and the recurrent product, both to 4H gates, for every row of
 * T·B.
 */
const lstm = (rows, i, h, options) => dense(rows, i, 4 * h, options) + dense(rows, h, 4 * h);

function tutorial() {
  const model = new TutorialLstm();
  const { windowLength, hiddenSize, denseSize } = model.config;
  const random = new Random(SEED);
  const numbers = (length) => Float32Array.from({ length }, () => random.next());
  const rows = windowLength * BATCH;
  const recurrent = lstm(rows, 3, hiddenSize, { ofData: true }) + lstm(rows, hiddenSize, hiddenSize);
  // The heads: 128 pitches, step and duration.
  const heads = dense(BATCH, hiddenSize, denseSize) + dense(BATCH, denseSize, 128 + 1 + 1);
  return {
    model,
    learningRate: 0.005,
    batch: BATCH,
    gflop: (recurrent + heads) / 1e9,
    inputs: {
      window: { shape: [windowLength, BATCH, 3], data: numbers(windowLength * BATCH * 3) },
      pitch: { shape: [BATCH], data: Int32Array.from({ length: BATCH }, () => random.below(128)) },
      step: { shape: [BATCH], data: numbers(BATCH) },
      duration: { shape: [BATCH], data: numbers(BATCH) },
    },
  };
}

function stacked() {
  const model = new StackedLstm();
  const { steps, hiddenSize, layers, vocabulary } = STACKED;
  const random = new Random(SEED);
  const symbols = () => ({
    shape: [steps, BATCH],
    data: Int32Array.from({ length: steps * BATCH }, () => random.below(vocabulary)),
  });
  const rows = steps * BATCH;
  return {
    model,
    learningRate: 0.001,
    batch: BATCH,
    // The embedding is a look-up and counts nothing, however a contestant does it.
    gflop: (layers * lstm(rows, hiddenSize, hiddenSize) + dense(rows, hiddenSize, vocabulary)) / 1e9,
    inputs: { symbols: symbols(), targets: symbols() },
  };
}

const CASES = { tutorial, stacked };

/**
 * A case by name: `model` (Cadenza's), `parameters` (P), `learningRate`, `batch`, `gflop` of the matrix
 * products of one training step, and `inputs` by name as `{ shape, data }`, time-major.
 */
export function trainingCase(name) {
  const found = CASES[name]();
  return { ...found, parameters: initialParameters(found.model.parameters, SEED) };
}

/** Writes a case's first weights and inputs as safetensors. */
export function writeCase(path, { model, parameters, inputs }) {
  const tensors = { ...Object.fromEntries(namedViews(parameters, model.parameters)), ...inputs };
  writeFileSync(
    path,
    writeSafetensors(Object.entries(tensors).map(([name, tensor]) => ({ name, ...tensor }))),
  );
}
