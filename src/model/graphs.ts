/** A model's graphs for training and evaluation. B is the batch size, P the number of parameters. */

import { gradient } from '../graph/gradient.js';
import * as ops from '../graph/ops.js';
import { clipByNorm } from '../graph/optimisers/adam.js';
import { afterStep, type Optimiser } from '../graph/optimisers/optimiser.js';
import { type Graph, type Shape, sizeOf, type Tensor } from '../graph/tensor.js';
import { carriedOn, type Model } from './model.js';
import { flattenTensors, parameterCount, sliceWeights } from './parameters.js';

export interface TrainStepOptions {
  readonly batch: number;
  readonly optimiser: Optimiser;
  /** Largest norm of the whole gradient; no clipping by default. */
  readonly clipNorm?: number;
  /** Whether only the parameters learn that hear what the model is told of a piece; all by default. */
  readonly only?: 'told';
}

function parametersInput(model: Model, name = 'parameters') {
  return ops.input(name, [parameterCount(model.parameters)]);
}

/**
 * The gradient of the batch's mean loss, flat (P), the mean of every loss, as scalars, and the states to
 * carry on.
 */
function differentiate(model: Model, batch: number, only?: 'told') {
  const parameters = parametersInput(model);
  const inputs = model.batchInputs(batch);
  const weights = sliceWeights(parameters, model.parameters);
  const carried = new Set(model.carried?.map(carriedOn));
  const results = Object.entries(model.losses(weights, inputs)).map(
    ([name, each]) => [name, carried.has(name) ? each : ops.mean(each)] as const,
  );
  const means = Object.fromEntries(results);
  const learning = model.parameters.filter(({ name }) => only === undefined || model.told?.[name]);
  const gradients = gradient(
    means.loss,
    learning.map(({ name }) => weights[name]),
  );
  const byName = new Map(learning.map(({ name }, i) => [name, gradients[i]]));
  const all = model.parameters.map(({ name, shape }) => {
    const own = byName.get(name);
    if (own === undefined) return ops.constant(new Float32Array(sizeOf(shape)), shape);
    return only === undefined ? own : ops.multiply(own, columnsOf(shape, model.told?.[name]));
  });
  return { parameters, inputs, means, gradient: flattenTensors(all) };
}

/** 1 in these columns of a matrix, and 0 in the others; (1, columns). */
function columnsOf([, columns]: Shape, { from, to } = { from: 0, to: 0 }): Tensor {
  return ops.constant(new Float32Array(columns).fill(1, from, to), [1, columns]);
}

/**
 * One optimisation step. Inputs: the batch, `parameters` and the optimiser's states (P each), and its
 * scalars; outputs: the vectors after the step, `nextParameters` and so on, and the batch's mean losses
 * (before it), as scalars.
 */
export function trainStepGraph(model: Model, options: TrainStepOptions): Graph {
  const { parameters, inputs, means, gradient: flat } = differentiate(model, options.batch, options.only);
  const update = updateOf(model, flat, options, parameters);
  return { inputs: { ...inputs, ...update.inputs }, outputs: { ...update.outputs, ...means } };
}

/** Clipping, and the optimiser's step. */
function updateOf(
  model: Model,
  flat: Tensor,
  { clipNorm, optimiser }: Pick<TrainStepOptions, 'optimiser' | 'clipNorm'>,
  parameters = parametersInput(model),
): Graph {
  const states = optimiser.states.map((name) => [name, parametersInput(model, name)] as const);
  const vectors = { parameters, ...Object.fromEntries(states) };
  const names = Object.keys(optimiser.scalars(1, 1));
  const scalars = Object.fromEntries(names.map((name) => [name, ops.input(name, [])]));
  const clipped = clipNorm === undefined ? flat : clipByNorm(flat, clipNorm);
  const shapes = model.parameters.map(({ shape }) => shape);
  const next = Object.entries(optimiser.step(vectors, clipped, scalars, shapes));
  return {
    inputs: { ...vectors, ...scalars },
    outputs: Object.fromEntries(next.map(([name, tensor]) => [afterStep(name), tensor])),
  };
}

/**
 * The flat `gradient` (P) and the mean losses of a batch: what the shards of a batch send back, and tests
 * prove.
 */
export function gradientGraph(model: Model, batch: number, only?: 'told'): Graph {
  const { parameters, inputs, means, gradient: flat } = differentiate(model, batch, only);
  return { inputs: { ...inputs, parameters }, outputs: { gradient: flat, ...means } };
}

/**
 * The second half of a step whose batch was spread over shards of the given sizes: averages their gradients,
 * weighted by size, and updates. Inputs `gradient0`, `gradient1`, … and the optimiser's as in {@link
 * trainStepGraph}; the outputs are the same but for the losses.
 */
export function updateGraph(
  model: Model,
  sizes: readonly number[],
  options: Pick<TrainStepOptions, 'optimiser' | 'clipNorm'>,
): Graph {
  const batch = sizes.reduce((total, size) => total + size, 0);
  const gradients = Object.fromEntries(
    sizes.map((_, shard) => [`gradient${shard}`, parametersInput(model, `gradient${shard}`)]),
  );
  const mean = sizes
    .map((size, shard) => ops.multiply(gradients[`gradient${shard}`], size / batch))
    .reduce((total, part) => ops.add(total, part));
  const update = updateOf(model, mean, options);
  return { inputs: { ...gradients, ...update.inputs }, outputs: update.outputs };
}

/** The losses of every example of a batch, (B) each, without a gradient. */
export function evaluationGraph(model: Model, batch: number): Graph {
  const parameters = parametersInput(model);
  const inputs = model.batchInputs(batch);
  return {
    inputs: { ...inputs, parameters },
    outputs: model.losses(sliceWeights(parameters, model.parameters), inputs),
  };
}
