/**
 * The arithmetic of the plain engine: one function an operation, written to be read, over row-major arrays.
 */
import { type Shape, sizeOf } from '../../graph/tensor.js';

export type Floats = Float32Array | Float64Array;
export type Allocate = (length: number) => Floats;

/** Distance in elements between neighbours along each axis; 0 where `shape` is stretched to `target`. */
function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = new Array<number>(target.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis + target.length - shape.length] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/** For every element of `target`, in order, the offset of the element of `shape` that stands there. */
function broadcastOffsets(shape: Shape, target: Shape): Uint32Array {
  const strides = broadcastStrides(shape, target);
  const offsets = new Uint32Array(sizeOf(target));
  const index = new Array<number>(target.length).fill(0);
  let offset = 0;
  for (let i = 0; i < offsets.length; i++) {
    offsets[i] = offset;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      index[axis]++;
      offset += strides[axis];
      if (index[axis] < target[axis]) break;
      offset -= strides[axis] * target[axis];
      index[axis] = 0;
    }
  }
  return offsets;
}

export function elementwise(
  a: Floats,
  aShape: Shape,
  b: Floats,
  bShape: Shape,
  out: Floats,
  shape: Shape,
  f: (x: number, y: number) => number,
): void {
  if (a.length === out.length && b.length === out.length) {
    for (let i = 0; i < out.length; i++) out[i] = f(a[i], b[i]);
  } else if (a.length === out.length && b.length === 1) {
    for (let i = 0; i < out.length; i++) out[i] = f(a[i], b[0]);
  } else {
    const ia = broadcastOffsets(aShape, shape);
    const ib = broadcastOffsets(bShape, shape);
    for (let i = 0; i < out.length; i++) out[i] = f(a[ia[i]], b[ib[i]]);
  }
}

export function expand(x: Floats, xShape: Shape, out: Floats, shape: Shape): void {
  if (x.length === 1) {
    out.fill(x[0]);
    return;
  }
  const offsets = broadcastOffsets(xShape, shape);
  for (let i = 0; i < out.length; i++) out[i] = x[offsets[i]];
}

/** Adds A·B to what stands in `out` (M, N). */
export function matmul(
  a: Floats,
  b: Floats,
  out: Floats,
  [m, k, n]: readonly [number, number, number],
  transposeA: boolean,
  transposeB: boolean,
): void {
  for (let row = 0; row < m; row++) {
    if (transposeB) {
      for (let column = 0; column < n; column++) {
        let total = 0;
        for (let i = 0; i < k; i++) total += a[transposeA ? i * m + row : row * k + i] * b[column * k + i];
        out[row * n + column] += total;
      }
    } else {
      for (let i = 0; i < k; i++) {
        const factor = a[transposeA ? i * m + row : row * k + i];
        for (let column = 0; column < n; column++) out[row * n + column] += factor * b[i * n + column];
      }
    }
  }
}

/** Adds every element of `x` to the place in `out` that its kept axes name. */
export function sum(x: Floats, xShape: Shape, out: Floats, axes: readonly number[]): void {
  const kept = xShape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
  const offsets = broadcastOffsets(kept, xShape);
  for (let i = 0; i < x.length; i++) out[offsets[i]] += x[i];
}

/**
 * Copies a part of an axis from one tensor to another: `count` entries, from `from` in `x` to `to` in `out`.
 */
export function copyAlong(
  axis: number,
  x: Floats,
  xShape: Shape,
  from: number,
  out: Floats,
  outShape: Shape,
  to: number,
  count: number,
): void {
  const inner = sizeOf(xShape.slice(axis + 1));
  const outer = sizeOf(xShape.slice(0, axis));
  for (let i = 0; i < outer; i++) {
    const source = (i * xShape[axis] + from) * inner;
    out.set(x.subarray(source, source + count * inner), (i * outShape[axis] + to) * inner);
  }
}

/** log(softmax) over rows of `width` elements, shifted by the row's maximum so that nothing overflows. */
export function logSoftmax(x: Floats, out: Floats, width: number): void {
  for (let row = 0; row < x.length; row += width) {
    let max = Number.NEGATIVE_INFINITY;
    for (let i = row; i < row + width; i++) max = Math.max(max, x[i]);
    let total = 0;
    for (let i = row; i < row + width; i++) total += Math.exp(x[i] - max);
    const shift = max + Math.log(total);
    for (let i = row; i < row + width; i++) out[i] = x[i] - shift;
  }
}

/** Sizes of an LSTM layer: T steps, B batch, I input features, H hidden size. */
export interface LstmSizes {
  readonly steps: number;
  readonly batch: number;
  readonly features: number;
  readonly hiddenSize: number;
}

/**
 * Gates i, f, g, o; `hidden` and `cell` (B, H) go from the initial to the last state, `every` (T, B, H) is
 * filled.
 */
export function lstmLayer(
  x: Floats,
  [inputWeight, recurrentWeight, bias]: readonly Floats[],
  { hidden, cell, every }: { hidden: Floats; cell: Floats; every: Floats },
  { steps, batch, features, hiddenSize }: LstmSizes,
): void {
  const gates = new Float64Array(batch * 4 * hiddenSize);
  for (let t = 0; t < steps; t++) {
    for (let b = 0; b < batch; b++) gates.set(bias, b * 4 * hiddenSize);
    const slice = x.subarray(t * batch * features, (t + 1) * batch * features);
    matmul(slice, inputWeight, gates, [batch, features, 4 * hiddenSize], false, true);
    matmul(hidden, recurrentWeight, gates, [batch, hiddenSize, 4 * hiddenSize], false, true);
    for (let n = 0; n < batch * hiddenSize; n++) {
      const row = Math.floor(n / hiddenSize) * 4 * hiddenSize + (n % hiddenSize);
      const [i, f, g, o] = [0, 1, 2, 3].map((gate) => gates[row + gate * hiddenSize]);
      cell[n] = sigmoid(f) * cell[n] + sigmoid(i) * Math.tanh(g);
      hidden[n] = sigmoid(o) * Math.tanh(cell[n]);
    }
    every.set(hidden, t * batch * hiddenSize);
  }
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
