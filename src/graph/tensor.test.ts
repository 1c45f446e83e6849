import { describe, expect, it } from 'vitest';
import * as ops from './ops.js';
import { topologicalOrder, usedOutputs } from './tensor.js';

describe('topologicalOrder', () => {
  it('lists each node once, after its inputs', () => {
    const x = ops.input('x', [2]);
    const [a, b] = [ops.tanh(x), ops.exp(x)];
    const y = ops.add(ops.multiply(a, b), ops.add(a, a));
    const order = topologicalOrder([y, b]);
    expect(order.map(({ op }) => op).sort()).toEqual(['add', 'add', 'exp', 'input', 'multiply', 'tanh']);
    for (const [i, node] of order.entries()) {
      for (const tensor of node.inputs) expect(order.indexOf(tensor.node)).toBeLessThan(i);
    }
  });

  it('walks graphs deeper than the call stack', () => {
    let y = ops.input('x', []);
    for (let i = 0; i < 100_000; i++) y = ops.tanh(y);
    expect(topologicalOrder([y])).toHaveLength(100_001);
  });
});

describe('usedOutputs', () => {
  it('knows which of a node’s outputs somebody reads', () => {
    const [a, b, c] = ops.split(ops.input('x', [3]), 0, [1, 1, 1]);
    const y = ops.tanh(a);
    const used = usedOutputs(topologicalOrder([y, c]), [y, c]);
    expect([a, b, c, y].map((tensor) => used.has(tensor))).toEqual([true, false, true, true]);
  });
});
