/**
 * Engines in workers: ONNX Runtime as WebAssembly, which computes while the page goes on. Several of them
 * share a batch, which is much faster than threads that share an operation.
 */

import type { Engine } from '../../engine/engine.js';
import { onnxEngine } from '../../engine/onnx/runtime.js';
import { engineUrls, notThere, runtimeModuleUrl, runtimeUrls } from '../assets.js';
import type * as RuntimeModule from '../workers/runtime.js';
import { openEngine, type WebEngine } from './open-engine.js';

export interface EngineOptions {
  /**
   * Threads that share an operation; what the machine has where not said. One where the page is not
   * cross-origin isolated.
   */
  readonly threads?: number;
}

/** More threads than this only get in each other's way with the models here. */
const MOST_THREADS = 4;
/** More than this and putting the shards together takes longer than computing them. */
const MOST_SHARDS = 8;

/** How many threads may share an operation here. */
export function availableThreads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS);
}

/** Starts a worker with an engine in it. What goes wrong is said by the first program. */
export function createEngine({ threads = availableThreads() }: EngineOptions = {}): WebEngine {
  const urls = engineUrls();
  return openEngine(urls, Math.min(threads, availableThreads()), () =>
    notThere('what computes', urls.worker),
  );
}

/**
 * An engine in this very thread: for a worker, which may wait for it. The first call decides how many threads
 * all engines here share.
 *
 * @throws CadenzaError when what computes is not there
 */
export async function loadEngine({ threads = availableThreads() }: EngineOptions = {}): Promise<Engine> {
  const url = runtimeModuleUrl();
  const load: Promise<typeof RuntimeModule> = import(/* @vite-ignore */ /* webpackIgnore: true */ url);
  const { runtimeAt } = await load.catch(() => {
    throw notThere('what computes', url);
  });
  return onnxEngine(runtimeAt(runtimeUrls()), { threads: Math.min(threads, availableThreads()) });
}

/** Engines for work that comes in batches. */
export interface WebEngines {
  readonly engine: Engine;
  /** Spread every batch over these, if there are any. */
  readonly shards: readonly Engine[];
  /** Ends the workers. */
  close(): void;
}

/** How many shards are worth it: one for each core, and none where there is only one. */
function shardsHere(): number {
  const cores = Math.min(navigator.hardwareConcurrency || 1, MOST_SHARDS);
  return cores < 2 ? 0 : cores;
}

/**
 * An engine, and one for each of so many shards of a batch; as many as there are cores where not said. A page
 * has all of them in workers, a worker the first in itself.
 *
 * @throws CadenzaError when what computes is not there
 */
export async function openEngines(shards = shardsHere()): Promise<WebEngines> {
  const workers = Array.from({ length: shards }, () => createEngine({ threads: 1 }));
  const close = () => {
    for (const worker of workers) worker.close();
  };
  if (globalThis.document === undefined)
    return { engine: await loadEngine({ threads: 1 }), shards: workers, close };
  const engine = createEngine({ threads: 1 });
  return {
    engine,
    shards: workers,
    close() {
      engine.close();
      close();
    },
  };
}
