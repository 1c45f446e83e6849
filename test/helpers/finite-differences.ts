import { expect } from 'vitest';
import { plainEngine } from '../../src/engine/plain/plain.js';
import { gradient } from '../../src/graph/gradient.js';
import type { Tensor } from '../../src/graph/tensor.js';
import { expectClose } from './tensors.js';

const STEP = 1e-5;

/**
 * Holds the gradient graph of a scalar loss against central differences, element by element, in double
 * precision. The differences' own error is about 1e-11 of the loss (rounding) plus 1e-11 of its third
 * derivative.
 *
 * @param values every input of the loss, with the point at which to differentiate
 */
export async function expectTrueGradients(
  loss: Tensor,
  values: ReadonlyMap<Tensor, Float64Array>,
): Promise<void> {
  const tensors = [...values.keys()];
  const name = (i: number) => `x${i}`;
  const inputs = Object.fromEntries(tensors.map((tensor, i) => [name(i), tensor]));
  const gradients = gradient(loss, tensors);
  gradients.forEach((g, i) => {
    expect(g.shape).toEqual(tensors[i].shape);
  });
  const engine = plainEngine('float64');
  const forward = await engine.compile({ inputs, outputs: { loss } });
  const backward = await engine.compile({
    inputs,
    outputs: Object.fromEntries(gradients.map((g, i) => [name(i), g])),
  });
  const feeds = Object.fromEntries(tensors.map((tensor, i) => [name(i), values.get(tensor)!.slice()]));
  const found = await backward.run(feeds);
  for (const [key, point] of Object.entries(feeds)) {
    const differences = new Float64Array(point.length);
    for (let i = 0; i < point.length; i++) {
      const held = point[i];
      const at = async (value: number) => {
        point[i] = value;
        return (await forward.run(feeds)).loss[0];
      };
      differences[i] = ((await at(held + STEP)) - (await at(held - STEP))) / (2 * STEP);
      point[i] = held;
    }
    expectClose(found[key], differences, 1e-6, `gradient of ${key}`, 1e-9);
  }
}
