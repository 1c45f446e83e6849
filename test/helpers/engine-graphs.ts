/** The graphs on which test/contract/engine.test.ts holds engines to the same answers. */
import fc from 'fast-check';
import { gradient } from '../../src/graph/gradient.js';
import { lstm } from '../../src/graph/layers/lstm.js';
import * as ops from '../../src/graph/ops.js';
import { type Graph, type OpName, type Shape, sizeOf, type Tensor } from '../../src/graph/tensor.js';
import { Random } from '../../src/random.js';
import { randomValues } from './tensors.js';

/** A program of one expression: the inputs x0, x1, … and the outputs y0, y1, … */
export function graphOf(shapes: readonly Shape[], y: (...x: Tensor[]) => readonly Tensor[]): Graph {
  const x = shapes.map((shape, i) => ops.input(`x${i}`, shape));
  const named = (prefix: string, tensors: readonly Tensor[]) =>
    Object.fromEntries(tensors.map((tensor, i) => [prefix + i, tensor]));
  return { inputs: named('x', x), outputs: named('y', y(...x)) };
}

const dimension = fc.integer({ min: 1, max: 5 });
const shape = fc.array(dimension, { maxLength: 3 });
const shapeOfAxes = fc.array(dimension, { minLength: 1, maxLength: 3 });

/** Two shapes that stretch to one: of a common shape, each may lose leading axes and shrink others to 1. */
const broadcastable = shape.chain((full) => {
  const shrunk = fc
    .tuple(fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }), fc.nat(full.length))
    .map(([keep, drop]) => full.map((size, axis) => (keep[axis] ? size : 1)).slice(drop));
  return fc.tuple(shrunk, shrunk);
});

/** A shape of at least one axis, one of its axes, and two cuts through that axis. */
const cut = shapeOfAxes.chain((sizes) =>
  fc.nat(sizes.length - 1).chain((axis) =>
    fc
      .tuple(fc.integer({ min: 0, max: sizes[axis] - 1 }), fc.integer({ min: 1, max: sizes[axis] }))
      .map(([a, b]) => ({
        sizes,
        axis,
        from: Math.min(a, b - 1),
        to: Math.max(a + 1, b),
      })),
  ),
);

const binary = (y: (a: Tensor, b: Tensor) => Tensor) =>
  broadcastable.map((shapes) => graphOf(shapes, (a, b) => [y(a, b)]));
const unary = (y: (x: Tensor) => Tensor) => shape.map((sizes) => graphOf([sizes], (x) => [y(x)]));

/** Random programs of every operation but scan and input, which have tests of their own. */
export const OPERATIONS: Record<Exclude<OpName, 'input' | 'scan'>, fc.Arbitrary<Graph>> = {
  constant: shape.map((sizes) => {
    const data = Float32Array.from(randomValues(new Random(2), sizeOf(sizes)));
    return graphOf([sizes], (x) => [ops.add(x, ops.constant(data, sizes)), ops.constant(data, sizes)]);
  }),
  add: binary(ops.add),
  subtract: binary(ops.subtract),
  multiply: binary(ops.multiply),
  divide: binary(ops.divide),
  minimum: binary(ops.minimum),
  tanh: unary(ops.tanh),
  sigmoid: unary(ops.sigmoid),
  relu: unary(ops.relu),
  positive: unary(ops.positive),
  exp: unary(ops.exp),
  sqrt: unary((x) => ops.sqrt(ops.multiply(x, x))),
  logSoftmax: shapeOfAxes.map((sizes) => graphOf([sizes], (x) => [ops.logSoftmax(x)])),
  matmul: fc
    .record({
      sizes: fc.tuple(dimension, dimension, dimension),
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
      addend: fc.constantFrom('none', 'scalar', 'row', 'row of a matrix', 'column', 'matrix'),
    })
    .map(({ sizes: [m, k, n], transposeA, transposeB, addend }) => {
      const addends = { scalar: [], row: [n], 'row of a matrix': [1, n], column: [m, 1], matrix: [m, n] };
      const shapes = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
      return graphOf(addend === 'none' ? shapes : [...shapes, addends[addend]], (a, b, c) => [
        ops.matmul(a, b, { transposeA, transposeB, addend: c }),
      ]);
    }),
  sum: fc.tuple(shape, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })).map(([sizes, chosen]) =>
    graphOf([sizes], (x) => {
      const axes = sizes.map((_, axis) => axis).filter((axis) => chosen[axis]);
      const kept = ops.sum(x, axes, true);
      // Where the axes stay, the sum stretches against what it is the sum of.
      return [ops.sum(x, axes), kept, ops.subtract(x, kept)];
    }),
  ),
  reshape: fc
    .tuple(dimension, dimension, dimension)
    .map(([a, b, c]) =>
      graphOf([[a, b, c]], (x) => [ops.reshape(x, [c, a * b]), ops.reshape(x, [a * b * c])]),
    ),
  expand: broadcastable.map(([a, b]) =>
    graphOf([a], (x) => [ops.expand(x, ops.broadcastShape('test', a, b)), ops.filled(2, b)]),
  ),
  concat: fc.tuple(cut, fc.array(dimension, { minLength: 1, maxLength: 4 })).map(([{ sizes, axis }, parts]) =>
    graphOf(
      parts.map((part) => sizes.map((size, i) => (i === axis ? part : size))),
      (...x) => [ops.concat(x, axis), ops.concat([...x, x[0]], axis)],
    ),
  ),
  slice: cut.map(({ sizes, axis, from, to }) => graphOf([sizes], (x) => [ops.slice(x, axis, from, to)])),
  split: fc
    .tuple(cut, fc.array(dimension, { minLength: 1, maxLength: 4 }), fc.nat(3))
    .map(([{ sizes, axis }, parts, one]) => {
      const total = parts.reduce((sum, part) => sum + part, 0);
      return graphOf([sizes.map((size, i) => (i === axis ? total : size))], (x) => [
        ...ops.split(x, axis, parts),
        // Only one part of this one is read.
        ops.split(x, axis, parts)[one % parts.length],
      ]);
    }),
  oneHot: shapeOfAxes.map((sizes) => {
    const indices = ops.input('indices', sizes, 'int32');
    const outputs = { y: ops.oneHot(indices, 4), copy: indices };
    return { inputs: { indices }, outputs };
  }),
  // Beside the layer made of a scan, from which it must not differ.
  lstmLayer: fc.tuple(dimension, dimension, dimension, dimension).map(([steps, batch, features, size]) =>
    graphOf(
      [
        [steps, batch, features],
        [4 * size, features],
        [4 * size, size],
        [4 * size],
        [batch, size],
        [batch, size],
      ],
      (x, inputWeight, recurrentWeight, bias, hidden, cell) =>
        (['learning', 'playing'] as const).flatMap((purpose) => {
          const layer = lstm(x, { inputWeight, recurrentWeight, bias }, { hidden, cell }, purpose);
          return [layer.hidden, layer.last.hidden, layer.last.cell];
        }),
    ),
  ),
};

