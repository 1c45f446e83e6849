/** An engine in a thread of its own: several of them compute at the same time, and none blocks the caller. */
import { Worker } from 'node:worker_threads';
import type { Engine } from '../../engine/engine.js';
import { type EngineAnswer, RemoteEngine } from '../../engine/remote.js';

/** An engine in a thread of its own. */
export interface WorkerEngine extends Engine {
  /** Ends the thread, and with it all programs. */
  close(): Promise<void>;
}

/** Starts a thread with ONNX Runtime in it, which uses `threads` threads for an operation. */
export function createWorkerEngine({ threads = 1 }: { readonly threads?: number } = {}): WorkerEngine {
  const worker = new Worker(new URL('./worker-engine-thread.js', import.meta.url));
  const engine = new RemoteEngine((request) => {
    worker.ref();
    worker.postMessage(request);
  }, threads);
  worker.unref(); // a forgotten engine must not keep the process alive
  worker.on('message', (answer: EngineAnswer) => {
    engine.receive(answer);
    if (!engine.isWaiting) worker.unref();
  });
  worker.on('error', (error) => engine.fail(error));
  worker.on('exit', () => engine.fail(new Error('the engine was closed')));
  return {
    name: engine.name,
    compile: (graph) => engine.compile(graph),
    async close() {
      await worker.terminate();
    },
  };
}
