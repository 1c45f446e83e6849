import { describe, expect, it } from 'vitest';
import { expectTrueGradients } from '../../../test/helpers/finite-differences.js';
import { expectClose, randomValues } from '../../../test/helpers/tensors.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { Random } from '../../random.js';
import { gradient } from '../gradient.js';
import * as ops from '../ops.js';
import { sizeOf, type Tensor } from '../tensor.js';
import { type LstmResult, lstm } from './lstm.js';

const [B, I, H] = [2, 3, 2];

/** A layer with inputs of its own for everything, and values for them. */
function layer(steps: number, withInitial: boolean) {
  const x = ops.input('x', [steps, B, I]);
  const weights = {
    inputWeight: ops.input('inputWeight', [4 * H, I]),
    recurrentWeight: ops.input('recurrentWeight', [4 * H, H]),
    bias: ops.input('bias', [4 * H]),
  };
  const initial = { hidden: ops.input('hidden', [B, H]), cell: ops.input('cell', [B, H]) };
  const inputs: Record<string, Tensor> = { x, ...weights, ...(withInitial ? initial : {}) };
  const random = new Random(3);
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [name, randomValues(random, sizeOf(tensor.shape))]),
  );
  return { inputs, values, result: lstm(x, weights, withInitial ? initial : undefined) };
}

/** The equations, one number at a time. */
function reference(values: Record<string, Float64Array>, steps: number) {
  const { x, inputWeight, recurrentWeight, bias } = values;
  const hidden = values.hidden?.slice() ?? new Float64Array(B * H);
  const cell = values.cell?.slice() ?? new Float64Array(B * H);
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  const all: number[] = [];
  for (let t = 0; t < steps; t++) {
    const previous = hidden.slice();
    for (let b = 0; b < B; b++) {
      for (let unit = 0; unit < H; unit++) {
        const gate = (number: number) => {
          const row = number * H + unit;
          let total = bias[row];
          for (let k = 0; k < I; k++) total += inputWeight[row * I + k] * x[(t * B + b) * I + k];
          for (let k = 0; k < H; k++) total += recurrentWeight[row * H + k] * previous[b * H + k];
          return total;
        };
        const at = b * H + unit;
        cell[at] = sigmoid(gate(1)) * cell[at] + sigmoid(gate(0)) * Math.tanh(gate(2));
        hidden[at] = sigmoid(gate(3)) * Math.tanh(cell[at]);
      }
    }
    all.push(...hidden);
  }
  return { all, hidden, cell };
}

describe('lstm', () => {
  const shapes = [
    { steps: 1, withInitial: false },
    { steps: 1, withInitial: true },
    { steps: 4, withInitial: false },
    { steps: 4, withInitial: true },
  ];

  it.each(shapes)('follows the equations: $steps steps, initial state $withInitial', async (shape) => {
    const { inputs, values, result } = layer(shape.steps, shape.withInitial);
    const outputs = { all: result.hidden, hidden: result.last.hidden, cell: result.last.cell };
    expect([outputs.all, outputs.hidden, outputs.cell].map((tensor) => tensor.shape)).toEqual([
      [shape.steps, B, H],
      [B, H],
      [B, H],
    ]);
    const program = await plainEngine('float64').compile({ inputs, outputs });
    const found = await program.run(values);
    const expected = reference(values, shape.steps);
    expectClose(found.all, expected.all, 1e-14, 'all hidden states');
    expectClose(found.hidden, expected.hidden, 1e-14, 'last hidden state');
    expectClose(found.cell, expected.cell, 1e-14, 'last cell');
  });

  /** Σ wᵢ·yᵢ with weights of 1, 2, 3, …, so that no two elements count alike. */
  const weighted = (y: Tensor) => {
    const size = sizeOf(y.shape);
    const weights = Float32Array.from({ length: size }, (_, i) => (i + 1) / size);
    return ops.sum(ops.multiply(y, ops.constant(weights, y.shape)));
  };
  const losses: Record<string, (result: LstmResult) => Tensor> = {
    'every hidden state': ({ hidden }) => weighted(hidden),
    'the last hidden state': ({ last }) => weighted(last.hidden),
    'the cell': ({ last }) => weighted(last.cell),
    'a hidden state in the middle': ({ hidden }) =>
      weighted(ops.slice(hidden, 0, Math.floor(hidden.shape[0] / 2), Math.floor(hidden.shape[0] / 2) + 1)),
    'all of them': ({ hidden, last }) =>
      ops.add(
        weighted(ops.multiply(hidden, hidden)),
        ops.multiply(weighted(last.cell), weighted(last.hidden)),
      ),
  };
  const cases = Object.entries(losses).flatMap(([of, loss]) =>
    shapes.map((shape) => ({ of, loss, ...shape })),
  );

  it.each(cases)(
    'has true gradients of $of: $steps steps, initial state $withInitial',
    async ({ loss, steps, withInitial }) => {
      const { inputs, values, result } = layer(steps, withInitial);
      const point = Object.entries(inputs).map(([name, tensor]) => [tensor, values[name]] as const);
      await expectTrueGradients(loss(result), new Map(point));
    },
  );

  it('has true gradients through two layers', async () => {
    const { inputs, values, result } = layer(3, false);
    const second = {
      inputWeight: ops.input('inputWeight2', [4 * H, H]),
      recurrentWeight: ops.input('recurrentWeight2', [4 * H, H]),
      bias: ops.input('bias2', [4 * H]),
    };
    const random = new Random(4);
    const point = new Map(Object.entries(inputs).map(([name, tensor]) => [tensor, values[name]]));
    for (const tensor of Object.values(second)) point.set(tensor, randomValues(random, sizeOf(tensor.shape)));
    await expectTrueGradients(weighted(lstm(result.hidden, second).last.hidden), point);
  });

  it('is differentiated with respect to some weights only', async () => {
    const { inputs, values, result } = layer(3, true);
    const loss = weighted(result.last.hidden);
    const names = Object.keys(inputs);
    const all = gradient(
      loss,
      names.map((name) => inputs[name]),
    );
    for (const [i, name] of names.entries()) {
      const [one] = gradient(loss, [inputs[name]]);
      const program = await plainEngine('float64').compile({ inputs, outputs: { one, all: all[i] } });
      const found = await program.run(values);
      expect(found.one, name).toEqual(found.all);
    }
  });
});

describe('a layer for playing', () => {
  it('is the layer for learning, without the gradient', async () => {
    const values = (length: number) => randomValues(new Random(length), length);
    const [x, inputWeight, recurrentWeight, bias] = [
      ops.input('x', [3, 2, 4]),
      ops.input('w', [20, 4]),
      ops.input('u', [20, 5]),
      ops.input('b', [20]),
    ];
    const outputs = Object.fromEntries(
      (['learning', 'playing'] as const).map((purpose) => [
        purpose,
        lstm(x, { inputWeight, recurrentWeight, bias }, undefined, purpose).hidden,
      ]),
    );
    const inputs = { x, w: inputWeight, u: recurrentWeight, b: bias };
    const program = await plainEngine('float64').compile({ inputs, outputs });
    const found = await program.run({ x: values(24), w: values(80), u: values(100), b: values(20) });
    expectClose(found.playing, found.learning, 1e-12);
    expect(() => gradient(ops.sum(outputs.playing), [x])).toThrow('lstmLayer cannot be differentiated');
  });
});
