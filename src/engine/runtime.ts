/** The fast engine: graphs run by ONNX Runtime, natively in Node and as WebAssembly in a browser. */
import type {
  InferenceSession,
  InferenceSessionFactory,
  Tensor as OrtTensor,
  TensorConstructor,
} from 'onnxruntime-common';
import type { Graph, Tensor } from '../graph/tensor.js';
import { sizeOf } from '../graph/tensor.js';
import type { Engine, Program } from './engine.js';
import { graphToOnnx } from './onnx.js';

/** The module `onnxruntime-node` or `onnxruntime-web`: whoever calls chooses, so this file needs neither. */
export interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

export interface OnnxEngineOptions {
  /** Threads that share one operation; by default the runtime's own choice. */
  readonly threads?: number;
}

class OnnxProgram implements Program {
  constructor(
    private readonly graph: Graph,
    private readonly session: InferenceSession,
    private readonly runtime: OnnxRuntime,
  ) {}

  async run(feeds: Parameters<Program['run']>[0], into: Record<string, Float32Array> = {}) {
    const ortFeeds: Record<string, OrtTensor> = {};
    for (const [name, tensor] of Object.entries(this.graph.inputs)) {
      const feed = feeds[name];
      if (feed?.length !== sizeOf(tensor.shape)) {
        throw new Error(
          `input ${name}: expected ${sizeOf(tensor.shape)} elements, got ${feed?.length ?? 'none'}`,
        );
      }
      ortFeeds[name] = this.wrap(tensor, feed as Float32Array | Int32Array);
    }
    const fetches: Record<string, OrtTensor | null> = {};
    for (const [name, tensor] of Object.entries(this.graph.outputs)) {
      fetches[name] = into[name] === undefined ? null : this.wrap(tensor, into[name]);
    }
    const results = await this.session.run(ortFeeds, fetches);
    return Object.fromEntries(
      // A given buffer is written in place, but comes back as another view of its memory.
      Object.entries(results).map(([name, tensor]) => [name, into[name] ?? (tensor.data as Float32Array)]),
    );
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private wrap(tensor: Tensor, data: Float32Array | Int32Array): OrtTensor {
    return data instanceof Int32Array
      ? new this.runtime.Tensor('int32', data, tensor.shape)
      : new this.runtime.Tensor('float32', data, tensor.shape);
  }
}

/** An engine over a given ONNX Runtime. */
export function onnxEngine(runtime: OnnxRuntime, options: OnnxEngineOptions = {}): Engine {
  return {
    name: 'onnx',
    async compile(graph) {
      const session = await runtime.InferenceSession.create(graphToOnnx(graph), {
        ...(options.threads !== undefined && { intraOpNumThreads: options.threads }),
        graphOptimizationLevel: 'all',
        // The runtime would tell about every optimisation it leaves out; only errors are anybody's business.
        logSeverityLevel: 3,
      });
      return new OnnxProgram(graph, session, runtime);
    },
  };
}
