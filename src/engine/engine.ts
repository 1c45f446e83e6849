/**
 * What runs a graph. Engines are interchangeable: test/contract/engine.test.ts holds them to the same
 * answers.
 */
import type { Graph } from '../graph/tensor.js';

/** Numbers of a tensor that is fed or comes out, row-major. */
export type TensorData = Float32Array | Float64Array | Int32Array;

/** A graph made ready to run, many times. */
export interface Program {
  /**
   * Keeps inputs where the program runs, such as the parameters of a model: until they are bound anew, runs
   * need not be fed them. What was bound must not be changed in the meantime.
   */
  bind(feeds: Record<string, TensorData>): Promise<void>;
  /**
   * Runs once. `feeds` has the elements of every input, by name, in row-major order; the answer has those of
   * every output. An output buffer given in `into` is written and returned instead of a new one; it must not
   * also be fed. Throws if a feed is neither given nor bound, or of the wrong length.
   */
  run(
    feeds: Record<string, TensorData>,
    into?: Record<string, Float32Array>,
  ): Promise<Record<string, TensorData>>;
  /** Gives the memory back; the program cannot be run again. */
  release(): Promise<void>;
}

/** Compiles graphs and runs them: ONNX Runtime, native or WebAssembly, or plain TypeScript. */
export interface Engine {
  readonly name: string;
  compile(graph: Graph): Promise<Program>;
}
