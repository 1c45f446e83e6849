/**
 * An optimiser as a value: what vectors it keeps of the parameters, and how a step moves them. P parameters,
 * their gradient and everything kept of them are flat (P) tensors.
 */
import type { Shape, Tensor } from '../tensor.js';

export interface Optimiser {
  readonly name: string;
  /** Names of the vectors (P) that it keeps from step to step; all are 0 at first. */
  readonly states: readonly string[];
  /** The numbers that update number `update` (1, 2, …) takes beside them, by name: always the same names. */
  scalars(learningRate: number, update: number): Readonly<Record<string, number>>;
  /**
   * The parameters and the states after a step, by name.
   *
   * @param vectors `parameters` and the states before it
   * @param shapes of the parameters, one after the other in the flat vectors
   */
  step(
    vectors: Readonly<Record<string, Tensor>>,
    gradient: Tensor,
    scalars: Readonly<Record<string, Tensor>>,
    shapes: readonly Shape[],
  ): Record<string, Tensor>;
}

/** The output that holds what a vector is after a step. */
export function afterStep(name: string): string {
  return `next${name[0].toUpperCase()}${name.slice(1)}`;
}
