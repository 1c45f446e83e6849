/**
 * What each operation computes in plain TypeScript: a total table, so that one that is missing does not
 * compile.
 */
import type { NodeOf, OpName } from '../../graph/tensor.js';
import * as kernels from './kernels.js';
import { runScan } from './scan.js';
import type { Work } from './work.js';

export type Operation<K extends OpName> = (node: NodeOf<K>, work: Work) => void;

const binary =
  <K extends OpName>(f: (x: number, y: number) => number): Operation<K> =>
  ({ inputs: [a, b], outputs: [out] }, { read, make }) =>
    kernels.elementwise(read(0), a.shape, read(1), b.shape, make(), out.shape, f);

const unary =
  <K extends OpName>(f: (x: number) => number): Operation<K> =>
  (_, { read, make }) => {
    const [x, y] = [read(0), make()];
    for (let i = 0; i < x.length; i++) y[i] = f(x[i]);
  };

export const OPERATIONS: { readonly [K in OpName]: Operation<K> } = {
  input({ attributes, outputs }, { values }) {
    if (!values.has(outputs[0])) throw new Error(`input ${attributes.name} was not fed`);
  },
  constant: ({ attributes, outputs }, { values }) => void values.set(outputs[0], attributes.data),
  add: binary((x, y) => x + y),
  subtract: binary((x, y) => x - y),
  multiply: binary((x, y) => x * y),
  divide: binary((x, y) => x / y),
  minimum: binary(Math.min),
  tanh: unary(Math.tanh),
  sigmoid: unary(kernels.sigmoid),
  relu: unary((x) => Math.max(x, 0)),
  positive: unary((x) => (x > 0 ? 1 : 0)),
  exp: unary(Math.exp),
  sqrt: unary(Math.sqrt),
  matmul({ attributes: { transposeA, transposeB }, inputs, outputs }, { read, make }) {
    const out = make();
    const [m, n] = outputs[0].shape;
    if (inputs.length === 3) kernels.expand(read(2), inputs[2].shape, out, [m, n]);
    const k = inputs[0].shape[transposeA ? 0 : 1];
    kernels.matmul(read(0), read(1), out, [m, k, n], transposeA, transposeB);
  },
  sum: ({ inputs, attributes }, { read, make }) =>
    kernels.sum(read(0), inputs[0].shape, make(), attributes.axes),
  reshape: ({ outputs }, { read, values }) => void values.set(outputs[0], read(0)),
  expand: ({ inputs, outputs }, { read, make }) =>
    kernels.expand(read(0), inputs[0].shape, make(), outputs[0].shape),
  concat({ inputs, outputs, attributes: { axis } }, { read, make }) {
    const out = make();
    let to = 0;
    for (const [i, { shape }] of inputs.entries()) {
      kernels.copyAlong(axis, read(i), shape, 0, out, outputs[0].shape, to, shape[axis]);
      to += shape[axis];
    }
  },
  slice: ({ inputs, outputs, attributes: { axis, from, to } }, { read, make }) =>
    kernels.copyAlong(axis, read(0), inputs[0].shape, from, make(), outputs[0].shape, 0, to - from),
  split({ inputs, outputs, attributes: { axis } }, { read, make }) {
    let from = 0;
    for (const [i, { shape }] of outputs.entries()) {
      kernels.copyAlong(axis, read(0), inputs[0].shape, from, make(i), shape, 0, shape[axis]);
      from += shape[axis];
    }
  },
  logSoftmax({ inputs: [{ shape }] }, { read, make }) {
    kernels.logSoftmax(read(0), make(), shape[shape.length - 1]);
  },
  oneHot({ attributes: { depth } }, { read, make }) {
    const [indices, out] = [read(0), make()];
    for (let i = 0; i < indices.length; i++) out[i * depth + indices[i]] = 1;
  },
  lstmLayer({ inputs, outputs }, { read, make }) {
    const [steps, batch, features] = inputs[0].shape;
    const [every, hidden, cell] = [make(0), make(1), make(2)];
    hidden.set(read(4));
    cell.set(read(5));
    const sizes = { steps, batch, features, hiddenSize: outputs[1].shape[1] };
    kernels.lstmLayer(read(0), [1, 2, 3].map(read), { hidden, cell, every }, sizes);
  },
  scan: runScan,
};
