/**
 * A model's parameters: named tensors that live, one after the other, in a single flat vector. The optimiser,
 * a checkpoint and the averaging of gradients then handle one array, whatever the model.
 */
import * as ops from '../graph/ops.js';
import { type Shape, sizeOf, type Tensor } from '../graph/tensor.js';
import { Random } from '../random.js';
import { type Initializer, initialize } from './initializers.js';

export interface ParameterSpec {
  /** PyTorch's name, such as `lstm.weight_ih_l0`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
}

/** The parameters of a graph by name. */
export type Weights = Readonly<Record<string, Tensor>>;

/** P: how many numbers the parameters are. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((total, { shape }) => total + sizeOf(shape), 0);
}

/** The named parameters as slices of the flat tensor (P). */
export function sliceWeights(flat: Tensor, specs: readonly ParameterSpec[]): Weights {
  let from = 0;
  const entries = specs.map(({ name, shape }) => {
    const to = from + sizeOf(shape);
    const tensor = ops.reshape(ops.slice(flat, 0, from, to), shape);
    from = to;
    return [name, tensor] as const;
  });
  return Object.fromEntries(entries);
}

/** The named parameters as constants, each under its name: views of the flat vector (P). */
export function constantWeights(flat: Float32Array, specs: readonly ParameterSpec[]): Weights {
  const views = Array.from(namedViews(flat, specs));
  return Object.fromEntries(views.map(([name, { data, shape }]) => [name, ops.constant(data, shape, name)]));
}

/** The inverse on the gradient's side: tensors in the order of `specs` → (P). */
export function flattenTensors(tensors: readonly Tensor[]): Tensor {
  return ops.concat(
    tensors.map((tensor) => ops.reshape(tensor, [sizeOf(tensor.shape)])),
    0,
  );
}

/** Fresh values (P). The same seed gives the same values everywhere. */
export function initialParameters(specs: readonly ParameterSpec[], seed: number): Float32Array {
  const flat = new Float32Array(parameterCount(specs));
  const random = new Random(seed);
  let from = 0;
  for (const { name, shape, initializer } of specs) {
    const to = from + sizeOf(shape);
    // Each parameter draws from a stream of its own, so that adding one leaves the others as they were.
    initialize(flat.subarray(from, to), shape, initializer, random.fork(name));
    from = to;
  }
  return flat;
}

/** Views of a flat vector by name, for writing a checkpoint. */
export function namedViews(
  flat: Float32Array,
  specs: readonly ParameterSpec[],
): Map<string, { shape: number[]; data: Float32Array }> {
  const views = new Map<string, { shape: number[]; data: Float32Array }>();
  let from = 0;
  for (const { name, shape } of specs) {
    const to = from + sizeOf(shape);
    views.set(name, { shape: [...shape], data: flat.subarray(from, to) });
    from = to;
  }
  return views;
}
