/** An engine in a thread of its own: several of them compute at the same time, and none blocks the caller. */
import { Worker } from 'node:worker_threads';
import type { Engine, Program, TensorData } from '../engine/engine.js';
import { type OnnxModel, onnxModelOf } from '../engine/runtime.js';

/** What the thread is asked to do; every request has an answer of the same id. */
export type WorkerRequest = { readonly id: number } & (
  | { readonly type: 'load'; readonly model: OnnxModel; readonly threads: number }
  | { readonly type: 'run'; readonly program: number; readonly feeds: Record<string, TensorData> }
  | { readonly type: 'release'; readonly program: number }
);

export type WorkerAnswer = { readonly id: number } & (
  | { readonly results: Record<string, TensorData> }
  | { readonly error: string }
);

export interface WorkerEngine extends Engine {
  /** Ends the thread, and with it all programs. */
  close(): Promise<void>;
}

type Request = WorkerRequest extends infer R ? (R extends unknown ? Omit<R, 'id'> : never) : never;

class Thread {
  private readonly worker = new Worker(new URL('./worker-engine-thread.js', import.meta.url));
  private readonly waiting = new Map<
    number,
    { resolve: (results: Record<string, TensorData>) => void; reject: (error: Error) => void }
  >();
  private lastId = 0;

  constructor() {
    this.worker.unref(); // a forgotten engine must not keep the process alive
    this.worker.on('message', (answer: WorkerAnswer) => {
      const { resolve, reject } = this.waiting.get(answer.id)!;
      this.waiting.delete(answer.id);
      if (this.waiting.size === 0) this.worker.unref();
      if ('error' in answer) reject(new Error(answer.error));
      else resolve(answer.results);
    });
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new Error('the engine was closed')));
  }

  ask(request: Request): Promise<Record<string, TensorData>> {
    const id = ++this.lastId;
    this.worker.ref();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, ...request });
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  get latest(): number {
    return this.lastId;
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** Starts a thread with ONNX Runtime in it, which uses `threads` threads for an operation. */
export function createWorkerEngine({ threads = 1 }: { readonly threads?: number } = {}): WorkerEngine {
  const thread = new Thread();
  return {
    name: 'onnx-worker',
    async compile(graph): Promise<Program> {
      const loading = thread.ask({ type: 'load', model: onnxModelOf(graph), threads });
      const program = thread.latest; // a program goes by the id of the request that loaded it
      await loading;
      return {
        async run(feeds, into = {}) {
          const results = await thread.ask({ type: 'run', program, feeds });
          return Object.fromEntries(
            Object.entries(results).map(([name, data]) => {
              into[name]?.set(data);
              return [name, into[name] ?? data];
            }),
          );
        },
        async release() {
          await thread.ask({ type: 'release', program });
        },
      };
    },
    close: () => thread.close(),
  };
}
