/**
 * Engines in workers of their own, each for its shard of every batch: much faster than threads that share an
 * operation.
 */

import { type EngineAnswer, RemoteEngine } from '../../engine/remote.js';
import type { Engine } from '../../index.js';

export interface ShardEngines {
  readonly engines: readonly Engine[];
  /** Ends the workers. */
  close(): void;
}

/** More than this and putting the shards together takes longer than computing them. */
const MOST_SHARDS = 8;

/** How many shards are worth it: one for each core, and none where there is only one. */
export function shardsHere(): number {
  const cores = Math.min(navigator.hardwareConcurrency || 1, MOST_SHARDS);
  return cores < 2 ? 0 : cores;
}

export function openShardEngines(count = shardsHere()): ShardEngines {
  const shards = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./shard.ts', import.meta.url), { type: 'module', name: 'shard' });
    const engine = new RemoteEngine((request) => worker.postMessage(request));
    worker.addEventListener('message', ({ data }: MessageEvent<EngineAnswer>) => engine.receive(data));
    worker.addEventListener('error', ({ message }) =>
      engine.fail(new Error(`a worker ended unexpectedly${message ? `: ${message}` : ''}`)),
    );
    return { worker, engine };
  });
  return {
    engines: shards.map(({ engine }) => engine),
    close: () => {
      for (const { worker } of shards) worker.terminate();
    },
  };
}
