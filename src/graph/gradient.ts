/**
 * Reverse-mode differentiation: from the graph of a scalar, the graph of its gradients.
 *
 * Every rule below is proved against finite differences in gradient.test.ts.
 */
import * as ops from './ops.js';
import {
  type GradientRule,
  type NodeOf,
  type OpName,
  type Shape,
  sameShape,
  type Tensor,
  topologicalOrder,
} from './tensor.js';

/** Undoes broadcasting: sums a cotangent over the axes along which its operand was stretched. */
function sumTo(cotangent: Tensor, shape: Shape): Tensor {
  if (sameShape(cotangent.shape, shape)) return cotangent;
  const lead = cotangent.shape.length - shape.length;
  const axes = cotangent.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < lead || (shape[axis - lead] === 1 && cotangent.shape[axis] !== 1));
  return ops.reshape(ops.sum(cotangent, axes), shape);
}

type Rule<K extends OpName> = (
  node: NodeOf<K>,
  cotangents: readonly (Tensor | undefined)[],
  needed: readonly boolean[],
) => (Tensor | undefined)[];

/** Most nodes have one output, so their rule is written for its cotangent alone. */
function single<K extends OpName>(
  rule: (node: NodeOf<K>, cotangent: Tensor) => (Tensor | undefined)[],
): Rule<K> {
  return (node, [cotangent]) => rule(node, cotangent as Tensor);
}

const notDifferentiable = (node: { op: string }): never => {
  throw new Error(`${node.op} cannot be differentiated`);
};

/** Splits a cotangent along an axis as the parts were joined. */
function slicesOf(cotangent: Tensor, axis: number, parts: readonly Tensor[]): Tensor[] {
  const sizes = parts.map((part) => part.shape[axis]);
  return parts.length === 1 ? [cotangent] : [...ops.split(cotangent, axis, sizes)];
}

const RULES: { [K in OpName]: Rule<K> } = {
  input: notDifferentiable,
  constant: notDifferentiable,
  positive: notDifferentiable,
  minimum: notDifferentiable,
  oneHot: notDifferentiable,
  lstmLayer: notDifferentiable,

  add: single(({ inputs: [a, b] }, d) => [sumTo(d, a.shape), sumTo(d, b.shape)]),
  subtract: single(({ inputs: [a, b] }, d) => [sumTo(d, a.shape), sumTo(ops.multiply(d, -1), b.shape)]),
  multiply: single(({ inputs: [a, b] }, d) => [
    sumTo(ops.multiply(d, b), a.shape),
    sumTo(ops.multiply(d, a), b.shape),
  ]),
  divide: single(({ inputs: [a, b], outputs: [y] }, d) => [
    sumTo(ops.divide(d, b), a.shape),
    sumTo(ops.multiply(ops.divide(ops.multiply(d, y), b), -1), b.shape),
  ]),
  tanh: single(({ outputs: [y] }, d) => [ops.multiply(d, ops.subtract(1, ops.multiply(y, y)))]),
  sigmoid: single(({ outputs: [y] }, d) => [ops.multiply(d, ops.multiply(y, ops.subtract(1, y)))]),
  relu: single(({ inputs: [x] }, d) => [ops.multiply(d, ops.positive(x))]),
  exp: single(({ outputs: [y] }, d) => [ops.multiply(d, y)]),
  sqrt: single(({ outputs: [y] }, d) => [ops.divide(ops.multiply(d, 0.5), y)]),
  matmul: ({ inputs: [a, b, addend], attributes: { transposeA, transposeB } }, [cotangent], needed) => {
    const d = cotangent as Tensor;
    const toA = () =>
      transposeA
        ? ops.matmul(b, d, { transposeA: transposeB, transposeB: true })
        : ops.matmul(d, b, { transposeB: !transposeB });
    const toB = () =>
      transposeB
        ? ops.matmul(d, a, { transposeA: true, transposeB: transposeA })
        : ops.matmul(a, d, { transposeA: !transposeA });
    return [
      needed[0] ? toA() : undefined,
      needed[1] ? toB() : undefined,
      addend !== undefined && needed[2] ? sumTo(d, addend.shape) : undefined,
    ];
  },
  sum: single(({ inputs: [x], attributes: { axes } }, d) => {
    const kept = x.shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
    return [ops.expand(ops.reshape(d, kept), x.shape)];
  }),
  reshape: single(({ inputs: [x] }, d) => [ops.reshape(d, x.shape)]),
  expand: single(({ inputs: [x] }, d) => [sumTo(d, x.shape)]),
  concat: single(({ inputs, attributes: { axis } }, d) => slicesOf(d, axis, inputs)),
  slice: single(({ inputs: [x], attributes: { axis, from, to } }, d) => {
    const pad = (size: number) =>
      size === 0 ? [] : [ops.zeros(x.shape.map((n, i) => (i === axis ? size : n)))];
    return [ops.concat([...pad(from), d, ...pad(x.shape[axis] - to)], axis)];
  }),
  split: ({ outputs, attributes: { axis } }, cotangents) => [
    ops.concat(
      outputs.map((output, i) => cotangents[i] ?? ops.zeros(output.shape)),
      axis,
    ),
  ],
  logSoftmax: single(({ outputs: [y] }, d) => {
    const last = y.shape.length - 1;
    return [ops.subtract(d, ops.multiply(ops.exp(y), ops.sum(d, [last], true)))];
  }),
  scan: (node, cotangents, needed) =>
    (node.attributes.gradient ?? notDifferentiable)(node, cotangents, needed),
};

/**
 * The gradients of a scalar `loss` with respect to `parameters`, as new tensors of the parameters' shapes.
 * A parameter on which the loss does not depend gets zeros.
 */
export function gradient(loss: Tensor, parameters: readonly Tensor[]): Tensor[] {
  if (loss.shape.length !== 0) throw new Error('gradient: the loss must be a scalar');
  const order = topologicalOrder([loss]);
  const wanted = new Set(parameters);

  // Only what lies between a parameter and the loss is differentiated: no gradient of the data is ever
  // computed.
  const depends = new Set<Tensor>();
  for (const node of order) {
    const reached = node.inputs.some((tensor) => depends.has(tensor));
    for (const output of node.outputs) if (reached || wanted.has(output)) depends.add(output);
  }

  const cotangents = new Map<Tensor, Tensor>([[loss, ops.scalar(1)]]);
  for (const node of order.reverse()) {
    const incoming = node.outputs.map((output) => cotangents.get(output));
    const needed = node.inputs.map((tensor) => depends.has(tensor));
    if (incoming.every((cotangent) => cotangent === undefined) || !needed.includes(true)) continue;
    const outgoing = (RULES[node.op] as GradientRule)(node, incoming, needed);
    node.inputs.forEach((tensor, i) => {
      const cotangent = outgoing[i];
      if (!needed[i] || cotangent === undefined) return;
      const sofar = cotangents.get(tensor);
      cotangents.set(tensor, sofar === undefined ? cotangent : ops.add(sofar, cotangent));
    });
  }
  return parameters.map((parameter) => cotangents.get(parameter) ?? ops.zeros(parameter.shape));
}
