import { describe, expect, it } from 'vitest';
import { plainEngine } from '../engine/plain/plain.js';
import * as ops from '../graph/ops.js';
import {
  flattenTensors,
  initialParameters,
  namedViews,
  type ParameterSpec,
  parameterCount,
  sliceWeights,
} from './parameters.js';

const SPECS: readonly ParameterSpec[] = [
  { name: 'a.weight', shape: [3, 2], initializer: 'glorotUniform' },
  { name: 'a.bias', shape: [3], initializer: 'zeros' },
  { name: 'b.weight', shape: [8, 2], initializer: 'orthogonal' },
  { name: 'b.bias', shape: [8], initializer: 'forgetBias' },
];
const COUNT = 6 + 3 + 16 + 8;

describe('parameters', () => {
  it('are counted', () => {
    expect(parameterCount(SPECS)).toBe(COUNT);
    expect(parameterCount([])).toBe(0);
  });

  it('are sliced from the flat vector one after the other, and joined again', async () => {
    const flat = ops.input('flat', [COUNT]);
    const weights = sliceWeights(flat, SPECS);
    expect(Object.entries(weights).map(([name, { shape }]) => [name, shape])).toEqual(
      SPECS.map(({ name, shape }) => [name, shape]),
    );
    const program = await plainEngine().compile({
      inputs: { flat },
      outputs: {
        joined: flattenTensors(SPECS.map(({ name }) => weights[name])),
        third: weights['b.weight'],
      },
    });
    const values = Float32Array.from({ length: COUNT }, (_, i) => i);
    const { joined, third } = await program.run({ flat: values });
    expect(joined).toEqual(values);
    expect(third).toEqual(values.subarray(9, 25));
    expect(namedViews(values, SPECS).get('b.weight')?.data).toEqual(third);
  });

  it('are seen by name without a copy', () => {
    const flat = new Float32Array(COUNT);
    const views = namedViews(flat, SPECS);
    expect([...views].map(([name, { shape }]) => [name, shape])).toEqual(
      SPECS.map(({ name, shape }) => [name, shape]),
    );
    views.get('a.bias')?.data.fill(7);
    expect([...flat.keys()].filter((i) => flat[i] === 7)).toEqual([6, 7, 8]);
  });

  it('begin as their initializers say, fixed by the seed', () => {
    const flat = initialParameters(SPECS, 3);
    expect(initialParameters(SPECS, 3)).toEqual(flat);
    expect(initialParameters(SPECS, 4)).not.toEqual(flat);
    const views = namedViews(flat, SPECS);
    expect([...(views.get('a.bias')?.data ?? [])]).toEqual([0, 0, 0]);
    expect([...(views.get('b.bias')?.data ?? [])]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(views.get('a.weight')?.data.some((value) => value !== 0)).toBe(true);
  });

  it('do not change when others are added', () => {
    const all = namedViews(initialParameters(SPECS, 3), SPECS);
    const one = namedViews(initialParameters([SPECS[2]], 3), [SPECS[2]]);
    expect(one.get('b.weight')).toEqual(all.get('b.weight'));
  });
});
