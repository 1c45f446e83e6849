/** The thread of a worker engine: see worker-engine.ts. */
import { parentPort } from 'node:worker_threads';
import runtime from 'onnxruntime-node';
import type { Program } from '../engine/engine.js';
import { loadOnnxModel } from '../engine/runtime.js';
import type { WorkerAnswer, WorkerRequest } from './worker-engine.js';

const programs = new Map<number, Program>();

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  const { id } = request;
  switch (request.type) {
    case 'load':
      programs.set(id, await loadOnnxModel(runtime, request.model, { threads: request.threads }));
      return { id, results: {} };
    case 'run':
      return { id, results: await programs.get(request.program)!.run(request.feeds) };
    case 'release':
      await programs.get(request.program)?.release();
      programs.delete(request.program);
      return { id, results: {} };
  }
}

parentPort?.on('message', async (request: WorkerRequest) => {
  try {
    const reply = await answer(request);
    const buffers =
      'results' in reply ? Object.values(reply.results).map(({ buffer }) => buffer as ArrayBuffer) : [];
    parentPort?.postMessage(reply, buffers);
  } catch (error) {
    parentPort?.postMessage({ id: request.id, error: (error as Error).message });
  }
});
