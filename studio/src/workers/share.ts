/** A worker that computes its share of every batch: see share-engines.ts. */
import type { EngineRequest } from '../../../src/engine/remote.js';
import { engineService } from '../../../src/engine/remote.js';
import { loadRuntime } from '../engine/load-engine.js';

const service = loadRuntime().then(engineService);

addEventListener('message', async ({ data }: MessageEvent<EngineRequest>) => {
  const { answer, transfer } = await (await service)(data);
  postMessage(answer, { transfer });
});
