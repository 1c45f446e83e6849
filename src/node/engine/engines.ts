import type { Engine } from '../../engine/engine.js';
import { createOnnxEngine, defaultThreads } from './onnx-engine.js';
import { createWorkerEngine } from './worker-engine.js';

/** Engines for work that comes in batches. */
export interface Engines {
  readonly engine: Engine;
  /** Spread every batch over these, if there are any. */
  readonly shards: readonly Engine[];
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * As many threads as asked for, each with an engine of its own for its share of every batch: for layers of a
 * few hundred units that is much faster than threads that share every single operation.
 */
export async function openEngines(threads = defaultThreads()): Promise<Engines> {
  const engine = await createOnnxEngine({ threads: 1 });
  const workers = threads < 2 ? [] : Array.from({ length: threads }, () => createWorkerEngine());
  return {
    engine,
    shards: workers,
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
