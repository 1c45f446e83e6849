/** The thread of a worker engine: see worker-engine.ts. */
import { parentPort } from 'node:worker_threads';
import runtime from 'onnxruntime-node';
import { type EngineRequest, engineService } from '../../engine/remote.js';

const serve = engineService(runtime);

parentPort?.on('message', async (request: EngineRequest) => {
  const { answer, transfer } = await serve(request);
  parentPort?.postMessage(answer, transfer);
});
