/**
 * Tensor expressions: an immutable graph of named operations with static shapes. It knows no music and
 * computes nothing; an engine runs it (see ../engine), and gradient.ts derives one graph from another.
 */

export type Shape = readonly number[];
export type ElementType = 'float32' | 'int32';

/** One output of a graph node. */
export interface Tensor {
  readonly node: GraphNode;
  /** Which of the node's outputs this is. */
  readonly index: number;
  readonly shape: Shape;
  readonly elementType: ElementType;
}

/** What a scan computes at every step, written over placeholders of op `input`. */
export interface ScanBody {
  readonly states: readonly Tensor[];
  readonly slices: readonly Tensor[];
  readonly captures: readonly Tensor[];
  readonly nextStates: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/**
 * The cotangents of a node's inputs, given those of its outputs (undefined where the loss does not depend on
 * one). `needed[i]` is false where nobody asks for input i: its entry may then be left undefined.
 */
export type GradientRule = (
  node: GraphNode,
  cotangents: readonly (Tensor | undefined)[],
  needed: readonly boolean[],
) => (Tensor | undefined)[];

/**
 * Every operation, with what it needs to know beside its inputs. Semantics are ONNX's unless said otherwise.
 */
export interface OpAttributes {
  input: { readonly name: string };
  /** `name` is what it is called in files, where that matters. */
  constant: { readonly data: Float32Array | Int32Array; readonly name?: string };
  add: object;
  subtract: object;
  multiply: object;
  divide: object;
  minimum: object;
  tanh: object;
  sigmoid: object;
  relu: object;
  /** 1 where x > 0, else 0: the derivative of relu. */
  positive: object;
  exp: object;
  sqrt: object;
  /** A·B, optionally with either transposed, plus an optional third input that broadcasts to (M, N). */
  matmul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** Sum over `axes`, which stay as size 1 if `keep`. */
  sum: { readonly axes: readonly number[]; readonly keep: boolean };
  reshape: object;
  /** Stretches dimensions of size 1, and adds leading ones, to the output's shape. */
  expand: object;
  concat: { readonly axis: number };
  slice: { readonly axis: number; readonly from: number; readonly to: number };
  split: { readonly axis: number; readonly sizes: readonly number[] };
  /** log(softmax(x)) over the last axis. */
  logSoftmax: object;
  /** int32 indices (…) to float32 (…, depth). */
  oneHot: { readonly depth: number };
  /**
   * A whole LSTM layer in one node, without a gradient: for playing, where an engine has a kernel of its own.
   * Inputs x (T, B, I), weights (4H, I), (4H, H) and (4H) as in lstm.ts, initial hidden and cell state (B,
   * H); outputs hidden state after every step (T, B, H), last hidden and last cell state (B, H).
   */
  lstmLayer: object;
  /**
   * Runs `body` T times over the leading axis of the sequences. Inputs: initial states, sequences, captures;
   * outputs: final states, then the body's outputs stacked (T, …). `reverse` walks and stacks from T−1 to 0.
   */
  scan: { readonly body: ScanBody; readonly reverse: boolean; readonly gradient?: GradientRule };
}

export type OpName = keyof OpAttributes;

export type NodeOf<K extends OpName> = {
  readonly op: K;
  readonly inputs: readonly Tensor[];
  readonly attributes: OpAttributes[K];
  readonly outputs: readonly Tensor[];
};

export type GraphNode = { [K in OpName]: NodeOf<K> }[OpName];

/** A complete program: what goes in by name, what comes out by name. */
export interface Graph {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** Makes a node with outputs of the given shapes. Use the functions of ops.ts, which infer and check them. */
export function createNode<K extends OpName>(
  op: K,
  inputs: readonly Tensor[],
  attributes: OpAttributes[K],
  shapes: readonly Shape[],
  elementType: ElementType = 'float32',
): readonly Tensor[] {
  const outputs: Tensor[] = [];
  const node = { op, inputs, attributes, outputs } as unknown as GraphNode;
  for (const shape of shapes) outputs.push({ node, index: outputs.length, shape, elementType });
  return outputs;
}

/** All nodes that `outputs` depend on, each after its inputs. Bodies of scans are not entered. */
export function topologicalOrder(outputs: Iterable<Tensor>): GraphNode[] {
  const order: GraphNode[] = [];
  const done = new Set<GraphNode>();
  // An explicit stack: unrolled graphs are deeper than the call stack allows.
  const stack: { node: GraphNode; next: number }[] = [];
  for (const output of outputs) {
    if (!done.has(output.node)) stack.push({ node: output.node, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (top.next < top.node.inputs.length) {
        const input = top.node.inputs[top.next++].node;
        if (!done.has(input)) stack.push({ node: input, next: 0 });
      } else {
        stack.pop();
        if (!done.has(top.node)) {
          done.add(top.node);
          order.push(top.node);
        }
      }
    }
  }
  return order;
}

/**
 * The outputs of every node that somebody reads, so that engines can leave out the others (a scan's saved
 * values).
 */
export function usedOutputs(order: readonly GraphNode[], outputs: Iterable<Tensor>): Set<Tensor> {
  const used = new Set<Tensor>(outputs);
  for (const node of order) for (const input of node.inputs) used.add(input);
  return used;
}
