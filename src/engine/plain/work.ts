import type { GraphNode, Tensor } from '../../graph/tensor.js';
import type { TensorData } from '../engine.js';
import type { Allocate, Floats } from './kernels.js';

export type Values = Map<Tensor, TensorData>;

/** A node at work: its inputs to read, its outputs to fill. */
export interface Work {
  readonly values: Values;
  /** Outputs that anybody needs. */
  readonly used: ReadonlySet<Tensor>;
  /** The elements of an input. */
  read(i: number): Floats;
  /** Room for an output, all zeros. */
  make(i?: number): Floats;
  /** Room for so many elements, all zeros. */
  readonly allocate: Allocate;
  /** Fills `values` with the outputs of every node of `order`. */
  evaluate(order: readonly GraphNode[], used: ReadonlySet<Tensor>, values: Values): void;
}
