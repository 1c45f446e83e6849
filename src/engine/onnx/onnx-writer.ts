/** Builds an ONNX model from graphs, and from operators that graphs do not have. */
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

/** The name of a value of the model, or a number: a float32 constant. */
export type Operand = string | number;

export class OnnxWriter implements Names {
  private readonly names = new Map<Tensor, string>();
  private readonly shared = new Map<string, string>();
  private counter = 0;
  private readonly all: OnnxNode[] = [];
  private readonly initializers: OnnxTensor[] = [];
  private readonly inputs: OnnxValue[] = [];
  private readonly outputs: OnnxValue[] = [];

  fresh(): string {
    return `v${this.counter++}`;
  }

  name(tensor: Tensor): string {
    let name = this.names.get(tensor);
    if (name === undefined) {
      const { node } = tensor;
      name = (node.op === 'constant' ? node.attributes.name : undefined) ?? this.fresh();
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

  integers(values: readonly number[]): string {
    return this.initializer('int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** A row of float32 constants. */
  floats(values: ArrayLike<number>): string {
    return this.initializer('float32', [values.length], Float32Array.from(values));
  }

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

  /** Something that goes into the model. */
  input(name: string, elementType: OnnxElementType, shape: readonly number[]): string {
    this.inputs.push({ name, elementType, shape });
    return name;
  }

  /** Something that comes out of the model: a value, under a name of its own. */
  output(name: string, value: string, elementType: OnnxElementType, shape: readonly number[]): void {
    this.all.push({ type: 'Identity', inputs: [value], outputs: [name] });
    this.outputs.push({ name, elementType, shape });
  }

  /** An operator of one output; gives its name. */
  add(type: string, inputs: readonly Operand[], attributes?: OnnxNode['attributes']): string {
    const output = this.fresh();
    const names = inputs.map((input) => (typeof input === 'string' ? input : this.scalar(input)));
    this.all.push({ type, inputs: names, outputs: [output], attributes });
    return output;
  }

  private scalar(value: number): string {
    return this.initializer('float32', [], Float32Array.of(value));
  }

  /**
   * Places a graph into the model.
   *
   * @param inputs the values that its inputs take, by name
   * @returns its outputs, by name
   */
  place(graph: Graph, inputs: Readonly<Record<string, string>>): Record<string, string> {
    for (const [name, tensor] of Object.entries(graph.inputs)) this.bind(tensor, inputs[name]);
    this.all.push(...this.nodes(Object.values(graph.outputs)));
    const outputs = Object.entries(graph.outputs);
    return Object.fromEntries(outputs.map(([name, tensor]) => [name, this.name(tensor)]));
  }

  /**
   * The bytes of the model.
   *
   * @param metadata what is said of it beside
   */
  encode(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const { all: nodes, initializers, inputs, outputs } = this;
    return encodeOnnxModel({ name: 'cadenza', nodes, initializers, inputs, outputs }, metadata);
  }
}
