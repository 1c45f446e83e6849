/**
 * The operations, as functions from tensors to tensors. Each checks its inputs and infers the output's shape.
 */
import {
  createNode,
  type ElementType,
  type GradientRule,
  type ScanBody,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
} from './tensor.js';

/** A misuse of an operation: a fault of the model's code, never of the user's data. */
function expect(condition: boolean, op: string, ...shapes: Shape[]): asserts condition {
  if (!condition)
    throw new Error(`${op}: shapes do not fit: ${shapes.map((s) => `(${s.join(', ')})`).join(' ')}`);
}

export function input(name: string, shape: Shape, elementType: ElementType = 'float32'): Tensor {
  return createNode('input', [], { name }, [shape], elementType)[0];
}

/** @param name what it is called in files, such as a weight's */
export function constant(data: Float32Array | Int32Array, shape: Shape, name?: string): Tensor {
  expect(data.length === sizeOf(shape), 'constant', [data.length], shape);
  const elementType = data instanceof Int32Array ? 'int32' : 'float32';
  return createNode('constant', [], { data, name }, [shape], elementType)[0];
}

export function scalar(value: number): Tensor {
  return constant(new Float32Array([value]), []);
}

/** A tensor with one value everywhere; expanded by the engine, so it costs the graph nothing. */
export function filled(value: number, shape: Shape): Tensor {
  return expand(scalar(value), shape);
}

export function zeros(shape: Shape): Tensor {
  return filled(0, shape);
}

/** NumPy's rule: align right; a dimension of 1 stretches. */
export function broadcastShape(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const da = a[axis - rank + a.length] ?? 1;
    const db = b[axis - rank + b.length] ?? 1;
    expect(da === db || da === 1 || db === 1, op, a, b);
    return Math.max(da, db);
  });
}

type Operand = Tensor | number;

function binary(op: 'add' | 'subtract' | 'multiply' | 'divide' | 'minimum', a: Operand, b: Operand): Tensor {
  const x = typeof a === 'number' ? scalar(a) : a;
  const y = typeof b === 'number' ? scalar(b) : b;
  return createNode(op, [x, y], {}, [broadcastShape(op, x.shape, y.shape)])[0];
}

export const add = (a: Operand, b: Operand): Tensor => binary('add', a, b);
export const subtract = (a: Operand, b: Operand): Tensor => binary('subtract', a, b);
export const multiply = (a: Operand, b: Operand): Tensor => binary('multiply', a, b);
export const divide = (a: Operand, b: Operand): Tensor => binary('divide', a, b);
export const minimum = (a: Operand, b: Operand): Tensor => binary('minimum', a, b);

function unary(
  op: 'tanh' | 'sigmoid' | 'relu' | 'positive' | 'exp' | 'sqrt' | 'logSoftmax',
  x: Tensor,
): Tensor {
  return createNode(op, [x], {}, [x.shape])[0];
}

export const tanh = (x: Tensor): Tensor => unary('tanh', x);
export const sigmoid = (x: Tensor): Tensor => unary('sigmoid', x);
export const relu = (x: Tensor): Tensor => unary('relu', x);
export const positive = (x: Tensor): Tensor => unary('positive', x);
export const exp = (x: Tensor): Tensor => unary('exp', x);
export const sqrt = (x: Tensor): Tensor => unary('sqrt', x);
export const logSoftmax = (x: Tensor): Tensor => unary('logSoftmax', x);

export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** Added to the product; broadcasts to (M, N). */
  readonly addend?: Tensor;
}

/** (M, K)·(K, N) [+ addend] → (M, N), with A stored (K, M) or B stored (N, K) where transposed. */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, addend } = options;
  expect(a.shape.length === 2 && b.shape.length === 2, 'matmul', a.shape, b.shape);
  const [m, k] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
  const [k2, n] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
  expect(k === k2, 'matmul', a.shape, b.shape);
  if (addend !== undefined) {
    expect(sameShape(broadcastShape('matmul', addend.shape, [m, n]), [m, n]), 'matmul', addend.shape, [m, n]);
  }
  const inputs = addend === undefined ? [a, b] : [a, b, addend];
  return createNode('matmul', inputs, { transposeA, transposeB }, [[m, n]])[0];
}

/** x·Wᵀ + b with W stored (out, in), as PyTorch's Linear; leading axes of x are kept. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const features = x.shape[x.shape.length - 1];
  const rows = sizeOf(x.shape) / features;
  const product = matmul(reshape(x, [rows, features]), weight, { transposeB: true, addend: bias });
  return reshape(product, [...x.shape.slice(0, -1), weight.shape[0]]);
}

export function sum(
  x: Tensor,
  axes: readonly number[] = x.shape.map((_, axis) => axis),
  keep = false,
): Tensor {
  expect(
    axes.every((axis) => axis >= 0 && axis < x.shape.length),
    'sum',
    x.shape,
    axes,
  );
  if (axes.length === 0) return x;
  const shape = keep
    ? x.shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension))
    : x.shape.filter((_, axis) => !axes.includes(axis));
  return createNode('sum', [x], { axes, keep }, [shape])[0];
}

export function mean(x: Tensor, axes?: readonly number[]): Tensor {
  const total = sum(x, axes);
  return multiply(total, sizeOf(total.shape) / sizeOf(x.shape));
}

export function reshape(x: Tensor, shape: Shape): Tensor {
  expect(sizeOf(x.shape) === sizeOf(shape), 'reshape', x.shape, shape);
  return sameShape(x.shape, shape) ? x : createNode('reshape', [x], {}, [shape], x.elementType)[0];
}

export function expand(x: Tensor, shape: Shape): Tensor {
  expect(sameShape(broadcastShape('expand', x.shape, shape), shape), 'expand', x.shape, shape);
  return sameShape(x.shape, shape) ? x : createNode('expand', [x], {}, [shape])[0];
}

export function concat(parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 1) return parts[0];
  const shape = [...parts[0].shape];
  shape[axis] = 0;
  for (const part of parts) {
    expect(
      part.shape.every((dimension, i) => i === axis || dimension === shape[i]),
      'concat',
      parts[0].shape,
      part.shape,
    );
    shape[axis] += part.shape[axis];
  }
  return createNode('concat', parts, { axis }, [shape])[0];
}

/** Elements `from` … `to` − 1 along an axis. */
export function slice(x: Tensor, axis: number, from: number, to: number): Tensor {
  expect(from >= 0 && from < to && to <= x.shape[axis], 'slice', x.shape, [axis, from, to]);
  if (from === 0 && to === x.shape[axis]) return x;
  const shape = x.shape.map((dimension, i) => (i === axis ? to - from : dimension));
  return createNode('slice', [x], { axis, from, to }, [shape], x.elementType)[0];
}

