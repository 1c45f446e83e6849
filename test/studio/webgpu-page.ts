/** What the page of webgpu.test.ts runs: a step of a training, on a graphics card as the page knows it. */
import * as runtime from 'onnxruntime-web/webgpu';
import { onnxEngine } from '../../src/index.js';
import { gradientOfStep } from '../helpers/gradient-case.js';

/** In a form that travels to the test. */
async function gradient() {
  const base = new URL('/runtime/', location.href).href;
  runtime.env.wasm.wasmPaths = base;
  runtime.env.wasm.numThreads = 1;
  const adapter = await (navigator as unknown as { gpu?: GPU }).gpu?.requestAdapter();
  const engine = onnxEngine(runtime, { providers: ['webgpu'] });
  const { loss, gradient } = await gradientOfStep(engine);
  return {
    adapter: adapter ? `${adapter.info.vendor} ${adapter.info.architecture}` : 'none',
    used: runtime.env.webgpu.device !== undefined,
    loss: loss[0],
    gradient: [...gradient],
  };
}

interface GPU {
  requestAdapter(): Promise<{
    readonly info: { readonly vendor: string; readonly architecture: string };
  } | null>;
}

Object.assign(window, { gradient });

declare global {
  interface Window {
    gradient: typeof gradient;
  }
}
