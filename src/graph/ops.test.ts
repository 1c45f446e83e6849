import { describe, expect, it } from 'vitest';
import * as ops from './ops.js';
import type { Tensor } from './tensor.js';

const x = (...shape: number[]) => ops.input('x', shape);

describe('the operations', () => {
  const refused: Record<string, () => unknown> = {
    'a constant of the wrong size': () => ops.constant(new Float32Array(3), [2]),
    'operands that do not stretch to each other': () => ops.add(x(2, 3), x(2)),
    'products of matrices that do not fit': () => ops.matmul(x(2, 3), x(2, 3)),
    'products of transposed matrices that do not fit': () =>
      ops.matmul(x(2, 3), x(3, 2), { transposeA: true }),
    'products of anything but matrices': () => ops.matmul(x(2, 2, 2), x(2, 2)),
    'an addend larger than the product': () => ops.matmul(x(1, 2), x(2, 3), { addend: x(4, 3) }),
    'sums over an axis that is not there': () => ops.sum(x(2, 3), [2]),
    'reshaping to another size': () => ops.reshape(x(2, 3), [5]),
    'expanding what is not 1': () => ops.expand(x(2), [4]),
    'expanding to something smaller': () => ops.expand(x(2, 3), [3]),
    'joining parts that differ elsewhere': () => ops.concat([x(2, 3), x(3, 3)], 1),
    'an empty slice': () => ops.slice(x(3), 0, 1, 1),
    'a slice beyond the end': () => ops.slice(x(3), 0, 1, 4),
    'splits that do not add up': () => ops.split(x(5), 0, [2, 2]),
    'one-hot of a scalar': () => ops.oneHot(ops.input('i', [], 'int32'), 3),
    'scans over sequences of different lengths': () =>
      ops.scan({ states: [], sequences: [x(2), x(3)], body: () => ({ states: [], outputs: [] }) }),
    'scans that change the shape of a state': () =>
      ops.scan({
        states: [x(2)],
        sequences: [x(3, 4)],
        body: (_, slices) => ({ states: slices, outputs: [] }),
      }),
    'scans that lose a state': () =>
      ops.scan({ states: [x(2)], sequences: [x(3)], body: () => ({ states: [], outputs: [] }) }),
  };
  it.each(Object.entries(refused))('refuse %s', (_, make) => {
    expect(make).toThrow(/shapes do not fit/);
  });

  it('refuse one-hot of anything but integers', () => {
    expect(() => ops.oneHot(x(2), 3)).toThrow('indices must be int32');
  });

  it('infer shapes', () => {
    const shapes: [Tensor, number[]][] = [
      [ops.add(x(2, 1), x(3)), [2, 3]],
      [ops.multiply(2, x(2)), [2]],
      [ops.matmul(x(3, 2), x(4, 3), { transposeA: true, transposeB: true }), [2, 4]],
      [ops.linear(x(5, 2, 3), x(4, 3)), [5, 2, 4]],
      [ops.sum(x(2, 3)), []],
      [ops.sum(x(2, 3, 4), [0, 2]), [3]],
      [ops.sum(x(2, 3, 4), [0, 2], true), [1, 3, 1]],
      [ops.concat([x(2, 3), x(2, 1)], 1), [2, 4]],
      [ops.slice(x(2, 5), 1, 1, 4), [2, 3]],
      [ops.split(x(2, 5), 1, [2, 3])[1], [2, 3]],
      [ops.oneHot(ops.input('i', [2], 'int32'), 7), [2, 7]],
    ];
    for (const [tensor, shape] of shapes) expect(tensor.shape).toEqual(shape);
  });

  it('add no node where nothing changes', () => {
    const tensor = x(2, 3);
    expect(ops.reshape(tensor, [2, 3])).toBe(tensor);
    expect(ops.expand(tensor, [2, 3])).toBe(tensor);
    expect(ops.slice(tensor, 1, 0, 3)).toBe(tensor);
    expect(ops.concat([tensor], 0)).toBe(tensor);
    expect(ops.sum(tensor, [])).toBe(tensor);
  });
});