/** Steps, batch, hidden size. */
const [T, B, H] = [4, 2, 3];

/** Programs whose scans are awkward in one way each. */
export const SCANS: Record<string, Graph> = {
  'a sum and its running values': graphOf([[B], [T, B]], (start, sequence) => {
    const { states, outputs } = ops.scan({
      states: [start],
      sequences: [sequence],
      body: ([state], [slice]) => {
        const next = ops.add(ops.multiply(state, 0.5), slice);
        return { states: [next], outputs: [ops.multiply(next, next)] };
      },
    });
    return [...states, ...outputs];
  }),
  backwards: graphOf([[B], [T, B]], (start, sequence) => {
    const { states, outputs } = ops.scan({
      states: [start],
      sequences: [sequence],
      reverse: true,
      body: ([state], [slice]) => {
        const next = ops.add(ops.multiply(state, 0.5), slice);
        return { states: [next], outputs: [ops.multiply(next, next)] };
      },
    });
    return [...states, ...outputs];
  }),
  'one step': graphOf([[B], [1, B]], (start, sequence) => {
    const body = ([state]: readonly Tensor[], [slice]: readonly Tensor[]) => ({
      states: [ops.add(state, slice)],
      outputs: [slice],
    });
    const { states, outputs } = ops.scan({ states: [start], sequences: [sequence], body });
    return [...states, ...outputs];
  }),
  'no state': graphOf([[T, B]], (sequence) => [
    ...ops.scan({
      states: [],
      sequences: [sequence],
      body: (_, [x]) => ({ states: [], outputs: [ops.tanh(x)] }),
    }).outputs,
  ]),
  'several states, sequences and captures': graphOf(
    [[B, H], [H], [T, B, H], [T, H], [H, H], [H]],
    (a, b, c, d, matrix, row) => {
      const { states, outputs } = ops.scan({
        states: [a, b],
        sequences: [c, d],
        captures: [matrix, row],
        body: ([s0, s1], [x0, x1], [m, r]) => ({
          states: [ops.tanh(ops.matmul(s0, m, { addend: x0 })), ops.add(ops.multiply(s1, 0.5), x1)],
          outputs: [ops.add(s0, r), ops.sum(ops.multiply(s1, x1))],
        }),
      });
      return [...states, ...outputs];
    },
  ),
  'outputs that nobody reads': graphOf([[B], [T, B]], (start, sequence) => {
    const { outputs } = ops.scan({
      states: [start],
      sequences: [sequence],
      body: ([state], [slice]) => {
        const next = ops.add(state, slice);
        return { states: [next], outputs: [ops.exp(next), ops.tanh(next), ops.relu(slice)] };
      },
    });
    return [outputs[1]];
  }),
  'only the state read': graphOf([[B], [T, B]], (start, sequence) => {
    const { states } = ops.scan({
      states: [start],
      sequences: [sequence],
      body: ([state], [slice]) => ({ states: [ops.add(state, slice)], outputs: [ops.exp(slice)] }),
    });
    return states;
  }),
  'outputs that are states, inputs, captures or constants': graphOf([[B], [B], [T, B]], (a, b, sequence) => {
    const { states, outputs } = ops.scan({
      states: [a, b],
      sequences: [sequence],
      captures: [b],
      body: ([s0, s1], [slice], [captured]) => ({
        // The states change places; one output is the incoming state, one the slice, one the capture.
        states: [s1, ops.add(s0, slice)],
        outputs: [s0, s1, slice, captured, ops.constant(Float32Array.of(1, 2), [B])],
      }),
    });
    return [...states, ...outputs];
  }),
  'a state that becomes a capture or a constant': graphOf([[B], [B], [T, B]], (a, b, sequence) => {
    const { states, outputs } = ops.scan({
      states: [a, b],
      sequences: [sequence],
      captures: [b],
      body: ([s0, s1], [slice], [captured]) => ({
        states: [captured, ops.constant(Float32Array.of(3, 4), [B])],
        outputs: [ops.add(ops.add(s0, s1), slice)],
      }),
    });
    return [...states, ...outputs];
  }),
  'a state that stays as it is, and one that becomes the slice': graphOf(
    [[B], [B], [T, B]],
    (a, b, sequence) => {
      const { states, outputs } = ops.scan({
        states: [a, b],
        sequences: [sequence],
        body: ([s0, s1], [slice]) => ({ states: [s0, slice], outputs: [ops.multiply(s0, s1)] }),
      });
      return [...states, ...outputs];
    },
  ),
  'the same tensor as two states and several outputs': graphOf([[B], [T, B]], (start, sequence) => {
    const { states, outputs } = ops.scan({
      states: [start, start],
      sequences: [sequence, sequence],
      captures: [start],
      body: ([s0, s1], [x0, x1], [captured]) => {
        const next = ops.add(ops.multiply(ops.add(s0, s1), 0.5), ops.multiply(x0, captured));
        return { states: [next, next], outputs: [next, next, ops.subtract(x1, s1)] };
      },
    });
    return [...states, ...outputs];
  }),
  'a scan of a scan': graphOf([[B], [T, B]], (start, sequence) => {
    const running = ops.scan({
      states: [start],
      sequences: [sequence],
      body: ([s], [x]) => {
        const next = ops.add(ops.multiply(s, 0.5), x);
        return { states: [next], outputs: [next] };
      },
    });
    const back = ops.scan({
      states: running.states,
      sequences: running.outputs,
      reverse: true,
      body: ([s], [x]) => ({ states: [ops.tanh(ops.add(s, x))], outputs: [ops.subtract(x, s)] }),
    });
    return [...back.states, ...back.outputs];
  }),
  'a scan within a scan': graphOf([[B], [T, H, B]], (start, sequences) => {
    const { states, outputs } = ops.scan({
      states: [start],
      sequences: [sequences],
      body: ([outer], [sequence]) => {
        const inner = ops.scan({
          states: [outer],
          sequences: [sequence],
          body: ([s], [x]) => ({ states: [ops.tanh(ops.add(s, x))], outputs: [ops.multiply(s, x)] }),
        });
        return { states: inner.states, outputs: inner.outputs };
      },
    });
    return [...states, ...outputs];
  }),
};

