import { describe, expect, it } from 'vitest';
import { expectTrueGradients } from '../../test/helpers/finite-differences.js';
import { randomValues } from '../../test/helpers/tensors.js';
import { plainEngine } from '../engine/plain/plain.js';
import { Random } from '../random.js';
import { gradient } from './gradient.js';
import * as ops from './ops.js';
import { type OpName, type Shape, sizeOf, type Tensor } from './tensor.js';

interface Case {
  readonly shapes: readonly Shape[];
  readonly y: (...x: Tensor[]) => Tensor;
  /** Draw only positive numbers. */
  readonly positive?: boolean;
}

/** The same operation on operands of equal shape, and stretched against each other in every way. */
function broadcasts(y: (a: Tensor, b: Tensor) => Tensor): Record<string, Case> {
  const pairs: Record<string, [Shape, Shape]> = {
    'equal shapes': [
      [2, 3],
      [2, 3],
    ],
    scalars: [[], []],
    'a scalar on the left': [[], [2, 3]],
    'a scalar on the right': [[2, 3], []],
    'a row': [[2, 3], [3]],
    'a row on the left': [[3], [2, 3]],
    'a column': [
      [2, 3],
      [2, 1],
    ],
    'a column against a row': [
      [2, 1],
      [1, 3],
    ],
    'a missing axis and a 1': [
      [2, 3, 2],
      [1, 2],
    ],
    'a 1 in the middle': [
      [2, 1, 3],
      [2, 2, 1],
    ],
  };
  return Object.fromEntries(Object.entries(pairs).map(([name, shapes]) => [name, { shapes, y }]));
}

const matrices = (options: ops.MatmulOptions, a: Shape, b: Shape): Case => ({
  shapes: [a, b],
  y: (x, w) => ops.matmul(x, w, options),
});

const withAddend = (shape: Shape): Case => ({
  shapes: [[2, 3], [3, 4], shape],
  y: (a, b, addend) => ops.matmul(a, b, { addend }),
});

const elementwise = (y: (x: Tensor) => Tensor, positive = false): Record<string, Case> => ({
  'a matrix': { shapes: [[2, 3]], y, positive },
  'a scalar': { shapes: [[]], y, positive },
});

type Differentiable = Exclude<
  OpName,
  'input' | 'constant' | 'positive' | 'minimum' | 'oneHot' | 'lstmLayer' | 'scan' // scan: lstm.test.ts
>;

const CASES: Record<Differentiable, Record<string, Case>> = {
  add: broadcasts(ops.add),
  subtract: broadcasts(ops.subtract),
  multiply: broadcasts(ops.multiply),
  divide: broadcasts(ops.divide),
  tanh: elementwise(ops.tanh),
  sigmoid: elementwise(ops.sigmoid),
  relu: elementwise(ops.relu),
  exp: elementwise(ops.exp),
  sqrt: elementwise(ops.sqrt, true),
  matmul: {
    A·B: matrices({}, [2, 3], [3, 4]),
    Aᵀ·B: matrices({ transposeA: true }, [3, 2], [3, 4]),
    A·Bᵀ: matrices({ transposeB: true }, [2, 3], [4, 3]),
    Aᵀ·Bᵀ: matrices({ transposeA: true, transposeB: true }, [3, 2], [4, 3]),
    'A·B + matrix': withAddend([2, 4]),
    'A·B + row': withAddend([4]),
    'A·B + (1, 4)': withAddend([1, 4]),
    'A·B + column': withAddend([2, 1]),
    'A·B + scalar': withAddend([]),
    'Aᵀ·Bᵀ + row': {
      shapes: [[3, 2], [4, 3], [4]],
      y: (a, b, addend) => ops.matmul(a, b, { transposeA: true, transposeB: true, addend }),
    },
    A·A: { shapes: [[3, 3]], y: (a) => ops.matmul(a, a) },
    'x·Wᵀ + b over leading axes': {
      shapes: [[2, 2, 3], [4, 3], [4]],
      y: (x, weight, bias) => ops.linear(x, weight, bias),
    },
  },
  sum: {
    everything: { shapes: [[2, 3]], y: (x) => ops.sum(x) },
    'the first axis': { shapes: [[2, 3, 2]], y: (x) => ops.sum(x, [0]) },
    'the last axis, kept': { shapes: [[2, 3, 2]], y: (x) => ops.sum(x, [2], true) },
    'two axes': { shapes: [[2, 3, 2]], y: (x) => ops.sum(x, [0, 2]) },
    'the mean of an axis': { shapes: [[2, 3]], y: (x) => ops.mean(x, [1]) },
    'the mean of everything': { shapes: [[2, 3]], y: (x) => ops.mean(x) },
  },
  reshape: { 'to another rank': { shapes: [[2, 6]], y: (x) => ops.reshape(x, [3, 2, 2]) } },
  expand: {
    'a scalar': { shapes: [[]], y: (x) => ops.expand(x, [2, 3]) },
    'a row': { shapes: [[3]], y: (x) => ops.expand(x, [2, 3]) },
    'a 1 in the middle': { shapes: [[2, 1, 2]], y: (x) => ops.expand(x, [2, 3, 2]) },
  },
  concat: {
    'the first axis': {
      shapes: [
        [2, 3],
        [1, 3],
      ],
      y: (a, b) => ops.concat([a, b], 0),
    },
    'the last axis, with a tensor twice': {
      shapes: [
        [2, 1],
        [2, 3],
      ],
      y: (a, b) => ops.concat([a, b, a], 1),
    },
    'one part': { shapes: [[2, 3]], y: (x) => ops.concat([x], 1) },
  },
  slice: {
    'the beginning': { shapes: [[4, 2]], y: (x) => ops.slice(x, 0, 0, 1) },
    'the middle': { shapes: [[2, 5]], y: (x) => ops.slice(x, 1, 1, 3) },
    'the end': { shapes: [[2, 4, 2]], y: (x) => ops.slice(x, 1, 2, 4) },
    everything: { shapes: [[2, 3]], y: (x) => ops.slice(x, 0, 0, 2) },
    'parts that overlap': {
      shapes: [[5]],
      y: (x) => ops.multiply(ops.slice(x, 0, 0, 4), ops.slice(x, 0, 1, 5)),
    },
  },
  split: {
    'all parts read': {
      shapes: [[2, 6]],
      y: (x) => {
        const [a, b, c] = ops.split(x, 1, [2, 1, 3]);
        return ops.add(ops.multiply(a, b), ops.sum(c));
      },
    },
    'a part in the middle read': { shapes: [[5, 2]], y: (x) => ops.split(x, 0, [1, 3, 1])[1] },
  },
  logSoftmax: {
    rows: { shapes: [[3, 4]], y: ops.logSoftmax },
    'one row': { shapes: [[4]], y: ops.logSoftmax },
    'cross-entropy': {
      shapes: [[3, 4]],
      y: (x) => {
        const labels = ops.constant(new Int32Array([2, 0, 3]), [3]);
        return ops.sum(ops.multiply(ops.oneHot(labels, 4), ops.logSoftmax(x)), [1]);
      },
    },
  },
};

