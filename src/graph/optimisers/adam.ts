/**
 * Optimisation over flat vectors: P parameters, their gradient and Adam's two moments are each one (P)
 * tensor.
 */
import * as ops from '../ops.js';
import type { Tensor } from '../tensor.js';
import type { Optimiser } from './optimiser.js';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Keras' defaults, which the tutorial model was trained with. */
export const KERAS_ADAM: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

export interface AdamState {
  readonly parameters: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

/**
 * One step of Adam (Kingma & Ba 2015) in the form its section 2 recommends, as Keras has it: ε is added to √v
 * before bias correction, which is folded into the step size.
 *
 * @param stepSize scalar: see {@link adamStepSize}
 */
export function adamStep(
  state: AdamState,
  gradient: Tensor,
  stepSize: Tensor,
  options: AdamOptions,
): AdamState {
  const { beta1, beta2, epsilon } = options;
  const firstMoment = ops.add(ops.multiply(state.firstMoment, beta1), ops.multiply(gradient, 1 - beta1));
  const secondMoment = ops.add(
    ops.multiply(state.secondMoment, beta2),
    ops.multiply(ops.multiply(gradient, gradient), 1 - beta2),
  );
  const update = ops.divide(ops.multiply(firstMoment, stepSize), ops.add(ops.sqrt(secondMoment), epsilon));
  return { parameters: ops.subtract(state.parameters, update), firstMoment, secondMoment };
}

/** The bias-corrected step size of update number `step` (1, 2, …): α·√(1 − β₂ᵗ) / (1 − β₁ᵗ). */
export function adamStepSize(learningRate: number, step: number, { beta1, beta2 }: AdamOptions): number {
  return (learningRate * Math.sqrt(1 - beta2 ** step)) / (1 - beta1 ** step);
}

/** Adam as an optimiser: it keeps `firstMoment` and `secondMoment`, and a step takes its `stepSize`. */
export function adam(options: AdamOptions = KERAS_ADAM): Optimiser {
  return {
    name: 'adam',
    states: ['firstMoment', 'secondMoment'],
    scalars: (learningRate, update) => ({ stepSize: adamStepSize(learningRate, update, options) }),
    step({ parameters, firstMoment, secondMoment }, gradient, { stepSize }) {
      return { ...adamStep({ parameters, firstMoment, secondMoment }, gradient, stepSize, options) };
    },
  };
}

/** Scales a flat gradient down to a Euclidean norm of at most `maxNorm` (Pascanu et al. 2013). */
export function clipByNorm(gradient: Tensor, maxNorm: number): Tensor {
  const norm = ops.sqrt(ops.sum(ops.multiply(gradient, gradient)));
  return ops.multiply(gradient, ops.minimum(ops.divide(maxNorm, ops.add(norm, 1e-12)), 1));
}
