/** What each operation is in ONNX: a total table, so that one that is missing does not compile. */
import type { NodeOf, OpName, Tensor } from '../../graph/tensor.js';
import type { OnnxElementType, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './proto.js';

/** Names of what goes into a node and comes out, and which of it anybody needs. */
export interface Io {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly used: ReadonlySet<Tensor>;
}

/** Gives names to values, and keeps constants. */
export interface Names {
  /** A name that nothing has yet. */
  fresh(): string;
  bind(tensor: Tensor, name: string): void;
  value(tensor: Tensor): OnnxValue;
  /** A constant as an initializer; equal ones are shared. */
  initializer(elementType: OnnxElementType, shape: readonly number[], data: OnnxTensor['data']): string;
  /** Keeps a constant under a name that it has already. */
  keep(tensor: OnnxTensor): void;
  /** A list of whole numbers, as operators take shapes and axes. */
  integers(values: readonly number[]): string;
  /** The nodes that compute `outputs`, in order. Constants become initializers of the outermost graph. */
  nodes(outputs: readonly Tensor[]): OnnxNode[];
}

export type Emit<K extends OpName> = (node: NodeOf<K>, io: Io, names: Names) => OnnxNode[];

/** An operator of the same inputs, without attributes. */
const direct =
  <K extends OpName>(type: string): Emit<K> =>
  (_, { inputs, outputs }) => [{ type, inputs, outputs }];

/** To the shape of the output. */
const shaped =
  <K extends OpName>(type: string): Emit<K> =>
  (node, { inputs, outputs }, names) => [
    { type, inputs: [...inputs, names.integers(node.outputs[0].shape)], outputs },
  ];

/** ONNX has a leading axis for directions, gates in the order i, o, f, g, and a second bias. */
const lstmLayer: Emit<'lstmLayer'> = (node, { inputs: given, outputs }, names) => {
  const [x, inputWeight, recurrentWeight, bias, hidden, cell] = given;
  const hiddenSize = node.outputs[1].shape[1];
  const nodes: OnnxNode[] = [];
  const add = (type: string, inputs: string[], attributes?: OnnxNode['attributes']): string => {
    const output = names.fresh();
    nodes.push({ type, inputs, outputs: [output], attributes });
    return output;
  };
  const first = names.integers([0]);
  const sizes = names.integers([hiddenSize, hiddenSize, hiddenSize, hiddenSize]);
  const reordered = (weight: string): string => {
    const gates = [names.fresh(), names.fresh(), names.fresh(), names.fresh()];
    nodes.push({ type: 'Split', inputs: [weight, sizes], outputs: gates, attributes: { axis: 0 } });
    const [i, f, g, o] = gates;
    return add('Concat', [i, o, f, g], { axis: 0 });
  };
  const secondBias = names.initializer('float32', [4 * hiddenSize], new Float32Array(4 * hiddenSize));
  const inputs = [
    x,
    add('Unsqueeze', [reordered(inputWeight), first]),
    add('Unsqueeze', [reordered(recurrentWeight), first]),
    add('Unsqueeze', [add('Concat', [reordered(bias), secondBias], { axis: 0 }), first]),
    '', // every sequence has all steps
    add('Unsqueeze', [hidden, first]),
    add('Unsqueeze', [cell, first]),
  ];
  const raw = [names.fresh(), names.fresh(), names.fresh()];
  nodes.push({ type: 'LSTM', inputs, outputs: raw, attributes: { hidden_size: hiddenSize } });
  const directions = [names.integers([1]), first, first];
  for (const [i, name] of raw.entries()) {
    nodes.push({ type: 'Squeeze', inputs: [name, directions[i]], outputs: [outputs[i]] });
  }
  return nodes;
};

const scan: Emit<'scan'> = (node, { inputs, outputs, used }, names) => {
  const { body, reverse } = node.attributes;
  const stateCount = body.states.length;
  const sequenceCount = body.slices.length;
  const kept = body.outputs.map((_, i) => i).filter((i) => used.has(node.outputs[stateCount + i]));
  // A body sees the names of the graph around it: what it captures needs no input of its own.
  body.captures.forEach((placeholder, i) => {
    names.bind(placeholder, inputs[stateCount + sequenceCount + i]);
  });
  const results = [...body.nextStates, ...kept.map((i) => body.outputs[i])];
  const nodes = names.nodes(results);
  // An output of a body must be a value of its own that it computes: anything else, also a second use, is
  // copied.
  const own = new Set(nodes.flatMap((inner) => inner.outputs));
  const bodyOutputs = results.map((tensor) => {
    const value = names.value(tensor);
    if (own.delete(value.name)) return value;
    const copy = { ...value, name: names.fresh() };
    nodes.push({ type: 'Identity', inputs: [value.name], outputs: [copy.name] });
    return copy;
  });
  const direction = Number(reverse);
  const graph: OnnxGraph = {
    name: names.fresh(),
    nodes,
    initializers: [],
    inputs: [...body.states, ...body.slices].map((tensor) => names.value(tensor)),
    outputs: bodyOutputs,
  };
  const emitted: OnnxNode = {
    type: 'Scan',
    inputs: inputs.slice(0, stateCount + sequenceCount),
    outputs: [...outputs.slice(0, stateCount), ...kept.map((i) => outputs[stateCount + i])],
    attributes: {
      body: graph,
      num_scan_inputs: sequenceCount,
      scan_input_directions: body.slices.map(() => direction),
      scan_output_directions: kept.map(() => direction),
    },
  };
  return [emitted];
};

export const EMITTERS: { readonly [K in OpName]: Emit<K> } = {
  input: () => [],
  constant(node, { outputs: [name] }, names) {
    const [{ elementType, shape }] = node.outputs;
    names.keep({ name, elementType, shape, data: node.attributes.data });
    return [];
  },
  add: direct('Add'),
  subtract: direct('Sub'),
  multiply: direct('Mul'),
  divide: direct('Div'),
  minimum: direct('Min'),
  tanh: direct('Tanh'),
  sigmoid: direct('Sigmoid'),
  relu: direct('Relu'),
  exp: direct('Exp'),
  sqrt: direct('Sqrt'),
  positive(_, { inputs, outputs }, names) {
    const condition = names.fresh();
    const zero = names.initializer('float32', [], new Float32Array([0]));
    return [
      { type: 'Greater', inputs: [inputs[0], zero], outputs: [condition] },
      { type: 'Cast', inputs: [condition], outputs, attributes: { to: 1 } },
    ];
  },
  matmul({ attributes: { transposeA, transposeB } }, { inputs, outputs }) {
    const attributes = { transA: Number(transposeA), transB: Number(transposeB) };
    return [{ type: 'Gemm', inputs, outputs, attributes }];
  },
  sum({ attributes: { axes, keep } }, { inputs, outputs }, names) {
    const attributes = { keepdims: Number(keep) };
    return [{ type: 'ReduceSum', inputs: [...inputs, names.integers(axes)], outputs, attributes }];
  },
  reshape: shaped('Reshape'),
  expand: shaped('Expand'),
  concat: ({ attributes: { axis } }, { inputs, outputs }) => [
    { type: 'Concat', inputs, outputs, attributes: { axis } },
  ],
  slice({ attributes: { axis, from, to } }, { inputs, outputs }, names) {
    const bounds = [[from], [to], [axis]].map((value) => names.integers(value));
    return [{ type: 'Slice', inputs: [...inputs, ...bounds], outputs }];
  },
  split: ({ attributes: { axis, sizes } }, { inputs, outputs }, names) => [
    { type: 'Split', inputs: [...inputs, names.integers(sizes)], outputs, attributes: { axis } },
  ],
  logSoftmax: (node, { inputs, outputs }) => [
    { type: 'LogSoftmax', inputs, outputs, attributes: { axis: node.outputs[0].shape.length - 1 } },
  ],
  oneHot({ attributes }, { inputs, outputs }, names) {
    // The runtime has this operator only for depths of the indices' own type.
    const depth = names.initializer('int32', [1], new Int32Array([attributes.depth]));
    const values = names.initializer('float32', [2], new Float32Array([0, 1]));
    return [{ type: 'OneHot', inputs: [...inputs, depth, values], outputs, attributes: { axis: -1 } }];
  },
  lstmLayer,
  scan,
};
