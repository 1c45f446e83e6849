import { type GraphNode, type OpName, sizeOf, type Tensor } from '../../graph/tensor.js';
import type { Allocate, Floats } from './kernels.js';
import { OPERATIONS, type Operation } from './operations.js';
import type { Values, Work } from './work.js';

/** Fills `values` with the outputs of every node of `order`. */
export function evaluate(
  order: readonly GraphNode[],
  used: ReadonlySet<Tensor>,
  values: Values,
  allocate: Allocate,
): void {
  const within: Work['evaluate'] = (order, used, values) => evaluate(order, used, values, allocate);
  for (const node of order) {
    const read = (i: number) => values.get(node.inputs[i]) as Floats;
    const make = (i = 0): Floats => {
      const data = allocate(sizeOf(node.outputs[i].shape));
      values.set(node.outputs[i], data);
      return data;
    };
    // The compiler cannot see that the operation is the one of this node.
    const operation = OPERATIONS[node.op] as Operation<OpName>;
    operation(node, { values, used, read, make, allocate, evaluate: within });
  }
}
