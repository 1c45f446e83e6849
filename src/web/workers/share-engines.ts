/**
 * Engines in workers of their own, each for its share of every batch: much faster than threads that share an
 * operation.
 */

import { type EngineAnswer, RemoteEngine } from '../../engine/remote.js';
import type { Engine } from '../../index.js';

export interface ShareEngines {
  readonly engines: readonly Engine[];
  /** Ends the workers. */
  close(): void;
}

/** More than this and putting the shares together takes longer than computing them. */
const MOST_SHARES = 8;

/** How many shares are worth it: one for each core, and none where there is only one. */
export function sharesHere(): number {
  const cores = Math.min(navigator.hardwareConcurrency || 1, MOST_SHARES);
  return cores < 2 ? 0 : cores;
}

export function openShareEngines(count = sharesHere()): ShareEngines {
  const shares = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./share.ts', import.meta.url), { type: 'module', name: 'share' });
    const engine = new RemoteEngine((request) => worker.postMessage(request));
    worker.addEventListener('message', ({ data }: MessageEvent<EngineAnswer>) => engine.receive(data));
    worker.addEventListener('error', ({ message }) =>
      engine.fail(new Error(`a worker ended unexpectedly${message ? `: ${message}` : ''}`)),
    );
    return { worker, engine };
  });
  return {
    engines: shares.map(({ engine }) => engine),
    close: () => {
      for (const { worker } of shares) worker.terminate();
    },
  };
}
