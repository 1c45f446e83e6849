/** Cadenza in a page, over ONNX Runtime's WebAssembly build. */
import * as ort from 'onnxruntime-web/wasm';
import { onnxEngine } from '../../dist/engine/onnx/runtime.js';
import { input, multiply } from '../../dist/graph/ops.js';
import { adam, adamStepSize, KERAS_ADAM } from '../../dist/graph/optimisers/adam.js';
import {
  builtInOpening,
  decodeCheckpoint,
  generate,
  initialParameters,
  modelFromCheckpoint,
  namedViews,
  parameterCount,
  Random,
  TutorialLstm,
} from '../../dist/index.js';
import { trainStepGraph } from '../../dist/model/graphs.js';
import { StackedLstm } from '../stacked-lstm.js';

ort.env.wasm.wasmPaths = new URL('/ort/', self.location).href;

function randoms(length, below) {
  const random = new Random(1);
  return below === undefined
    ? Float32Array.from({ length }, () => random.next())
    : Int32Array.from({ length }, () => random.below(below));
}

const CASES = {
  /** A training step of the tutorial model, windows of 150. */
  async train(engine, { batch }) {
    const model = new TutorialLstm();
    const count = parameterCount(model.parameters);
    const vectors = () => Array.from({ length: 3 }, () => new Float32Array(count));
    let current = vectors();
    let spare = vectors();
    current[0].set(initialParameters(model.parameters, 0));
    const data = {
      window: randoms(model.config.windowLength * batch * 3),
      pitch: randoms(batch, 128),
      step: randoms(batch),
      duration: randoms(batch),
    };
    const program = await engine.compile(trainStepGraph(model, { batch, optimiser: adam(KERAS_ADAM) }));
    let updates = 0;
    return async () => {
      const [parameters, firstMoment, secondMoment] = current;
      const [nextParameters, nextFirstMoment, nextSecondMoment] = spare;
      const stepSize = Float32Array.of(adamStepSize(0.005, ++updates, KERAS_ADAM));
      const { loss } = await program.run(
        { ...data, parameters, firstMoment, secondMoment, stepSize },
        { nextParameters, nextFirstMoment, nextSecondMoment },
      );
      [current, spare] = [spare, current];
      return { loss: loss[0] };
    };
  },

  /** The next note from a window of 150. */
  async note(engine) {
    const model = new TutorialLstm();
    const program = await engine.compile(model.predictionGraph(1, initialParameters(model.parameters, 0)));
    const feeds = { window: randoms(model.config.windowLength * 3) };
    return async () => {
      await program.run(feeds);
    };
  },

  /** The next symbol from the state before it. */
  async stacked(engine, { batch }) {
    const model = new StackedLstm();
    const { layers, hiddenSize, vocabulary } = model.config;
    const feeds = { symbol: randoms(batch, vocabulary) };
    const views = namedViews(initialParameters(model.parameters, 0), model.parameters);
    for (const [name, { data }] of views) feeds[name] = data;
    for (let layer = 0; layer < layers; layer++) {
      feeds[`hidden${layer}`] = new Float32Array(batch * hiddenSize);
      feeds[`cell${layer}`] = new Float32Array(batch * hiddenSize);
    }
    const program = await engine.compile(model.stepGraph(batch));
    return async () => {
      const next = await program.run(feeds);
      for (let layer = 0; layer < layers; layer++) {
        feeds[`hidden${layer}`] = next[`nextHidden${layer}`];
        feeds[`cell${layer}`] = next[`nextCell${layer}`];
      }
    };
  },

  /**
   * The first note in a page that has just been opened: the runtime is there, the weights are there, and the
   * time runs from decoding them to the note.
   */
  async 'first-note'(engine) {
    const file = await (await fetch('/models/tutorial/tutorial.safetensors')).arrayBuffer();
    const start = performance.now();
    const x = input('x', [1]);
    await (await engine.compile({ inputs: { x }, outputs: { y: multiply(x, 2) } })).release();
    const runtimeMilliseconds = performance.now() - start;
    return async () => {
      const loaded = modelFromCheckpoint(decodeCheckpoint(new Uint8Array(file)));
      for await (const _ of generate(loaded, engine, builtInOpening(), { notes: 1 })) break;
      return { runtimeMilliseconds };
    };
  },
};

/** @param {{ case: keyof CASES, threads: number, batch?: number }} spec */
export async function start(spec) {
  const work = await CASES[spec.case](onnxEngine(ort, { threads: spec.threads }), spec);
  return {
    ready: {
      runtime: `onnxruntime-web ${ort.env.versions.web}`,
      threads: ort.env.wasm.numThreads,
      isolated: self.crossOriginIsolated,
    },
    work,
  };
}
