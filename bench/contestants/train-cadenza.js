/** Training steps of Cadenza. Arguments: the case, and how many losses to tell in advance. */
import { adamStepSize, KERAS_ADAM } from '../../dist/graph/adam.js';
import { trainStepGraph } from '../../dist/model/graphs.js';
import { createOnnxEngine, onnxRuntimeVersion } from '../../dist/node/onnx-engine.js';
import { compete } from '../contestant.js';
import { trainingCase } from '../training-cases.js';

const [name, told] = process.argv.slice(2);
const { model, parameters, learningRate, batch, inputs } = trainingCase(name);
const engine = await createOnnxEngine();
const program = await engine.compile(trainStepGraph(model, { batch, adam: KERAS_ADAM }));

const zeros = () => new Float32Array(parameters.length);
const feeds = Object.fromEntries(Object.entries(inputs).map(([key, { data }]) => [key, data]));
let current = { parameters, firstMoment: zeros(), secondMoment: zeros() };
let spare = { parameters: zeros(), firstMoment: zeros(), secondMoment: zeros() };
let updates = 0;

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
await compete({ version: `onnxruntime-node ${await onnxRuntimeVersion()}`, losses }, step);
