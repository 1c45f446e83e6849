/** Keras' default initial values, for weights stored as PyTorch stores them: (out, in). */
import type { Shape } from '../graph/tensor.js';
import type { Random } from '../random.js';

/** `forgetBias`: a bias of 4H gates i, f, g, o, zero but for the forget gates' 1 (Jozefowicz et al. 2015). */
export type Initializer = 'glorotUniform' | 'orthogonal' | 'zeros' | 'forgetBias';

export function initialize(out: Float32Array, shape: Shape, initializer: Initializer, random: Random): void {
  switch (initializer) {
    case 'zeros':
      out.fill(0);
      break;
    case 'forgetBias':
      out.fill(0).fill(1, out.length / 4, out.length / 2);
      break;
    case 'glorotUniform': {
      const limit = Math.sqrt(6 / (shape[0] + shape[1])); // Glorot & Bengio 2010
      for (let i = 0; i < out.length; i++) out[i] = (2 * random.next() - 1) * limit;
      break;
    }
    case 'orthogonal':
      orthogonal(out, shape, random);
      break;
  }
}

/** Orthonormal columns (Saxe et al. 2014) of a matrix at least as high as it is wide, by Gram–Schmidt. */
function orthogonal(out: Float32Array, [rows, columns]: Shape, random: Random): void {
  if (rows < columns) throw new Error(`orthogonal: (${rows}, ${columns}) is wider than high`);
  const basis: Float64Array[] = [];
  while (basis.length < columns) {
    const vector = Float64Array.from({ length: rows }, () => random.normal());
    // Twice, because once leaves rounding errors of the size of the cancellation.
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const projection = vector.reduce((total, value, i) => total + value * other[i], 0);
        for (let i = 0; i < rows; i++) vector[i] -= projection * other[i];
      }
    }
    const norm = Math.hypot(...vector);
    basis.push(vector.map((value) => value / norm));
  }
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) out[row * columns + column] = basis[column][row];
  }
}
