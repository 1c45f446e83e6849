/** Turns a graph into an ONNX model. */
import {
  type Graph,
  type GraphNode,
  type OpName,
  type Tensor,
  topologicalOrder,
  usedOutputs,
} from '../../graph/tensor.js';
import { EMITTERS, type Emit, type Names } from './operations.js';
import {
  encodeOnnxModel,
  type OnnxElementType,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from './proto.js';

class Emitter implements Names {
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

  keep(tensor: OnnxTensor): void {
    this.initializers.push(tensor);
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
    // The compiler cannot see that the emitter is the one of this node.
    const emit = EMITTERS[node.op] as Emit<OpName>;
    return emit(node, { inputs, outputs, used }, this);
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
