import type { Engine } from '../../engine/engine.js';
import { type Device, DeviceEngine } from './devices.js';
import { createOnnxEngine, defaultThreads } from './onnx-engine.js';
import { loadOnnxRuntime } from './onnx-runtime.js';
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
 * Engines on a device of this machine. On the processor, as many threads as asked for, each with an engine of
 * its own for its share of every batch: for layers of a few hundred units that is much faster than threads
 * that share every single operation. A card is one engine, and shares nothing.
 *
 * @param say told once, in words, where another device computes than was asked for
 */
export async function openEngines(
  threads = defaultThreads(),
  device: Device = 'cpu',
  say: (message: string) => void = () => {},
): Promise<Engines> {
  if (device !== 'cpu') {
    const { runtime } = await loadOnnxRuntime();
    return { engine: new DeviceEngine(runtime, device, threads, say), shards: [], close: async () => {} };
  }
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
