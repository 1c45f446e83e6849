/** Builds the studio into dist/studio: static files that any host can serve. */
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { LicenseCollector } from '../scripts/licenses.js';
import { offline } from './offline-plugin.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const licenses = new LicenseCollector();
licenses.include(here('../dist/assets'));

/** Leaves out what `cadenza studio` has from the package: models and sounds are there already. */
function withoutServed(): Plugin {
  return {
    name: 'cadenza-without-served',
    apply: 'build',
    generateBundle(_, bundle) {
      for (const name of Object.keys(bundle)) if (/\.(sf3|safetensors)$/.test(name)) delete bundle[name];
    },
  };
}

const config: UserConfig = {
  root: here('.'),
  base: './',
  build: { outDir: here('../dist/studio'), emptyOutDir: true, target: 'es2022' },
  worker: { format: 'es', plugins: () => [licenses.plugin(), withoutServed()] },
  plugins: [licenses.lastPlugin(), withoutServed(), offline()],
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
};

export default defineConfig(({ command }) => {
  // What is built is the same wherever it is built: left alone, the environment would count for more than the mode.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return config;
});
