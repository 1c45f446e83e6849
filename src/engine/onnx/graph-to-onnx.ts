/** Turns a graph into an ONNX model. */
import {
  type Graph,
  type GraphNode,
  type NodeOf,
  type OpName,
  type Tensor,
  topologicalOrder,
  usedOutputs,
} from '../../graph/tensor.js';
import {
  encodeOnnxModel,
  type OnnxElementType,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './proto.js';

/** Operations that are one ONNX operator of the same inputs, without attributes. */
const DIRECT: Partial<Record<OpName, string>> = {
  add: 'Add',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'Div',
  minimum: 'Min',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  relu: 'Relu',
  exp: 'Exp',
  sqrt: 'Sqrt',
};

class Emitter {
  private readonly names = new Map<Tensor, string>();
  private readonly shared = new Map<string, string>();
  private counter = 0;
  readonly initializers: OnnxTensor[] = [];

  fresh(): string {
    return `v${this.counter++}`;
  }

  name(tensor: Tensor): string {
    let name = this.names.get(tensor);
    if (name === undefined) {
      name = this.fresh();
      this.names.set(tensor, name);
    }
    return name;
  }

  bind(tensor: Tensor, name: string): void {
    this.names.set(tensor, name);
  }

  value(tensor: Tensor): OnnxValue {
    return { name: this.name(tensor), elementType: tensor.elementType, shape: tensor.shape };
  }

  /** A constant as an initializer; equal ones are shared. */
  initializer(elementType: OnnxElementType, shape: readonly number[], data: OnnxTensor['data']): string {
    const key = `${elementType} (${shape}) ${data}`;
    let name = this.shared.get(key);
    if (name === undefined) {
      name = this.fresh();
      this.shared.set(key, name);
      this.initializers.push({ name, elementType, shape, data });
    }
    return name;
  }

  /** A list of whole numbers, as operators take shapes and axes. */
  integers(values: readonly number[]): string {
    return this.initializer('int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** The nodes that compute `outputs`, in order. Constants become initializers of the outermost graph. */
  nodes(outputs: readonly Tensor[]): OnnxNode[] {
    const order = topologicalOrder(outputs);
    const used = usedOutputs(order, outputs);
    return order.flatMap((node) => this.emit(node, used));
  }

  private emit(node: GraphNode, used: ReadonlySet<Tensor>): OnnxNode[] {
    const inputs = node.inputs.map((tensor) => this.name(tensor));
    const outputs = node.outputs.map((tensor) => this.name(tensor));
    const direct = DIRECT[node.op];
    if (direct !== undefined) return [{ type: direct, inputs, outputs }];
    const { shape } = node.outputs[0];
    switch (node.op) {
      case 'input':
        return [];
      case 'constant': {
        const { elementType } = node.outputs[0];
        this.initializers.push({ name: outputs[0], elementType, shape, data: node.attributes.data });
        return [];
      }
      case 'positive': {
        const condition = this.fresh();
        return [
          {
            type: 'Greater',
            inputs: [inputs[0], this.initializer('float32', [], new Float32Array([0]))],
            outputs: [condition],
          },
          { type: 'Cast', inputs: [condition], outputs, attributes: { to: 1 } },
        ];
      }
      case 'matmul': {
        const { transposeA, transposeB } = node.attributes;
        return [
          {
            type: 'Gemm',
            inputs,
            outputs,
            attributes: { transA: Number(transposeA), transB: Number(transposeB) },
          },
        ];
      }
      case 'sum':
        return [
          {
            type: 'ReduceSum',
            inputs: [...inputs, this.integers(node.attributes.axes)],
            outputs,
            attributes: { keepdims: Number(node.attributes.keep) },
          },
        ];
      case 'reshape':
        return [{ type: 'Reshape', inputs: [...inputs, this.integers(shape)], outputs }];
      case 'expand':
        return [{ type: 'Expand', inputs: [...inputs, this.integers(shape)], outputs }];
      case 'concat':
        return [{ type: 'Concat', inputs, outputs, attributes: { axis: node.attributes.axis } }];
      case 'slice': {
        const { axis, from, to } = node.attributes;
        const bounds = [[from], [to], [axis]].map((value) => this.integers(value));
        return [{ type: 'Slice', inputs: [...inputs, ...bounds], outputs }];
      }
      case 'split':
        return [
          {
            type: 'Split',
            inputs: [...inputs, this.integers(node.attributes.sizes)],
            outputs,
            attributes: { axis: node.attributes.axis },
          },
        ];
      case 'logSoftmax':
        return [{ type: 'LogSoftmax', inputs, outputs, attributes: { axis: shape.length - 1 } }];
      case 'oneHot': {
        // The runtime has this operator only for depths of the indices' own type.
        const depth = this.initializer('int32', [1], new Int32Array([node.attributes.depth]));
        const values = this.initializer('float32', [2], new Float32Array([0, 1]));
        return [{ type: 'OneHot', inputs: [...inputs, depth, values], outputs, attributes: { axis: -1 } }];
      }
      case 'lstmLayer':
        return this.lstmLayer(node, inputs, outputs);
      case 'scan':
        return [this.scan(node, inputs, outputs, used)];
      default:
        throw new Error(`${node.op} has no ONNX form`);
    }
  }

  /** ONNX has a leading axis for directions, gates in the order i, o, f, g, and a second bias. */
  private lstmLayer(
    node: NodeOf<'lstmLayer'>,
    [x, inputWeight, recurrentWeight, bias, hidden, cell]: readonly string[],
    outputs: readonly string[],
  ): OnnxNode[] {
    const hiddenSize = node.outputs[1].shape[1];
    const nodes: OnnxNode[] = [];
    const add = (type: string, inputs: string[], attributes?: OnnxNode['attributes']): string => {
      const output = this.fresh();
      nodes.push({ type, inputs, outputs: [output], attributes });
      return output;
    };
    const first = this.integers([0]);
    const sizes = this.integers([hiddenSize, hiddenSize, hiddenSize, hiddenSize]);
    const reordered = (weight: string): string => {
      const gates = [this.fresh(), this.fresh(), this.fresh(), this.fresh()];
      nodes.push({ type: 'Split', inputs: [weight, sizes], outputs: gates, attributes: { axis: 0 } });
      const [i, f, g, o] = gates;
      return add('Concat', [i, o, f, g], { axis: 0 });
    };
    const secondBias = this.initializer('float32', [4 * hiddenSize], new Float32Array(4 * hiddenSize));
    const inputs = [
      x,
      add('Unsqueeze', [reordered(inputWeight), first]),
      add('Unsqueeze', [reordered(recurrentWeight), first]),
      add('Unsqueeze', [add('Concat', [reordered(bias), secondBias], { axis: 0 }), first]),
      '', // every sequence has all steps
      add('Unsqueeze', [hidden, first]),
      add('Unsqueeze', [cell, first]),
    ];
    const raw = [this.fresh(), this.fresh(), this.fresh()];
    nodes.push({ type: 'LSTM', inputs, outputs: raw, attributes: { hidden_size: hiddenSize } });
    const directions = [this.integers([1]), first, first];
    for (const [i, name] of raw.entries()) {
      nodes.push({ type: 'Squeeze', inputs: [name, directions[i]], outputs: [outputs[i]] });
    }
    return nodes;
  }

  private scan(
    node: NodeOf<'scan'>,
    inputs: readonly string[],
    outputs: readonly string[],
    used: ReadonlySet<Tensor>,
  ): OnnxNode {
    const { body, reverse } = node.attributes;
    const stateCount = body.states.length;
    const sequenceCount = body.slices.length;
    const kept = body.outputs.map((_, i) => i).filter((i) => used.has(node.outputs[stateCount + i]));
    // A body sees the names of the graph around it: what it captures needs no input of its own.
    body.captures.forEach((placeholder, i) => {
      this.bind(placeholder, inputs[stateCount + sequenceCount + i]);
    });
    const results = [...body.nextStates, ...kept.map((i) => body.outputs[i])];
    const nodes = this.nodes(results);
    // An output of a body must be a value of its own that it computes: anything else, also a second use, is copied.
    const own = new Set(nodes.flatMap((inner) => inner.outputs));
    const bodyOutputs = results.map((tensor) => {
      const value = this.value(tensor);
      if (own.delete(value.name)) return value;
      const copy = { ...value, name: this.fresh() };
      nodes.push({ type: 'Identity', inputs: [value.name], outputs: [copy.name] });
      return copy;
    });
    const direction = Number(reverse);
    const graph: OnnxGraph = {
      name: this.fresh(),
      nodes,
      initializers: [],
      inputs: [...body.states, ...body.slices].map((tensor) => this.value(tensor)),
      outputs: bodyOutputs,
    };
    return {
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
  }
}

/** The bytes of an ONNX model that computes `graph`, with its names for inputs and outputs. */
export function graphToOnnx(graph: Graph): Uint8Array {
  const emitter = new Emitter();
  const inputs = Object.entries(graph.inputs);
  for (const [name, tensor] of inputs) emitter.bind(tensor, name);
  const outputs = Object.entries(graph.outputs);
  const nodes = emitter.nodes(outputs.map(([, tensor]) => tensor));
  for (const [name, tensor] of outputs) {
    nodes.push({ type: 'Identity', inputs: [emitter.name(tensor)], outputs: [name] });
  }
  return encodeOnnxModel({
    name: 'cadenza',
    nodes,
    initializers: emitter.initializers,
    inputs: inputs.map(([, tensor]) => emitter.value(tensor)),
    outputs: outputs.map(([name, tensor]) => ({ ...emitter.value(tensor), name })),
  });
}
