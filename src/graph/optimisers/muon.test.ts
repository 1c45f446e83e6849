import { describe, expect, it } from 'vitest';
import { expectClose, randomValues } from '../../../test/helpers/tensors.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { Random } from '../../random.js';
import * as ops from '../ops.js';
import type { Shape } from '../tensor.js';
import { adam, KERAS_ADAM } from './adam.js';
import { muon, orthogonalized } from './muon.js';
import { afterStep } from './optimiser.js';

type Matrix = number[][];
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
const transposed = (a: Matrix): Matrix => a[0].map((_, j) => a.map((row) => row[j]));
const rowsOf = (values: ArrayLike<number>, columns: number): Matrix =>
  Array.from({ length: values.length / columns }, (_, i) =>
    Array.from({ length: columns }, (_, j) => values[i * columns + j]),
  );

/** The iteration of the paper, on a wide matrix, in the simplest way. */
function iterated(matrix: Matrix): Matrix {
  const norm = Math.hypot(...matrix.flat());
  let x = matrix.map((row) => row.map((value) => value / (norm + 1e-7)));
  for (let i = 0; i < 5; i++) {
    const a = product(x, transposed(x));
    const squared = product(a, a);
    const b = a.map((row, r) => row.map((value, c) => -4.775 * value + 2.0315 * squared[r][c]));
    const moved = product(b, x);
    x = x.map((row, r) => row.map((value, c) => 3.4445 * value + moved[r][c]));
  }
  return x;
}

async function orthogonal(shape: Shape, values: Float64Array): Promise<Matrix> {
  const x = ops.input('x', shape);
  const program = await plainEngine('float64').compile({ inputs: { x }, outputs: { y: orthogonalized(x) } });
  return rowsOf((await program.run({ x: values })).y, shape[1]);
}

describe('orthogonalized', () => {
  it.each([
    [3, 5],
    [5, 3],
    [4, 4],
  ])('is the iteration of the paper, of %i by %i', async (rows, columns) => {
    const values = randomValues(new Random(rows), rows * columns);
    const found = await orthogonal([rows, columns], values);
    const matrix = rowsOf(values, columns);
    const expected = rows > columns ? transposed(iterated(transposed(matrix))) : iterated(matrix);
    expectClose(found.flat(), expected.flat(), 1e-6, 'values');
  });

  it('has rows of about length 1, at about right angles', async () => {
    const found = await orthogonal([4, 40], randomValues(new Random(2), 160));
    for (const [i, row] of product(found, transposed(found)).entries()) {
      for (const [j, value] of row.entries()) {
        if (i === j) expect(value).toBeGreaterThan(0.4);
        expect(Math.abs(value)).toBeLessThan(i === j ? 1.6 : 0.5);
      }
    }
  });
});

describe('muon', () => {
  /** A matrix (3, 4), a vector (2) and a matrix of one row, which is a vector too. */
  const SHAPES = [[3, 4], [2], [1, 3]];
  const P = 17;
  const input = (name: string) => ops.input(name, [P]);

  async function stepOf(optimiser: ReturnType<typeof muon>) {
    const vectors = Object.fromEntries(
      ['parameters', ...optimiser.states].map((name) => [name, input(name)]),
    );
    const names = Object.keys(optimiser.scalars(1, 1));
    const scalars = Object.fromEntries(names.map((name) => [name, ops.input(name, [])]));
    const gradient = input('gradient');
    const next = Object.entries(optimiser.step(vectors, gradient, scalars, SHAPES));
    return plainEngine('float64').compile({
      inputs: { ...vectors, ...scalars, gradient },
      outputs: Object.fromEntries(next.map(([name, tensor]) => [afterStep(name), tensor])),
    });
  }

  it('moves matrices along their orthogonalized momentum, and vectors as Adam does', async () => {
    const random = new Random(3);
    const values = () => randomValues(random, P);
    const rate = 0.01;
    const [ours, theirs] = [muon(), adam()];
    const program = await stepOf(ours);
    const [parameters, gradient, momentum] = [values(), values(), values()];
    const moments = { firstMoment: values().map(Math.abs), secondMoment: values().map(Math.abs) };
    const scalars = Object.fromEntries(
      Object.entries(ours.scalars(rate, 3)).map(([name, value]) => [name, Float64Array.of(value)]),
    );
    const next = await program.run({ parameters, gradient, momentum, ...moments, ...scalars });
    const byAdam = await (await stepOf(theirs)).run({ parameters, gradient, ...moments, ...scalars });
    expectClose(next.nextParameters.slice(12), byAdam.nextParameters.slice(12), 1e-7, 'vectors');
    expectClose(next.nextFirstMoment, byAdam.nextFirstMoment, 1e-7, 'first moment');
    const moved = momentum.map((value, i) => 0.95 * value + gradient[i]);
    expectClose(next.nextMomentum, moved, 1e-7, 'momentum');
    const ahead = moved.map((value, i) => gradient[i] + 0.95 * value).slice(0, 12);
    const direction = iterated(rowsOf(ahead, 4)).flat();
    const scale = rate * 0.2 * Math.sqrt(4);
    const expected = direction.map((value, i) => parameters[i] - scale * value);
    expectClose(next.nextParameters.slice(0, 12), expected, 1e-6, 'matrix');
    expect(ours.scalars(rate, 3)).toEqual({ ...adam(KERAS_ADAM).scalars(rate, 3), learningRate: rate });
  });
});
