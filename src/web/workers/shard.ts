/** A worker that computes its shard of every batch: see shard-engines.ts. */
import type { EngineAnswer, EngineRequest } from '../../engine/remote.js';
import { engineService } from '../../engine/remote.js';
import { loadRuntime } from '../engine/load-engine.js';

const service = loadRuntime().then(engineService);

addEventListener('message', async ({ data }: MessageEvent<EngineRequest>) => {
  try {
    const { answer, transfer } = await (await service)(data);
    postMessage(answer, { transfer });
  } catch (error) {
    // Whoever asked would wait for ever: that a promise was rejected in a worker is told to nobody.
    postMessage({ id: data.id, error: (error as Error).message } satisfies EngineAnswer);
  }
});
