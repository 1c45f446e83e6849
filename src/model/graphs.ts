/** A model's graphs for training and evaluation. B is the batch size, P the number of parameters. */
import { type AdamOptions, adam, clipByNorm } from '../graph/adam.js';
import { gradient } from '../graph/gradient.js';
import * as ops from '../graph/ops.js';
import type { Graph } from '../graph/tensor.js';
import type { Model } from './model.js';
import { flattenTensors, parameterCount, sliceWeights } from './parameters.js';

export interface TrainStepOptions {
  readonly batch: number;
  readonly adam: AdamOptions;
  /** Largest norm of the whole gradient; no clipping by default. */
  readonly clipNorm?: number;
}

function parametersInput(model: Model, name = 'parameters') {
  return ops.input(name, [parameterCount(model.parameters)]);
}

/** The gradient of the batch's mean loss, flat (P), and the mean of every loss, as scalars. */
function differentiate(model: Model, batch: number) {
  const parameters = parametersInput(model);
  const inputs = model.batchInputs(batch);
  const weights = sliceWeights(parameters, model.parameters);
  const losses = Object.entries(model.losses(weights, inputs)).map(
    ([name, each]) => [name, ops.mean(each)] as const,
  );
  const means = Object.fromEntries(losses);
  const gradients = gradient(
    means.loss,
    model.parameters.map(({ name }) => weights[name]),
  );
  return { parameters, inputs, means, gradient: flattenTensors(gradients) };
}

/**
 * One optimisation step. Inputs: the batch, `parameters`, `firstMoment`, `secondMoment` (P each) and the scalar
 * `stepSize`; outputs: the three vectors after the step as `nextParameters`,
 * `nextFirstMoment` and `nextSecondMoment`, and the batch's mean losses (before it), as scalars.
 */
export function trainStepGraph(model: Model, options: TrainStepOptions): Graph {
  const { parameters, inputs, means, gradient: raw } = differentiate(model, options.batch);
  const moments = {
    firstMoment: parametersInput(model, 'firstMoment'),
    secondMoment: parametersInput(model, 'secondMoment'),
  };
  const stepSize = ops.input('stepSize', []);
  const clipped = options.clipNorm === undefined ? raw : clipByNorm(raw, options.clipNorm);
  const next = adam({ parameters, ...moments }, clipped, stepSize, options.adam);
  return {
    inputs: { ...inputs, parameters, ...moments, stepSize },
    outputs: {
      nextParameters: next.parameters,
      nextFirstMoment: next.firstMoment,
      nextSecondMoment: next.secondMoment,
      ...means,
    },
  };
}

/** The flat `gradient` (P) and the mean losses of a batch: what data-parallel replicas exchange, and tests prove. */
export function gradientGraph(model: Model, batch: number): Graph {
  const { parameters, inputs, means, gradient: flat } = differentiate(model, batch);
  return { inputs: { ...inputs, parameters }, outputs: { gradient: flat, ...means } };
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
