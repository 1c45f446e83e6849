/** Training steps of Cadenza. Arguments: the case, and how many losses to tell in advance. */
import { adam, adamStepSize, KERAS_ADAM } from '../../dist/graph/optimisers/adam.js';
import { compileTrainStep } from '../../dist/model/sharding.js';
import { openEngines } from '../../dist/node/engine/engines.js';
import { createOnnxEngine, onnxRuntimeVersion } from '../../dist/node/engine/onnx-engine.js';
import { compete } from '../contestant.js';
import { trainingCase } from '../training-cases.js';

const [name, told] = process.argv.slice(2);
const { model, parameters, learningRate, batch, inputs } = trainingCase(name);

const zeros = () => new Float32Array(parameters.length);
const feeds = Object.fromEntries(Object.entries(inputs).map(([key, { data }]) => [key, data]));
let current = { parameters, firstMoment: zeros(), secondMoment: zeros() };
let spare = { parameters: zeros(), firstMoment: zeros(), secondMoment: zeros() };
let updates = 0;

/**
 * The ways to use several cores: a batch spread over engines in threads, or threads that share every
 * operation.
 */
const engines = await openEngines();
const shared = await createOnnxEngine();
const options = { batch, optimiser: adam(KERAS_ADAM) };
const ways = {
  'batch spread over threads': () => compileTrainStep(model, options, engines.engine, engines.shards),
  'operations shared by threads': () => compileTrainStep(model, options, shared),
};

/** Like the peers, which try their ways before the race: the fastest of three steps each. */
async function fastest() {
  const tried = [];
  for (const [way, compile] of Object.entries(ways)) {
    const program = await compile();
    const times = [];
    for (let i = 0; i < 4; i++) {
      const start = performance.now();
      await program.run({ ...feeds, ...current, stepSize: new Float32Array([0]) });
      times.push(performance.now() - start);
    }
    await program.release();
    tried.push({ way, milliseconds: Math.min(...times) });
  }
  tried.sort((a, b) => a.milliseconds - b.milliseconds);
  return { program: await ways[tried[0].way](), tried };
}
const { program, tried } = await fastest();

/** As src/training/train.ts takes it: results are written over the vectors of the step before last. */
async function step() {
  updates++;
  const stepSize = new Float32Array([adamStepSize(learningRate, updates, KERAS_ADAM)]);
  const { loss } = await program.run(
    { ...feeds, ...current, stepSize },
    {
      nextParameters: spare.parameters,
      nextFirstMoment: spare.firstMoment,
      nextSecondMoment: spare.secondMoment,
    },
  );
  [current, spare] = [spare, current];
  return { loss: loss[0] };
}

const losses = [];
for (let i = 0; i < Number(told); i++) losses.push((await step()).loss);
const variants = Object.fromEntries(tried.map(({ way, milliseconds }) => [way, milliseconds]));
await compete(
  { version: `onnxruntime-node ${await onnxRuntimeVersion()}, ${tried[0].way}`, variants, losses },
  step,
);
