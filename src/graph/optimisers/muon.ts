/**
 * Muon (Jordan et al. 2024): the momentum of a weight matrix is brought near the closest orthogonal matrix
 * before it is applied, so that all its directions move alike. Vectors, such as biases, are Adam's. Scaled as
 * Liu et al. (2025) do, to move weights about as far as Adam does late in a training; early on that is less,
 * and a larger learning rate suits.
 */
import * as ops from '../ops.js';
import { type Shape, sizeOf, type Tensor } from '../tensor.js';
import { type AdamOptions, adam, KERAS_ADAM } from './adam.js';
import type { Optimiser } from './optimiser.js';

/** How much of the momentum stays from step to step. */
const MOMENTUM = 0.95;
/**
 * Coefficients of the quintic iteration, chosen by its authors to be steep at 0; after five all singular
 * values are near 1.
 */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ITERATIONS = 5;
/** Root mean square of what Adam moves a weight by late in a training, for a learning rate of 1. */
const USUAL_MOVE = 0.2;

/** Keeps `momentum` beside Adam's moments; a step takes Adam's `stepSize` and the `learningRate`. */
export function muon(options: AdamOptions = KERAS_ADAM): Optimiser {
  const forVectors = adam(options);
  return {
    name: 'muon',
    states: ['momentum', ...forVectors.states],
    scalars: (learningRate, update) => ({
      ...forVectors.scalars(learningRate, update),
      learningRate,
    }),
    step({ momentum: before, ...vectors }, gradient, scalars, shapes) {
      const { parameters: byAdam, ...moments } = forVectors.step(vectors, gradient, scalars, shapes);
      const momentum = ops.add(ops.multiply(before, MOMENTUM), gradient);
      // Nesterov's: where the momentum is going.
      const ahead = ops.add(gradient, ops.multiply(momentum, MOMENTUM));
      let from = 0;
      const parts = shapes.map((shape) => {
        const to = from + sizeOf(shape);
        const part = (flat: Tensor) => ops.slice(flat, 0, from, to);
        const moved = isMatrix(shape)
          ? moveMatrix(part(vectors.parameters), part(ahead), shape, scalars.learningRate)
          : part(byAdam);
        from = to;
        return moved;
      });
      return { parameters: ops.concat(parts, 0), momentum, ...moments };
    },
  };
}

const isMatrix = (shape: Shape) => shape.length === 2 && Math.min(...shape) > 1;

function moveMatrix(weights: Tensor, direction: Tensor, shape: Shape, learningRate: Tensor): Tensor {
  const [rows, columns] = shape;
  const move = orthogonalized(ops.reshape(direction, shape));
  const scale = USUAL_MOVE * Math.sqrt(Math.max(rows, columns));
  const flat = ops.reshape(move, [rows * columns]);
  return ops.subtract(weights, ops.multiply(flat, ops.multiply(learningRate, scale)));
}

/**
 * A matrix (M, N) with its singular vectors, and all singular values near 1: a quintic Newton–Schulz
 * iteration.
 */
export function orthogonalized(matrix: Tensor): Tensor {
  const norm = ops.sqrt(ops.sum(ops.multiply(matrix, matrix)));
  let x = ops.divide(matrix, ops.add(norm, 1e-7));
  const isTall = matrix.shape[0] > matrix.shape[1];
  for (let i = 0; i < ITERATIONS; i++) {
    // On the smaller side: X·Xᵀ of a wide matrix, Xᵀ·X of a tall one.
    const square = ops.matmul(x, x, isTall ? { transposeA: true } : { transposeB: true });
    const polynomial = ops.add(ops.multiply(square, B), ops.multiply(ops.matmul(square, square), C));
    const own = ops.multiply(x, A);
    x = isTall ? ops.matmul(x, polynomial, { addend: own }) : ops.matmul(polynomial, x, { addend: own });
  }
  return x;
}
