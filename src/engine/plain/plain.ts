/**
 * The plain engine: runs graphs in ordinary TypeScript, without any runtime. In double precision it is the oracle of
 * the tests (finite differences need it); in single precision it can play a small model anywhere.
 */
import {
  type Graph,
  type GraphNode,
  type NodeOf,
  type ScanBody,
  sizeOf,
  type Tensor,
  topologicalOrder,
  usedOutputs,
} from '../../graph/tensor.js';
import type { Engine, Program, TensorData } from '../engine.js';
import type { Allocate, Floats } from './kernels.js';
import * as kernels from './kernels.js';

type Values = Map<Tensor, TensorData>;

const BINARY = {
  add: (x: number, y: number) => x + y,
  subtract: (x: number, y: number) => x - y,
  multiply: (x: number, y: number) => x * y,
  divide: (x: number, y: number) => x / y,
  minimum: Math.min,
};

const UNARY = {
  tanh: Math.tanh,
  sigmoid: kernels.sigmoid,
  relu: (x: number) => Math.max(x, 0),
  positive: (x: number) => (x > 0 ? 1 : 0),
  exp: Math.exp,
  sqrt: Math.sqrt,
};

class Evaluator {
  constructor(private readonly allocate: Allocate) {}

  /** Fills `values` with the outputs of every node of `order`. */
  run(order: readonly GraphNode[], used: ReadonlySet<Tensor>, values: Values): void {
    for (const node of order) {
      if (node.op === 'input') {
        if (!values.has(node.outputs[0])) throw new Error(`input ${node.attributes.name} was not fed`);
      } else {
        this.evaluate(node, used, values);
      }
    }
  }

  private evaluate(node: GraphNode, used: ReadonlySet<Tensor>, values: Values): void {
    const read = (i: number) => values.get(node.inputs[i]) as Floats;
    const make = (i = 0): Floats => {
      const data = this.allocate(sizeOf(node.outputs[i].shape));
      values.set(node.outputs[i], data);
      return data;
    };
    const [first, second] = node.inputs;
    switch (node.op) {
      case 'input':
        break;
      case 'constant':
        values.set(node.outputs[0], node.attributes.data);
        break;
      case 'add':
      case 'subtract':
      case 'multiply':
      case 'divide':
      case 'minimum':
        kernels.elementwise(
          read(0),
          first.shape,
          read(1),
          second.shape,
          make(),
          node.outputs[0].shape,
          BINARY[node.op],
        );
        break;
      case 'tanh':
      case 'sigmoid':
      case 'relu':
      case 'positive':
      case 'exp':
      case 'sqrt': {
        const [x, y, f] = [read(0), make(), UNARY[node.op]];
        for (let i = 0; i < x.length; i++) y[i] = f(x[i]);
        break;
      }
      case 'matmul': {
        const { transposeA, transposeB } = node.attributes;
        const out = make();
        const [m, n] = node.outputs[0].shape;
        if (node.inputs.length === 3) kernels.expand(read(2), node.inputs[2].shape, out, [m, n]);
        const k = first.shape[transposeA ? 0 : 1];
        kernels.matmul(read(0), read(1), out, [m, k, n], transposeA, transposeB);
        break;
      }
      case 'sum':
        kernels.sum(read(0), first.shape, make(), node.attributes.axes);
        break;
      case 'reshape':
        values.set(node.outputs[0], read(0));
        break;
      case 'expand':
        kernels.expand(read(0), first.shape, make(), node.outputs[0].shape);
        break;
      case 'concat': {
        const [out, { axis }] = [make(), node.attributes];
        let to = 0;
        for (const [i, { shape }] of node.inputs.entries()) {
          kernels.copyAlong(axis, read(i), shape, 0, out, node.outputs[0].shape, to, shape[axis]);
          to += shape[axis];
        }
        break;
      }
      case 'slice': {
        const { axis, from, to } = node.attributes;
        kernels.copyAlong(axis, read(0), first.shape, from, make(), node.outputs[0].shape, 0, to - from);
        break;
      }
      case 'split': {
        let from = 0;
        for (const [i, { shape }] of node.outputs.entries()) {
          const { axis } = node.attributes;
          kernels.copyAlong(axis, read(0), first.shape, from, make(i), shape, 0, shape[axis]);
          from += shape[axis];
        }
        break;
      }
      case 'logSoftmax':
        kernels.logSoftmax(read(0), make(), first.shape[first.shape.length - 1]);
        break;
      case 'oneHot': {
        const [indices, out, { depth }] = [read(0), make(), node.attributes];
        for (let i = 0; i < indices.length; i++) out[i * depth + indices[i]] = 1;
        break;
      }
      case 'lstmLayer': {
        const [steps, batch, features] = first.shape;
        const [every, hidden, cell] = [make(0), make(1), make(2)];
        hidden.set(read(4));
        cell.set(read(5));
        const sizes = { steps, batch, features, hiddenSize: node.outputs[1].shape[1] };
        kernels.lstmLayer(read(0), [1, 2, 3].map(read), { hidden, cell, every }, sizes);
        break;
      }
      case 'scan':
        this.scan(node, used, values);
        break;
    }
  }

