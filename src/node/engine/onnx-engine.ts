import { availableParallelism } from 'node:os';
import type { Engine } from '../../engine/engine.js';
import { type OnnxEngineOptions, onnxEngine } from '../../engine/onnx/runtime.js';
import { loadOnnxRuntime } from './onnx-runtime.js';

/** More threads than this only get in each other's way with the models here. */
const MOST_THREADS = 4;

/** Threads that share an operation unless somebody says otherwise. */
export function defaultThreads(): number {
  return Math.min(availableParallelism(), MOST_THREADS);
}

/**
 * The engine over ONNX Runtime: its native library, or WebAssembly on one thread where that is not installed.
 */
export async function createOnnxEngine(options: OnnxEngineOptions = {}): Promise<Engine> {
  const { runtime, hasThreads } = await loadOnnxRuntime();
  return onnxEngine(runtime, { threads: defaultThreads(), ...options, ...(!hasThreads && { threads: 1 }) });
}

/** The version of ONNX Runtime in use, for the record. */
export async function onnxRuntimeVersion(): Promise<string> {
  const { env } = await import('onnxruntime-common');
  return env.versions.common;
}