/** Cuts an axis into consecutive parts of the given sizes. */
export function split(x: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] {
  expect(sizes.reduce((total, size) => total + size, 0) === x.shape[axis], 'split', x.shape, sizes);
  const shapes = sizes.map((size) => x.shape.map((dimension, i) => (i === axis ? size : dimension)));
  return createNode('split', [x], { axis, sizes }, shapes);
}

/** Indices of at least one axis, each from 0 to depth − 1; anything else is undefined. */
export function oneHot(indices: Tensor, depth: number): Tensor {
  if (indices.elementType !== 'int32') throw new Error('oneHot: indices must be int32');
  expect(indices.shape.length > 0, 'oneHot', indices.shape);
  return createNode('oneHot', [indices], { depth }, [[...indices.shape, depth]])[0];
}

/**
 * An LSTM layer without a gradient; see OpAttributes.lstmLayer. Models call `lstm` of lstm.ts, which chooses.
 */
export function lstmLayer(
  x: Tensor,
  inputWeight: Tensor,
  recurrentWeight: Tensor,
  bias: Tensor,
  hidden: Tensor,
  cell: Tensor,
): readonly Tensor[] {
  const [steps, batch, features] = x.shape;
  const hiddenSize = recurrentWeight.shape[1];
  const fits =
    sameShape(inputWeight.shape, [4 * hiddenSize, features]) &&
    sameShape(recurrentWeight.shape, [4 * hiddenSize, hiddenSize]) &&
    sameShape(bias.shape, [4 * hiddenSize]) &&
    [hidden, cell].every(({ shape }) => sameShape(shape, [batch, hiddenSize]));
  expect(
    fits,
    'lstmLayer',
    x.shape,
    inputWeight.shape,
    recurrentWeight.shape,
    bias.shape,
    hidden.shape,
    cell.shape,
  );
  const state = [batch, hiddenSize];
  const inputs = [x, inputWeight, recurrentWeight, bias, hidden, cell];
  return createNode('lstmLayer', inputs, {}, [[steps, ...state], state, state]);
}

export interface ScanOptions {
  /** Initial value of every carried state. */
  readonly states: readonly Tensor[];
  /** Tensors (T, …) read one slice a step. */
  readonly sequences: readonly Tensor[];
  /** Tensors read whole at every step. */
  readonly captures?: readonly Tensor[];
  /** Walk from the last step to the first. */
  readonly reverse?: boolean;
  readonly body: (
    states: readonly Tensor[],
    slices: readonly Tensor[],
    captures: readonly Tensor[],
  ) => { readonly states: readonly Tensor[]; readonly outputs: readonly Tensor[] };
  /** How to differentiate it; a scan without a rule cannot lie on the way from a parameter to the loss. */
  readonly gradient?: GradientRule;
}

/** A loop over the leading axis; see OpAttributes.scan. */
export function scan(options: ScanOptions): { states: readonly Tensor[]; outputs: readonly Tensor[] } {
  const { states, sequences, captures = [], reverse = false } = options;
  const steps = sequences[0].shape[0];
  for (const sequence of sequences) expect(sequence.shape[0] === steps, 'scan', sequence.shape, [steps]);
  const placeholders = (kind: string, tensors: readonly Tensor[], drop: number): Tensor[] =>
    tensors.map((tensor, i) => input(`${kind}${i}`, tensor.shape.slice(drop), tensor.elementType));
  const inner = {
    states: placeholders('state', states, 0),
    slices: placeholders('slice', sequences, 1),
    captures: placeholders('capture', captures, 0),
  };
  const result = options.body(inner.states, inner.slices, inner.captures);
  expect(result.states.length === states.length, 'scan', [result.states.length], [states.length]);
  result.states.forEach((next, i) => {
    expect(sameShape(next.shape, states[i].shape), 'scan', next.shape, states[i].shape);
  });
  const body: ScanBody = { ...inner, nextStates: result.states, outputs: result.outputs };
  const outputs = createNode(
    'scan',
    [...states, ...sequences, ...captures],
    { body, reverse, gradient: options.gradient },
    [...states.map((s) => s.shape), ...result.outputs.map((o) => [steps, ...o.shape])],
  );
  return { states: outputs.slice(0, states.length), outputs: outputs.slice(states.length) };
}
