/**
 * ONNX Runtime as WebAssembly, for a worker or a page. Its two files come when the first program is made, and
 * are allowed by a Content-Security-Policy of `script-src 'self' 'wasm-unsafe-eval'`.
 */
import * as runtime from 'onnxruntime-web/wasm';
import type { OnnxRuntime } from '../../engine/onnx/runtime.js';
import type { RuntimeUrls } from '../assets.js';

/** The runtime, whose files lie there. */
export function runtimeAt(urls: RuntimeUrls): OnnxRuntime {
  runtime.env.wasm.wasmPaths = urls;
  return runtime;
}
