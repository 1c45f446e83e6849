/** A worker that computes: see engines.ts. */
import { type EngineAnswer, type EngineRequest, engineService, type Reply } from '../../engine/remote.js';
import type { ToEngine } from './engine-messages.js';
import { runtimeAt } from './runtime.js';

let serve: ((request: EngineRequest) => Promise<Reply>) | undefined;

addEventListener('message', async ({ data }: MessageEvent<ToEngine>) => {
  if ('runtime' in data) {
    serve = engineService(runtimeAt(data.runtime));
    return;
  }
  try {
    const { answer, transfer } = await serve!(data);
    postMessage(answer, { transfer });
  } catch (error) {
    // Whoever asked would wait for ever: that a promise was rejected in a worker is told to nobody.
    postMessage({ id: data.id, error: (error as Error).message } satisfies EngineAnswer);
  }
});
