/**
 * How a model is trained, as data for programs with gradients of their own: the graph from a batch and
 * weights to losses, with the number of rows left open. The file is a checkpoint like any other, so that the
 * weights to begin with are in it; the graph is in its metadata, as JSON in `training_graph`.
 */
import { encodeCheckpoint } from '../checkpoint/checkpoint.js';
import { CadenzaError } from '../errors.js';
import { type Graph, type Shape, type Tensor, topologicalOrder } from '../graph/tensor.js';
import type { Loaded } from '../kinds/kind.js';
import { EventLstm } from '../kinds/performance/network.js';
import { namedViews } from '../model/parameters.js';
import { REPRESENTATIONS } from '../representation/representations.js';

const FORMAT = 1;
const STEPS = 256;
/**
 * A prime that is no size of a model: with so many rows in the graph, a dimension that is a multiple of it is
 * one of rows. No numbers are ever laid out in these shapes.
 */
const ROWS = 1_000_003;

/** A dimension: so many, or so many times the rows. */
export type OpenDimension = number | { readonly rows: number };

/** One of the outputs of a node: the place of the node, and which of its outputs. */
export type Place = readonly [node: number, output: number];

export interface NodeData {
  readonly op: string;
  readonly inputs: readonly Place[];
  /** What the operation needs to know beside its inputs: see `OpAttributes`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Shapes of its outputs. */
  readonly shapes: readonly (readonly OpenDimension[])[];
}

/** A graph as JSON: nodes, each after its inputs, and what goes in and comes out by name. */
export interface GraphData {
  readonly format: number;
  /** T: events of a row. */
  readonly steps: number;
  readonly nodes: readonly NodeData[];
  readonly inputs: Readonly<Record<string, Place>>;
  readonly outputs: Readonly<Record<string, Place>>;
}

export interface TrainingGraphOptions {
  /** T: events that the gradient goes back; 256 by default. */
  readonly steps?: number;
  readonly license?: string;
  readonly credit?: string;
}

/**
 * The bytes of a safetensors file: the weights with PyTorch's names and shapes, and the graph of the losses.
 * Inputs of the graph are the batch and every weight by name; outputs the losses of every row (nats, Σ over
 * the events ÷ T), the states to carry on, and `heard`, what the heads hear of the last layer.
 *
 * @throws CadenzaError when it is no model of events
 *
 * @example
 * import { exportTrainingGraph } from 'cadenza';
 * import { loadModel } from 'cadenza/node';
 *
 * const bytes = exportTrainingGraph(await loadModel('maestro'), { steps: 128 });
 * console.log(bytes.length);
 */
export function exportTrainingGraph(
  { model, parameters }: Loaded,
  { steps = STEPS, ...about }: TrainingGraphOptions = {},
): Uint8Array<ArrayBuffer> {
  if (!(model instanceof EventLstm))
    throw new CadenzaError('only models of events are trained elsewhere; export a performance model');
  const { config } = model;
  const learner = new EventLstm(config, REPRESENTATIONS[config.representation], steps);
  const graph = graphData(learner.lossGraph(ROWS), steps);
  const tensors = namedViews(parameters, model.parameters);
  return encodeCheckpoint(
    { config, tensors, ...about },
    { notes: { training_graph: JSON.stringify(graph) } },
  );
}

function graphData({ inputs, outputs }: Graph, steps: number): GraphData {
  const order = topologicalOrder([...Object.values(inputs), ...Object.values(outputs)]);
  const places = new Map(order.map((node, place) => [node, place]));
  const placeOf = ({ node, index }: Tensor): Place => [places.get(node) ?? 0, index];
  const named = (tensors: Graph['inputs']) =>
    Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, placeOf(tensor)]));
  const nodes = order.map((node): NodeData => {
    if (node.op === 'scan') throw new Error('a loop is not data; models give their layers as one node');
    return {
      op: node.op,
      inputs: node.inputs.map(placeOf),
      attributes: node.op === 'constant' ? constantData(node.attributes.data) : attributesOf(node.attributes),
      shapes: node.outputs.map(({ shape }) => openShape(shape)),
    };
  });
  return { format: FORMAT, steps, nodes, inputs: named(inputs), outputs: named(outputs) };
}

/** Sizes of a split or a cut along the rows would be left as they are: no operation of a model does so. */
function attributesOf(attributes: object): Record<string, unknown> {
  if (JSON.stringify(attributes).includes(String(ROWS))) throw new Error('the rows are cut');
  return { ...attributes };
}

function constantData(data: Float32Array | Int32Array): Record<string, unknown> {
  return { type: data instanceof Int32Array ? 'int32' : 'float32', data: Array.from(data) };
}

function openShape(shape: Shape): OpenDimension[] {
  return shape.map((dimension) => (dimension % ROWS === 0 ? { rows: dimension / ROWS } : dimension));
}
