/** The fast engine: graphs run by ONNX Runtime, natively in Node and as WebAssembly in a browser. */
import type {
  Env,
  InferenceSession,
  InferenceSessionFactory,
  Tensor as OrtTensor,
  TensorConstructor,
} from 'onnxruntime-common';
import { type Graph, type Shape, sizeOf, type Tensor } from '../../graph/tensor.js';
import type { Engine, Program, TensorData } from '../engine.js';
import { graphToOnnx } from './graph-to-onnx.js';

/** The module `onnxruntime-node` or `onnxruntime-web`: whoever calls chooses, so this file needs neither. */
export interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
  readonly env: Env;
}

export interface OnnxEngineOptions {
  /**
   * Threads that share one operation; by default the runtime's own choice. A page has one set of threads for
   * all its programs, as many as the first program asks for, and more than one only where it is cross-origin
   * isolated.
   */
  readonly threads?: number;
  /** What is to run the operations, best first, by the runtime's names; its own choice by default. */
  readonly providers?: readonly string[];
}

/** The shapes of what goes in and comes out, by name: all that a program needs to know of its graph. */
export interface Signature {
  readonly inputs: Readonly<Record<string, Shape>>;
  readonly outputs: Readonly<Record<string, Shape>>;
}

/** A graph as it can be handed to another thread. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly signature: Signature;
}

export function onnxModelOf(graph: Graph): OnnxModel {
  const shapes = (tensors: Readonly<Record<string, Tensor>>) =>
    Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]));
  return {
    bytes: graphToOnnx(graph),
    signature: { inputs: shapes(graph.inputs), outputs: shapes(graph.outputs) },
  };
}

class OnnxProgram implements Program {
  private readonly bound: Record<string, TensorData> = {};

  constructor(
    private readonly signature: Signature,
    private readonly session: InferenceSession,
    private readonly runtime: OnnxRuntime,
  ) {}

  async bind(feeds: Record<string, TensorData>): Promise<void> {
    Object.assign(this.bound, feeds);
  }

  async run(feeds: Parameters<Program['run']>[0], into: Record<string, Float32Array> = {}) {
    const ortFeeds: Record<string, OrtTensor> = {};
    for (const [name, shape] of Object.entries(this.signature.inputs)) {
      const feed = feeds[name] ?? this.bound[name];
      if (feed?.length !== sizeOf(shape)) {
        throw new Error(`input ${name}: expected ${sizeOf(shape)} elements, got ${feed?.length ?? 'none'}`);
      }
      ortFeeds[name] = this.wrap(shape, feed as Float32Array | Int32Array);
    }
    const inPlace = isNative(this.runtime);
    const fetches: Record<string, OrtTensor | null> = {};
    for (const [name, shape] of Object.entries(this.signature.outputs)) {
      fetches[name] = inPlace && into[name] !== undefined ? this.wrap(shape, into[name]) : null;
    }
    const results = await this.session.run(ortFeeds, fetches);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => {
        const data = tensor.data as Float32Array;
        // A buffer written in place comes back as another view of its memory.
        if (!inPlace) into[name]?.set(data);
        return [name, into[name] ?? data];
      }),
    );
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private wrap(shape: Shape, data: Float32Array | Int32Array): OrtTensor {
    return data instanceof Int32Array
      ? new this.runtime.Tensor('int32', data, shape)
      : new this.runtime.Tensor('float32', data, shape);
  }
}

/** Makes a model ready to run. */
export async function loadOnnxModel(
  runtime: OnnxRuntime,
  { bytes, signature }: OnnxModel,
  options: OnnxEngineOptions = {},
): Promise<Program> {
  // As WebAssembly, the runtime shares its threads between sessions and takes no notice of a session's own
  // option.
  if (options.threads !== undefined && !isNative(runtime)) runtime.env.wasm.numThreads = options.threads;
  const session = await runtime.InferenceSession.create(bytes, {
    ...(options.threads !== undefined && { intraOpNumThreads: options.threads }),
    ...(options.providers && { executionProviders: options.providers }),
    graphOptimizationLevel: 'all',
    // Threads that wait for work by spinning would keep those of other programs from working.
    ...(isNative(runtime) && { extra: { session: { intra_op: { allow_spinning: '0' } } } }),
    // The runtime would tell about every optimisation it leaves out; only errors are anybody's business.
    logSeverityLevel: 3,
  });
  return new OnnxProgram(signature, session, runtime);
}

/**
 * Whether the runtime works on this language's own memory. WebAssembly's works on copies, also of output
 * buffers.
 */
function isNative({ env }: OnnxRuntime): boolean {
  return env.versions.node !== undefined;
}

/** An engine over a given ONNX Runtime. */
export function onnxEngine(runtime: OnnxRuntime, options: OnnxEngineOptions = {}): Engine {
  return { name: 'onnx', compile: (graph) => loadOnnxModel(runtime, onnxModelOf(graph), options) };
}
