/** The thread of a worker engine: see worker-engine.ts. */
import { parentPort } from 'node:worker_threads';
import { type EngineRequest, engineService } from '../../engine/remote.js';
import { loadOnnxRuntime } from './onnx-runtime.js';

const service = loadOnnxRuntime().then(({ runtime, hasThreads }) => {
  const serve = engineService(runtime);
  return (request: EngineRequest) =>
    serve(request.type === 'load' && !hasThreads ? { ...request, threads: 1 } : request);
});
// Whoever asks is told.
service.catch(() => {});

parentPort?.on('message', async (request: EngineRequest) => {
  const { answer, transfer } = await service.then(
    (serve) => serve(request),
    (error) => ({ answer: { id: request.id, error: (error as Error).message }, transfer: [] }),
  );
  parentPort?.postMessage(answer, transfer);
});
