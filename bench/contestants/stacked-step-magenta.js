/**
 * The stacked model in Magenta.js, a step at a time, as its MusicRNN samples. In Node it computes in
 * JavaScript: no other backend comes with it. Arguments as for the others; the unit of work is fewer steps.
 *
 * Magenta reads a checkpoint over HTTP. This process serves it one with the race's weights, so that none of
 * Magenta's own is needed and it plays what the others play.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { namedViews } from '../../dist/index.js';
import { compete, skip } from '../contestant.js';
import { STACKED, StackedLstm } from '../stacked-lstm.js';

const [batch, , compared] = process.argv.slice(2, 5).map(Number);
if (batch !== 1) skip('MusicRNN plays one sequence at a time');
/** In a unit of work; a step takes it too long for as many as the others do. */
const STEPS = 20;

const { layers, hiddenSize, vocabulary } = STACKED;
const GATES = 4 * hiddenSize;
/** A checkpoint's gates are i, g, f, o: where each of them stands in i, f, g, o. */
const GATE_ORDER = [0, 2, 1, 3];
/** Magenta's cell adds it to the forget gate's bias. */
const FORGET_BIAS = 1;

const bytes = readFileSync(process.argv[5]);
const flat = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const views = [...namedViews(flat, new StackedLstm().parameters)];
const weights = Object.fromEntries(views.map(([name, { data }]) => [name, data]));

/** Where in Cadenza's gates a column of Magenta's comes from. */
const sourceOf = Int32Array.from(
  { length: GATES },
  (_, gate) => GATE_ORDER[Math.floor(gate / hiddenSize)] * hiddenSize + (gate % hiddenSize),
);

/** (4H, H) to (H, 4H), in Magenta's order. */
function kernelOf(weight) {
  const kernel = new Float32Array(weight.length);
  for (let i = 0; i < hiddenSize; i++) {
    for (let gate = 0; gate < GATES; gate++) {
      kernel[i * GATES + gate] = weight[sourceOf[gate] * hiddenSize + i];
    }
  }
  return kernel;
}

/**
 * (V, H) · (H, 4H) to (V, 4H): MusicRNN has no embedding and feeds the symbol, one-hot, to the first layer.
 */
function withEmbedding(embedding, kernel) {
  const product = new Float32Array(vocabulary * GATES);
  for (let symbol = 0; symbol < vocabulary; symbol++) {
    for (let i = 0; i < hiddenSize; i++) {
      const factor = embedding[symbol * hiddenSize + i];
      for (let gate = 0; gate < GATES; gate++) {
        product[symbol * GATES + gate] += factor * kernel[i * GATES + gate];
      }
    }
  }
  return product;
}

/** The tensors of a checkpoint: name, shape and values. */
function checkpoint() {
  const tensors = [];
  for (let layer = 0; layer < layers; layer++) {
    const ofInput = kernelOf(weights[`lstm.weight_ih_l${layer}`]);
    const input = layer === 0 ? withEmbedding(weights['embedding.weight'], ofInput) : ofInput;
    const recurrent = kernelOf(weights[`lstm.weight_hh_l${layer}`]);
    const bias = Float32Array.from(sourceOf, (from) => weights[`lstm.bias_ih_l${layer}`][from]);
    const forget = bias.subarray(2 * hiddenSize, 3 * hiddenSize);
    for (let i = 0; i < hiddenSize; i++) forget[i] -= FORGET_BIAS;
    const prefix = `rnn/multi_rnn_cell/cell_${layer}/basic_lstm_cell/`;
    const rows = (input.length + recurrent.length) / GATES;
    const kernel = new Float32Array(rows * GATES);
    kernel.set(input);
    kernel.set(recurrent, input.length);
    tensors.push({ name: `${prefix}kernel`, shape: [rows, GATES], data: kernel });
    tensors.push({ name: `${prefix}bias`, shape: [GATES], data: bias });
  }
  const output = new Float32Array(hiddenSize * vocabulary);
  for (let i = 0; i < hiddenSize; i++) {
    for (let symbol = 0; symbol < vocabulary; symbol++) {
      output[i * vocabulary + symbol] = weights['output.weight'][symbol * hiddenSize + i];
    }
  }
  tensors.push({ name: 'fully_connected/weights', shape: [hiddenSize, vocabulary], data: output });
  tensors.push({ name: 'fully_connected/biases', shape: [vocabulary], data: weights['output.bias'] });
  return tensors;
}

/** Serves tensors as TensorFlow.js expects a checkpoint, until it is closed. */
function serve(tensors) {
  const entries = tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  const files = {
    '/weights_manifest.json': JSON.stringify([{ paths: ['weights.bin'], weights: entries }]),
    '/weights.bin': Buffer.concat(
      tensors.map(({ data: d }) => Buffer.from(d.buffer, d.byteOffset, d.byteLength)),
    ),
  };
  const server = createServer((request, response) => response.end(files[request.url]));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

const require = createRequire(new URL('../peers/package.json', import.meta.url));
const magenta = require.resolve('@magenta/music/node/music_rnn');
const { MusicRNN } = require(magenta);
const tf = createRequire(magenta)('@tensorflow/tfjs'); // Magenta's own, of an older version than the race's
const { version } = require('@magenta/music/package.json');

const server = await serve(checkpoint());
/** As many symbols as the vocabulary has: a melody's two events without a pitch, and the pitches. */
const dataConverter = { type: 'MelodyConverter', args: { minPitch: 1, maxPitch: vocabulary - 2 } };
const player = new MusicRNN(`http://127.0.0.1:${server.address().port}`, { type: 'MusicRNN', dataConverter });
await player.initialize();
server.close();

/** The likeliest symbols after symbol 0, from states of zero. */
function play(count) {
  return tf.tidy(() => {
    const first = tf.oneHot(tf.tensor1d([0], 'int32'), vocabulary);
    const { samples } = player.sampleRnn(first, count, 0);
    return samples.map((sample) => sample.argMax().dataSync()[0]);
  });
}

await compete({ version, settings: `backend ${tf.getBackend()}`, symbols: play(compared) }, () => {
  const start = performance.now();
  play(STEPS);
  return { milliseconds: (performance.now() - start) / STEPS };
});
