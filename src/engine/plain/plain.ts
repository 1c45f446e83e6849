/**
 * The plain engine: runs graphs in ordinary TypeScript, without any runtime. In double precision it is the
 * oracle of the tests (finite differences need it); in single precision it can play a small model anywhere.
 */
import {
  type Graph,
  type GraphNode,
  sizeOf,
  type Tensor,
  topologicalOrder,
  usedOutputs,
} from '../../graph/tensor.js';
import type { Engine, Program, TensorData } from '../engine.js';
import { evaluate } from './evaluate.js';
import type { Allocate } from './kernels.js';
import type { Values } from './work.js';

/**
 * Computes once what depends on constants alone; gives what is left to do, and the constants that it needs.
 */
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
  evaluate([...fixed], used, values, allocate);
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
  const bound: Record<string, TensorData> = {};
  return {
    async bind(feeds) {
      Object.assign(bound, feeds);
    },
    async run(feeds, into = {}) {
      const values: Values = new Map(known);
      for (const [name, tensor] of Object.entries(graph.inputs)) {
        const feed = feeds[name] ?? bound[name];
        if (feed?.length !== sizeOf(tensor.shape)) {
          throw new Error(
            `input ${name}: expected ${sizeOf(tensor.shape)} elements, got ${feed?.length ?? 'none'}`,
          );
        }
        values.set(tensor, feed);
      }
      evaluate(order, used, values, allocate);
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

/**
 * An engine that needs nothing but this language. `precision` is that of every intermediate value.
 *
 * @example
 * import { plainEngine } from 'cadenza';
 * import { loadModel } from 'cadenza/node';
 *
 * const { model, parameters } = await loadModel('tutorial');
 * const program = await plainEngine().compile(model.predictionGraph(1, parameters));
 * const { logits } = await program.run({ window: new Float32Array(150 * 3) });
 * console.log(logits.length); // 128
 */
export function plainEngine(precision: 'float32' | 'float64' = 'float32'): Engine {
  const allocate: Allocate =
    precision === 'float64' ? (length) => new Float64Array(length) : (length) => new Float32Array(length);
  return { name: `plain-${precision}`, compile: async (graph) => plainProgram(graph, allocate) };
}
