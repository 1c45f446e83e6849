/** The tutorial model in TensorFlow.js, layer by layer, on the backend that is asked for. */
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const WINDOW = 150;
const PITCHES = 128;

function tutorialModel() {
  const inputs = tf.input({ shape: [WINDOW, 3] });
  // As Keras has it; TensorFlow.js would take the hard sigmoid.
  const lstm = (returnSequences) =>
    tf.layers.lstm({ units: 128, recurrentActivation: 'sigmoid', returnSequences });
  const dense = tf.layers
    .dense({ units: 256, activation: 'relu' })
    .apply(lstm(false).apply(lstm(true).apply(inputs)));
  const head = (units, name) => tf.layers.dense({ units, name }).apply(dense);
  return tf.model({ inputs, outputs: [head(PITCHES, 'pitch'), head(1, 'step'), head(1, 'duration')] });
}

/** (y − ŷ)² + 10·max(−ŷ, 0) */
function positiveSquaredError(predicted, actual) {
  return tf.mean(tf.add(tf.squaredDifference(actual, predicted), tf.mul(10, tf.relu(tf.neg(predicted)))));
}

const CASES = {
  train({ batch }) {
    const model = tutorialModel();
    const window = tf.randomUniform([batch, WINDOW, 3], 0, 1, 'float32', 1);
    const pitch = tf.oneHot(tf.randomUniform([batch], 0, PITCHES, 'int32', 2), PITCHES).toFloat();
    const step = tf.randomUniform([batch, 1], 0, 1, 'float32', 3);
    const duration = tf.randomUniform([batch, 1], 0, 1, 'float32', 4);
    const optimizer = tf.train.adam(0.005, 0.9, 0.999, 1e-7);
    const bias = model.getLayer('step').getWeights(true)[1];
    return async () => {
      const cost = optimizer.minimize(() => {
        const [logits, steps, durations] = model.apply(window, { training: true });
        return tf.addN([
          tf.mul(0.05, tf.losses.softmaxCrossEntropy(pitch, logits)),
          positiveSquaredError(steps, step),
          positiveSquaredError(durations, duration),
        ]);
      }, true);
      // The graphics card works on its own time: a step is over when its last update can be read.
      const [loss] = await cost.data();
      await (bias?.data() ?? model.getLayer('step').getWeights()[1].data());
      cost.dispose();
      return { loss };
    };
  },

  note() {
    const model = tutorialModel();
    const window = tf.randomUniform([1, WINDOW, 3], 0, 1, 'float32', 1);
    return async () => {
      const outputs = tf.tidy(() => model.predict(window));
      await Promise.all(outputs.map((output) => output.data()));
      tf.dispose(outputs);
    };
  },
};

/** @param {{ case: keyof CASES, backend: 'wasm' | 'webgl', threads: number, batch?: number }} spec */
export async function start(spec) {
  tf.enableProdMode();
  if (spec.backend === 'wasm') {
    setWasmPaths(new URL('/tfjs/', self.location).href);
    setThreadsCount(spec.threads);
  }
  if (!(await tf.setBackend(spec.backend))) throw new Error(`no ${spec.backend} here`);
  await tf.ready();
  const work = CASES[spec.case](spec);
  const [simd, threaded] =
    spec.backend === 'wasm'
      ? await Promise.all(
          ['WASM_HAS_SIMD_SUPPORT', 'WASM_HAS_MULTITHREAD_SUPPORT'].map((flag) => tf.env().getAsync(flag)),
        )
      : [];
  return { ready: { version: tf.version.tfjs, backend: tf.getBackend(), simd, threaded }, work };
}
