/**
 * An engine elsewhere: in a thread of Node or a worker of a page, reached by messages. Several of them
 * compute at the same time, and none blocks the caller. How messages travel is the caller's business.
 */
import type { Engine, Program, TensorData } from './engine.js';
import { loadOnnxModel, type OnnxModel, type OnnxRuntime, onnxModelOf } from './onnx/runtime.js';

/** What the other side is asked to do; every request has an answer of the same id. */
export type EngineRequest = { readonly id: number } & (
  | { readonly type: 'load'; readonly model: OnnxModel; readonly threads: number }
  | { readonly type: 'bind'; readonly program: number; readonly feeds: Record<string, TensorData> }
  | { readonly type: 'run'; readonly program: number; readonly feeds: Record<string, TensorData> }
  | { readonly type: 'release'; readonly program: number }
);

export type EngineAnswer = { readonly id: number } & (
  | { readonly results: Record<string, TensorData> }
  | { readonly error: string }
);

type Ask = EngineRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (results: Record<string, TensorData>) => void;
  readonly reject: (error: Error) => void;
}

/** This side of a remote engine. */
export class RemoteEngine implements Engine {
  readonly name = 'onnx-worker';
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  /** Why no answer will come any more. */
  private failure: Error | undefined;

  /**
   * @param send takes a request to the other side
   * @param threads how many threads share an operation there
   */
  constructor(
    private readonly send: (request: EngineRequest) => void,
    private readonly threads = 1,
  ) {}

  /** Whether answers are still to come. */
  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** Takes an answer of the other side. */
  receive(answer: EngineAnswer): void {
    const waiting = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.results);
  }

  /** No answer will come any more. */
  fail(error: Error): void {
    this.failure = error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }

  async compile(graph: Parameters<Engine['compile']>[0]): Promise<Program> {
    const loading = this.ask({ type: 'load', model: onnxModelOf(graph), threads: this.threads });
    const program = this.lastId; // a program goes by the id of the request that loaded it
    await loading;
    return {
      bind: async (feeds) => {
        await this.ask({ type: 'bind', program, feeds });
      },
      run: async (feeds, into = {}) => {
        const results = await this.ask({ type: 'run', program, feeds });
        return Object.fromEntries(
          Object.entries(results).map(([name, data]) => {
            into[name]?.set(data);
            return [name, into[name] ?? data];
          }),
        );
      },
      release: async () => {
        // Where the other side is gone, so is the program.
        if (this.failure === undefined) await this.ask({ type: 'release', program });
      },
    };
  }

  private ask(request: Ask): Promise<Record<string, TensorData>> {
    const id = ++this.lastId;
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ id, ...request });
    });
  }
}

/** An answer, and the buffers that may be handed over with it instead of being copied. */
export interface Reply {
  readonly answer: EngineAnswer;
  readonly transfer: ArrayBuffer[];
}

/** The other side: answers requests by means of a runtime. */
export function engineService(runtime: OnnxRuntime): (request: EngineRequest) => Promise<Reply> {
  const programs = new Map<number, Program>();
  const serve = async (request: EngineRequest): Promise<Record<string, TensorData>> => {
    const { id } = request;
    switch (request.type) {
      case 'load':
        programs.set(id, await loadOnnxModel(runtime, request.model, { threads: request.threads }));
        return {};
      case 'bind':
        await programs.get(request.program)!.bind(request.feeds);
        return {};
      case 'run':
        return programs.get(request.program)!.run(request.feeds);
      case 'release':
        await programs.get(request.program)?.release();
        programs.delete(request.program);
        return {};
    }
  };
  return async (request) => {
    const { id } = request;
    try {
      const results = await serve(request);
      return {
        answer: { id, results },
        transfer: Object.values(results).map(({ buffer }) => buffer as ArrayBuffer),
      };
    } catch (error) {
      return { answer: { id, error: (error as Error).message }, transfer: [] };
    }
  };
}
