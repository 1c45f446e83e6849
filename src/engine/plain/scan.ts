/** A scan in plain TypeScript: its body, step after step. */
import { type NodeOf, type ScanBody, sizeOf, topologicalOrder, usedOutputs } from '../../graph/tensor.js';
import type { TensorData } from '../engine.js';
import type { Floats } from './kernels.js';
import type { Values, Work } from './work.js';

export function runScan(node: NodeOf<'scan'>, { values, used, allocate, evaluate }: Work): void {
  const { body, reverse } = node.attributes;
  const stateCount = body.states.length;
  const steps = node.inputs[stateCount].shape[0];
  const stacked = body.outputs
    .map((output, i) => ({ output, target: node.outputs[stateCount + i] }))
    .filter(({ target }) => used.has(target));
  const results = [...body.nextStates, ...stacked.map(({ output }) => output)];
  const order = topologicalOrder(results);
  const usedInside = usedOutputs(order, results);
  for (const { target } of stacked) values.set(target, allocate(sizeOf(target.shape)));
  const data = node.inputs.map((tensor) => values.get(tensor) as TensorData);
  let states = data.slice(0, stateCount);
  for (let t = 0; t < steps; t++) {
    const step = reverse ? steps - 1 - t : t;
    const local = bind(body, states, data, step);
    evaluate(order, usedInside, local);
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
function bind(
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
