import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/helpers/tensors.js';
import { Random } from '../random.js';
import { type Initializer, initialize } from './initializers.js';

function initialized(shape: number[], initializer: Initializer, seed = 1): Float32Array {
  const out = new Float32Array(shape.reduce((size, n) => size * n, 1)).fill(Number.NaN);
  initialize(out, shape, initializer, new Random(seed));
  return out;
}

describe('initialize', () => {
  it.each(['glorotUniform', 'orthogonal'] as const)('%s is fixed by the seed', (initializer) => {
    expect(initialized([12, 5], initializer)).toEqual(initialized([12, 5], initializer));
    expect(initialized([12, 5], initializer, 2)).not.toEqual(initialized([12, 5], initializer));
  });

  it('orthogonal gives orthonormal columns, also of square and of large matrices', () => {
    for (const [rows, columns] of [
      [8, 2],
      [5, 5],
      [1, 1],
      [512, 128],
    ]) {
      const matrix = initialized([rows, columns], 'orthogonal');
      const products: number[] = [];
      const identity: number[] = [];
      for (let a = 0; a < columns; a++) {
        for (let b = 0; b <= a; b++) {
          let product = 0;
          for (let row = 0; row < rows; row++)
            product += matrix[row * columns + a] * matrix[row * columns + b];
          products.push(product);
          identity.push(a === b ? 1 : 0);
        }
      }
      expectClose(products, identity, 1e-6, `columns of (${rows}, ${columns})`);
    }
  });

  it('orthogonal favours no sign: every element is negative for about half of the seeds', () => {
    const negatives = new Float64Array(6);
    for (let seed = 0; seed < 400; seed++) {
      initialized([3, 2], 'orthogonal', seed).forEach((value, i) => {
        if (value < 0) negatives[i]++;
      });
    }
    for (const count of negatives) expect(Math.abs(count - 200)).toBeLessThan(50); // five standard deviations
  });

  it('orthogonal refuses a matrix wider than high', () => {
    expect(() => initialized([2, 3], 'orthogonal')).toThrow('wider than high');
  });

  it('glorotUniform fills ±√(6 / (in + out)) evenly', () => {
    const [rows, columns] = [256, 128];
    const limit = Math.sqrt(6 / (rows + columns));
    const values = initialized([rows, columns], 'glorotUniform');
    let [sum, squares] = [0, 0];
    for (const value of values) {
      if (!(Math.abs(value) <= limit)) expect.fail(`${value} is beyond ${limit}`);
      sum += value;
      squares += value * value;
    }
    const variance = limit ** 2 / 3;
    expect(Math.abs(sum / values.length)).toBeLessThan(5 * Math.sqrt(variance / values.length));
    expect(Math.abs(squares / values.length / variance - 1)).toBeLessThan(5 * Math.sqrt(0.8 / values.length));
    expect(Math.max(...values)).toBeGreaterThan(0.999 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.999 * limit);
  });

  it('forgetBias is 1 for the second quarter, the forget gates, and 0 elsewhere', () => {
    expect([...initialized([12], 'forgetBias')]).toEqual([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('zeros is zeros', () => {
    expect([...initialized([3], 'zeros')]).toEqual([0, 0, 0]);
  });
});
