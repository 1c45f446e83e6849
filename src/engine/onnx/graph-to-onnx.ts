/** Turns a graph into an ONNX model. */
import type { Graph } from '../../graph/tensor.js';
import { OnnxWriter } from './onnx-writer.js';

/** The bytes of an ONNX model that computes `graph`, with its names for inputs and outputs. */
export function graphToOnnx(graph: Graph): Uint8Array {
  const writer = new OnnxWriter();
  const inputs = Object.entries(graph.inputs).map(([name, { elementType, shape }]) => [
    name,
    writer.input(name, elementType, shape),
  ]);
  const values = writer.place(graph, Object.fromEntries(inputs));
  for (const [name, { elementType, shape }] of Object.entries(graph.outputs))
    writer.output(name, values[name], elementType, shape);
  return writer.encode();
}