/** One constant tensor, inside and outside bodies. */
export function sharedConstant(): Graph {
  const constant = ops.constant(Float32Array.of(0.5, 2), [B]);
  return graphOf([[B], [T, B]], (start, sequence) => {
    const body = ([s]: readonly Tensor[], [x]: readonly Tensor[]) => {
      const next = ops.add(ops.multiply(s, constant), x);
      return { states: [next], outputs: [ops.multiply(next, constant)] };
    };
    const once = ops.scan({ states: [start], sequences: [sequence], body });
    const twice = ops.scan({ states: once.states, sequences: once.outputs, body });
    return [ops.multiply(start, constant), ...twice.states, ...twice.outputs];
  });
}

/** A small LSTM with the gradients of everything it reads. */
export function lstmGraph(): Graph {
  const inputs = {
    x: ops.input('x', [T, B, 2]),
    inputWeight: ops.input('inputWeight', [4 * H, 2]),
    recurrentWeight: ops.input('recurrentWeight', [4 * H, H]),
    bias: ops.input('bias', [4 * H]),
    hidden: ops.input('hidden', [B, H]),
    cell: ops.input('cell', [B, H]),
  };
  const result = lstm(inputs.x, inputs, inputs);
  const loss = ops.add(
    ops.sum(ops.multiply(result.hidden, result.hidden)),
    ops.sum(ops.multiply(result.last.cell, result.last.hidden)),
  );
  const gradients = gradient(loss, Object.values(inputs));
  const named = Object.keys(inputs).map((name, i) => [`d_${name}`, gradients[i]] as const);
  return { inputs, outputs: { all: result.hidden, loss, ...Object.fromEntries(named) } };
}
