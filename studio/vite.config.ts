/** Builds the studio into dist/studio: static files that any host can serve. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  base: './',
  build: { outDir: here('../dist/studio'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es' },
});