const REUSE: Record<string, Case> = {
  'a tensor read twice by one node': { shapes: [[3]], y: (x) => ops.multiply(x, x) },
  'a tensor read by several nodes': {
    shapes: [[2, 2], [2]],
    y: (x, y) => ops.add(ops.multiply(ops.tanh(x), x), ops.matmul(x, x, { transposeA: true, addend: y })),
  },
  'a chain through a tensor used at both ends': {
    shapes: [[3]],
    y: (x) => {
      const once = ops.sigmoid(x);
      return ops.multiply(ops.exp(ops.add(once, x)), ops.subtract(once, x));
    },
  },
};

/**
 * A scalar that depends on every element of y with a weight of its own, so that no mixed-up element goes
 * unseen.
 */
function weightedSum(y: Tensor, random: Random): Tensor {
  const weights = ops.constant(Float32Array.from(randomValues(random, sizeOf(y.shape))), y.shape);
  return ops.sum(ops.multiply(y, weights));
}

function check({ shapes, y, positive }: Case): Promise<void> {
  const random = new Random(1);
  const inputs = shapes.map((shape, i) => ops.input(`x${i}`, shape));
  const values = inputs.map((x) => [x, randomValues(random, sizeOf(x.shape), positive)] as const);
  return expectTrueGradients(weightedSum(y(...inputs), random), new Map(values));
}

describe.each(Object.entries(CASES))('the gradient of %s', (_, cases) => {
  it.each(Object.entries(cases))('%s', (_, each) => check(each));
});

describe('gradient', () => {
  it.each(Object.entries(REUSE))('adds up over %s', (_, each) => check(each));

  it('is zero for a parameter that the loss does not depend on', async () => {
    const [x, unused] = [ops.input('x', [2]), ops.input('unused', [2, 3])];
    const [dx, dUnused] = gradient(ops.sum(ops.multiply(x, 3)), [x, unused]);
    const program = await plainEngine().compile({ inputs: { x }, outputs: { dx, dUnused } });
    expect(await program.run({ x: new Float32Array(2) })).toEqual({
      dx: Float32Array.of(3, 3),
      dUnused: new Float32Array(6),
    });
  });

  it('is taken with respect to tensors inside the graph, as if they were free', async () => {
    const x = ops.input('x', [2]);
    const inner = ops.multiply(x, 2);
    const [dInner, dx] = gradient(ops.sum(ops.multiply(inner, inner)), [inner, x]);
    const program = await plainEngine().compile({ inputs: { x }, outputs: { dInner, dx } });
    expect(await program.run({ x: Float32Array.of(1, -3) })).toEqual({
      dInner: Float32Array.of(4, -12),
      dx: Float32Array.of(8, -24),
    });
  });

  it('of the loss itself is one', async () => {
    const x = ops.input('x', []);
    const [dx] = gradient(x, [x]);
    const program = await plainEngine().compile({ inputs: {}, outputs: { dx } });
    expect(await program.run({})).toEqual({ dx: Float32Array.of(1) });
  });

  it('refuses a loss that is no scalar', () => {
    const x = ops.input('x', [2]);
    expect(() => gradient(x, [x])).toThrow('must be a scalar');
  });

  const blocked: Record<string, (x: Tensor) => Tensor> = {
    positive: ops.positive,
    minimum: (x) => ops.minimum(x, 1),
    scan: (x) =>
      ops.scan({
        states: [],
        sequences: [x],
        body: (_, [slice]) => ({ states: [], outputs: [ops.tanh(slice)] }),
      }).outputs[0],
  };
  it.each(Object.entries(blocked))('refuses to pass through %s', (name, y) => {
    const x = ops.input('x', [2]);
    expect(() => gradient(ops.sum(y(x)), [x])).toThrow(`${name} cannot be differentiated`);
    // Beside the way from the parameter to the loss it does no harm.
    const data = ops.input('data', [2]);
    expect(() => gradient(ops.sum(ops.multiply(x, y(data))), [x])).not.toThrow();
  });

  it('refuses to pass through oneHot, whose indices have no gradient', () => {
    const indices = ops.input('indices', [2], 'int32');
    expect(() => gradient(ops.sum(ops.oneHot(indices, 3)), [indices])).toThrow(
      'oneHot cannot be differentiated',
    );
  });
});
