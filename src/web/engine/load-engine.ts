/**
 * The fast engine in a page or a worker: ONNX Runtime as WebAssembly. Its two files are assets of the build,
 * loaded when the first engine is asked for, and allowed by a Content-Security-Policy of `script-src 'self'
 * 'wasm-unsafe-eval'`.
 */
import scriptUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { type Engine, type OnnxRuntime, onnxEngine } from '../../index.js';

export interface EngineOptions {
  /**
   * Threads that share an operation; what the machine has where not said. One where the page is not isolated.
   */
  readonly threads?: number;
}

/** More threads than this only get in each other's way with the models here. */
const MOST_THREADS = 4;

/** How many threads may share an operation here. */
export function availableThreads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS);
}

/** Loads the runtime. */
export async function loadRuntime(): Promise<OnnxRuntime> {
  const runtime = await import('onnxruntime-web/wasm');
  const absolute = (url: string) => new URL(url, import.meta.url).href;
  runtime.env.wasm.wasmPaths = { mjs: absolute(scriptUrl), wasm: absolute(wasmUrl) };
  return runtime;
}

/**
 * Loads the runtime and gives an engine over it. The first call decides the threads of all in this page or
 * worker.
 */
export async function loadEngine({ threads = availableThreads() }: EngineOptions = {}): Promise<Engine> {
  return onnxEngine(await loadRuntime(), { threads: Math.min(threads, availableThreads()) });
}
