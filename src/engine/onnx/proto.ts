/**
 * The part of the ONNX file format that graphs need, written with protobuf's wire format.
 * Field numbers: onnx/onnx.proto of the ONNX specification.
 */
import { BinaryWriter } from '@bufbuild/protobuf/wire';

export type OnnxElementType = 'float32' | 'int32' | 'int64' | 'float64';

/** TensorProto.DataType */
const DATA_TYPE: Record<OnnxElementType, number> = { float32: 1, int32: 6, int64: 7, float64: 11 };

export interface OnnxValue {
  readonly name: string;
  readonly elementType: OnnxElementType;
  readonly shape: readonly number[];
}

export interface OnnxTensor extends OnnxValue {
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array;
}

export type OnnxAttribute = number | string | readonly number[] | OnnxGraph;

export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/**
 * Version of the operator set whose semantics the graphs rely on, and the oldest file version that allows it.
 */
export const OPSET = 18;
const IR_VERSION = 8;

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPE = { int: 2, string: 3, graph: 5, ints: 7 };

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, 2).fork();
  write();
  writer.join();
}

function writeValue(writer: BinaryWriter, { name, elementType, shape }: OnnxValue): void {
  writer.tag(1, 2).string(name);
  message(writer, 2, () => {
    message(writer, 1, () => {
      writer.tag(1, 0).int32(DATA_TYPE[elementType]);
      message(writer, 2, () => {
        for (const dimension of shape) message(writer, 1, () => writer.tag(1, 0).int64(dimension));
      });
    });
  });
}

function writeTensor(writer: BinaryWriter, { name, elementType, shape, data }: OnnxTensor): void {
  for (const dimension of shape) writer.tag(1, 0).int64(dimension);
  writer.tag(2, 0).int32(DATA_TYPE[elementType]);
  writer.tag(8, 2).string(name);
  writer.tag(9, 2).bytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function isGraph(value: OnnxAttribute): value is OnnxGraph {
  return typeof value === 'object' && 'nodes' in value;
}

function writeAttribute(writer: BinaryWriter, name: string, value: OnnxAttribute): void {
  writer.tag(1, 2).string(name);
  if (typeof value === 'number') {
    writer.tag(3, 0).int64(value).tag(20, 0).int32(ATTRIBUTE_TYPE.int);
  } else if (typeof value === 'string') {
    writer.tag(4, 2).string(value).tag(20, 0).int32(ATTRIBUTE_TYPE.string);
  } else if (isGraph(value)) {
    message(writer, 6, () => writeGraph(writer, value));
    writer.tag(20, 0).int32(ATTRIBUTE_TYPE.graph);
  } else {
    for (const item of value) writer.tag(8, 0).int64(item);
    writer.tag(20, 0).int32(ATTRIBUTE_TYPE.ints);
  }
}

function writeNode(writer: BinaryWriter, node: OnnxNode): void {
  for (const name of node.inputs) writer.tag(1, 2).string(name);
  for (const name of node.outputs) writer.tag(2, 2).string(name);
  writer.tag(4, 2).string(node.type);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    message(writer, 5, () => writeAttribute(writer, name, value));
  }
}

function writeGraph(writer: BinaryWriter, graph: OnnxGraph): void {
  for (const node of graph.nodes) message(writer, 1, () => writeNode(writer, node));
  writer.tag(2, 2).string(graph.name);
  for (const tensor of graph.initializers) message(writer, 5, () => writeTensor(writer, tensor));
  for (const value of graph.inputs) message(writer, 11, () => writeValue(writer, value));
  for (const value of graph.outputs) message(writer, 12, () => writeValue(writer, value));
}

/**
 * The bytes of a `.onnx` file. Little-endian hosts only, as is everything that runs this language today.
 *
 * @param metadata texts that the file holds beside the graph, by name
 */
export function encodeOnnxModel(
  graph: OnnxGraph,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, 0).int64(IR_VERSION);
  writer.tag(2, 2).string('cadenza');
  message(writer, 7, () => writeGraph(writer, graph));
  message(writer, 8, () => writer.tag(1, 2).string('').tag(2, 0).int64(OPSET));
  for (const [name, text] of Object.entries(metadata))
    message(writer, 14, () => writer.tag(1, 2).string(name).tag(2, 2).string(text));
  return writer.finish();
}
