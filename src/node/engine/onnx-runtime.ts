/**
 * ONNX Runtime in Node: its native library, or WebAssembly where that could not be installed. Loaded at the
 * first call, because that takes a while.
 */
import { existsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type { OnnxRuntime } from '../../engine/onnx/runtime.js';
import { CadenzaError } from '../../errors.js';

/** A runtime, and whether threads may share an operation of it. */
export interface LoadedRuntime {
  readonly runtime: OnnxRuntime;
  readonly hasThreads: boolean;
}

let loading: Promise<LoadedRuntime> | undefined;

/** @throws CadenzaError when there is neither */
export function loadOnnxRuntime(): Promise<LoadedRuntime> {
  loading ??= nativeRuntime().catch(webRuntime);
  return loading;
}

async function nativeRuntime(): Promise<LoadedRuntime> {
  const { default: runtime } = await import('onnxruntime-node');
  return { runtime, hasThreads: true };
}

/** What pages use, from the same files. */
async function webRuntime(error: unknown): Promise<LoadedRuntime> {
  const at = (file: string) => new URL(`../../../dist/assets/${file}`, import.meta.url);
  if (!existsSync(at('runtime.js'))) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CadenzaError(`onnxruntime-node could not be loaded (${why}); install it, or build the package`);
  }
  if (isMainThread) {
    process.emitWarning(
      'onnxruntime-node is not installed, so WebAssembly computes, which is slower; `npm install --ignore-scripts onnxruntime-node` mends that',
      'CadenzaWarning',
    );
  }
  const { runtimeAt } = (await import(at('runtime.js').href)) as {
    runtimeAt(urls: { readonly mjs: string; readonly wasm: string }): OnnxRuntime;
  };
  const [mjs, wasm] = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map(
    (file) => at(file).href,
  );
  return { runtime: runtimeAt({ mjs, wasm }), hasThreads: false };
}
