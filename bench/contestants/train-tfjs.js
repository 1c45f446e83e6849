/**
 * Training steps of TensorFlow.js in Node. Arguments: the case, how many losses to tell in advance, the
 * backend.
 *
 * The LSTM layers are the layers API's. A step is `optimizer.minimize`, which is what `trainOnBatch` calls
 * too, beside its own checks; the weights of the tutorial's losses cannot be told to `compile`. Its
 * WebAssembly has SIMD, but in Node no threads.
 */
import { createRequire } from 'node:module';
import { compete, skip } from '../contestant.js';
import { trainingCase } from '../training-cases.js';

/** A contestant whose step takes longer than this does not run. */
const MOST_SECONDS = 60;
/** Fewer steps in time, from which the time of all is told beforehand: every step costs the same. */
const PROBE_STEPS = 4;

const [name, told, backend] = process.argv.slice(2);
const require = createRequire(new URL('../peers/package.json', import.meta.url));
const tf = require('@tensorflow/tfjs');
if (backend === 'wasm') require('@tensorflow/tfjs-backend-wasm');
await tf.setBackend(backend);

const { model, parameters, learningRate, batch, inputs } = trainingCase(name);

/**
 * First weights by PyTorch's names; matrices (out, in) become (in, out), as Keras has them. The gates' order
 * agrees.
 */
const firstWeights = {};
let from = 0;
for (const { name, shape } of model.parameters) {
  const to = from + shape.reduce((product, size) => product * size, 1);
  const tensor = tf.tensor(parameters.subarray(from, to), shape);
  firstWeights[name] = shape.length === 2 ? tensor.transpose() : tensor;
  from = to;
}

const layer = (made, weights) => (x) => {
  const y = made.apply(x);
  made.setWeights(weights.map((weight) => firstWeights[weight]));
  return y;
};
const lstm = (units, returnSequences, prefix, suffix) =>
  layer(
    // The initial weights are replaced; its orthogonal ones would take long.
    tf.layers.lstm({ units, returnSequences, recurrentActivation: 'sigmoid', recurrentInitializer: 'zeros' }),
    [`${prefix}.weight_ih_${suffix}`, `${prefix}.weight_hh_${suffix}`, `${prefix}.bias_ih_${suffix}`],
  );
const dense = (units, prefix, activation = 'linear') =>
  layer(tf.layers.dense({ units, activation }), [`${prefix}.weight`, `${prefix}.bias`]);

const tensorOf = ({ shape, data }) => tf.tensor(data, shape);
/** (T, B, …) to (B, T, …) */
const batchMajor = (x) => x.transpose([1, 0, ...[...x.shape.keys()].slice(2)]);

function tutorialLoss() {
  const { windowLength, hiddenSize, denseSize, lossWeights } = model.config;
  const input = tf.input({ shape: [windowLength, 3] });
  const first = lstm(hiddenSize, true, 'lstm', 'l0')(input);
  const second = lstm(hiddenSize, false, 'lstm_1', 'l0')(first);
  const hidden = dense(denseSize, 'dense', 'relu')(second);
  const heads = [dense(128, 'pitch'), dense(1, 'step'), dense(1, 'duration')].map((head) => head(hidden));
  const network = tf.model({ inputs: input, outputs: heads });
  const window = batchMajor(tensorOf(inputs.window));
  const pitches = tf.oneHot(tensorOf(inputs.pitch), 128);
  const [steps, durations] = [inputs.step, inputs.duration].map((each) => tensorOf(each).expandDims(1));
  const positive = (actual, predicted) =>
    tf.mean(tf.add(tf.square(tf.sub(actual, predicted)), tf.mul(10, tf.relu(tf.neg(predicted)))));
  return () => {
    const [pitch, step, duration] = network.apply(window, { training: true });
    const weighted = [
      tf.losses.softmaxCrossEntropy(pitches, pitch).mul(lossWeights.pitch),
      positive(steps, step).mul(lossWeights.step),
      positive(durations, duration).mul(lossWeights.duration),
    ];
    return tf.addN(weighted);
  };
}

/** `steps` of the case's, from the first. */
function stackedLoss(steps) {
  const { layers, hiddenSize, vocabulary } = model.config;
  const embedding = tf.variable(firstWeights['embedding.weight'].transpose());
  const input = tf.input({ shape: [steps, hiddenSize] });
  let x = input;
  for (let i = 0; i < layers; i++) x = lstm(hiddenSize, true, 'lstm', `l${i}`)(x);
  const network = tf.model({ inputs: input, outputs: dense(vocabulary, 'output')(x) });
  const cut = (tensor) => batchMajor(tensorOf(tensor)).slice([0, 0], [batch, steps]);
  // A product with one-hot rows, because the WebAssembly backend has no gradient of a look-up.
  const symbols = tf.oneHot(cut(inputs.symbols).flatten(), vocabulary).toFloat();
  const targets = tf.oneHot(cut(inputs.targets), vocabulary);
  return () => {
    const embedded = tf.matMul(symbols, embedding).reshape([batch, steps, hiddenSize]);
    return tf.losses.softmaxCrossEntropy(targets, network.apply(embedded, { training: true }));
  };
}

function trainer(loss) {
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-7);
  return async () => {
    const value = optimizer.minimize(loss, true);
    const [number] = await value.data();
    value.dispose();
    return { loss: number };
  };
}

if (name === 'stacked') {
  const probe = trainer(stackedLoss(PROBE_STEPS));
  await probe();
  const start = performance.now();
  await probe();
  const seconds = ((performance.now() - start) / 1000) * (model.config.steps / PROBE_STEPS);
  if (seconds > MOST_SECONDS) skip(`a training step would take about ${seconds.toFixed(0)} s`);
  tf.disposeVariables();
}
const step = trainer(name === 'stacked' ? stackedLoss(model.config.steps) : tutorialLoss());
const losses = [];
for (let i = 0; i < Number(told); i++) losses.push((await step()).loss);
await compete({ version: tf.version.tfjs, losses }, step);
