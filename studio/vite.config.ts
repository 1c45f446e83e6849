/** Builds the studio into dist/studio: static files that any host can serve. */
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: './',
  // ONNX Runtime's files stay files of their own, so that no script is made from a string.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  build: { outDir: here('../dist/studio'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
});
