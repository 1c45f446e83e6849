/** Builds the studio into dist/studio: static files that any host can serve. */
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';
import { licenses } from './licenses-plugin.ts';
import { offline } from './offline-plugin.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const { ofPage, ofWorkers } = licenses();

export default defineConfig({
  root: here('.'),
  base: './',
  // ONNX Runtime's files stay files of their own, so that no script is made from a string.
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  build: { outDir: here('../dist/studio'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es', plugins: () => [ofWorkers()] },
  plugins: [ofPage(), offline()],
  // While the page is worked on, `cadenza studio` beside it gives the models and sounds.
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    proxy: Object.fromEntries(
      ['/models', '/sounds', '/runs'].map((path) => [
        path,
        { target: 'http://127.0.0.1:4242', changeOrigin: true },
      ]),
    ),
  },
});