  private scan(node: NodeOf<'scan'>, used: ReadonlySet<Tensor>, values: Values): void {
    const { body, reverse } = node.attributes;
    const stateCount = body.states.length;
    const steps = node.inputs[stateCount].shape[0];
    const stacked = body.outputs
      .map((output, i) => ({ output, target: node.outputs[stateCount + i] }))
      .filter(({ target }) => used.has(target));
    const results = [...body.nextStates, ...stacked.map(({ output }) => output)];
    const order = topologicalOrder(results);
    const usedInside = usedOutputs(order, results);
    for (const { target } of stacked) values.set(target, this.allocate(sizeOf(target.shape)));
    const data = node.inputs.map((tensor) => values.get(tensor) as TensorData);
    let states = data.slice(0, stateCount);
    for (let t = 0; t < steps; t++) {
      const step = reverse ? steps - 1 - t : t;
      const local = this.bind(body, states, data, step);
      this.run(order, usedInside, local);
      for (const { output, target } of stacked) {
        (values.get(target) as Floats).set(local.get(output) as Floats, step * sizeOf(output.shape));
      }
      states = body.nextStates.map((state) => local.get(state) as TensorData);
    }
    states.forEach((state, i) => {
      values.set(node.outputs[i], state);
    });
  }

  /** The placeholders of a scan's body, filled for one step. */
  private bind(
    body: ScanBody,
    states: readonly TensorData[],
    data: readonly TensorData[],
    step: number,
  ): Values {
    const local: Values = new Map();
    body.states.forEach((placeholder, i) => {
      local.set(placeholder, states[i]);
    });
    body.slices.forEach((placeholder, i) => {
      const size = sizeOf(placeholder.shape);
      local.set(placeholder, data[body.states.length + i].subarray(step * size, (step + 1) * size));
    });
    body.captures.forEach((placeholder, i) => {
      local.set(placeholder, data[body.states.length + body.slices.length + i]);
    });
    return local;
  }
}

/** Computes once what depends on constants alone; gives what is left to do, and the constants that it needs. */
function withoutConstants(
  everything: readonly GraphNode[],
  used: ReadonlySet<Tensor>,
  targets: readonly Tensor[],
  allocate: Allocate,
): { order: readonly GraphNode[]; known: Values } {
  const fixed = new Set<GraphNode>();
  for (const node of everything) {
    const depends = node.inputs.some((tensor) => !fixed.has(tensor.node));
    if (node.op !== 'input' && !depends) fixed.add(node);
  }
  const values: Values = new Map();
  new Evaluator(allocate).run([...fixed], used, values);
  const order = everything.filter((node) => !fixed.has(node));
  const needed = usedOutputs(order, targets);
  return { order, known: new Map([...values].filter(([tensor]) => needed.has(tensor))) };
}

function plainProgram(graph: Graph, allocate: Allocate): Program {
  const outputs = Object.entries(graph.outputs);
  const targets = outputs.map(([, tensor]) => tensor);
  const everything = topologicalOrder(targets);
  const used = usedOutputs(everything, targets);
  const { order, known } = withoutConstants(everything, used, targets, allocate);
  return {
    async run(feeds, into = {}) {
      const values: Values = new Map(known);
      for (const [name, tensor] of Object.entries(graph.inputs)) {
        const feed = feeds[name];
        if (feed?.length !== sizeOf(tensor.shape)) {
          throw new Error(
            `input ${name}: expected ${sizeOf(tensor.shape)} elements, got ${feed?.length ?? 'none'}`,
          );
        }
        values.set(tensor, feed);
      }
      new Evaluator(allocate).run(order, used, values);
      return Object.fromEntries(
        outputs.map(([name, tensor]) => {
          // A copy: what comes out must not change when a feed's buffer is reused.
          const target = into[name] ?? allocate(sizeOf(tensor.shape));
          target.set(values.get(tensor) as TensorData);
          return [name, target];
        }),
      );
    },
    async release() {},
  };
}

/** An engine that needs nothing but this language. `precision` is that of every intermediate value. */
export function plainEngine(precision: 'float32' | 'float64' = 'float32'): Engine {
  const allocate: Allocate =
    precision === 'float64' ? (length) => new Float64Array(length) : (length) => new Float32Array(length);
  return { name: `plain-${precision}`, compile: async (graph) => plainProgram(graph, allocate) };
}
