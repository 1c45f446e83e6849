/**
 * Builds what a page loads as it is, whatever bundles its own code:
 *
 * - `dist/assets/`: workers, the synthesiser's worklet and the runtime, each a file of its own that imports
 *   nothing, as `src/web/assets.ts` names them;
 * - `dist/browser/`: the library for pages without a bundler, by an import map or a script tag.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { LicenseCollector } from './licenses.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ASSETS = join(ROOT, 'dist/assets');
const BROWSER = join(ROOT, 'dist/browser');

const SINGLE_FILES = {
  'playing-worker.js': 'src/web/workers/playing.ts',
  'engine-worker.js': 'src/web/workers/engine.ts',
  'rendering-worker.js': 'src/web/workers/rendering.ts',
  'runtime.js': 'src/web/workers/runtime.ts',
  'synth-worklet.js': 'src/web/sound/synth.worklet.js',
};
const FACES = {
  cadenza: 'src/index.ts',
  'cadenza-web': 'src/web/index.ts',
  'cadenza-player': 'src/web/player/cadenza-player.ts',
};
/** ONNX Runtime's own, which its script fetches: by these names. */
const RUNTIME = ['ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'];

const common = {
  cwd: ROOT,
  platform: 'browser',
  logLevel: 'warn',
  tsconfig: join(ROOT, 'tsconfig.web.json'),
  // The runtime's files stay files of their own, so that no script is made from a string.
  resolve: { conditionNames: ['onnxruntime-web-use-extern-wasm', 'browser', 'import', 'default'] },
};

for (const folder of [ASSETS, BROWSER]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
const licenses = new LicenseCollector();
for (const [file, input] of Object.entries(SINGLE_FILES)) {
  await build({
    ...common,
    input,
    plugins: [licenses.plugin()],
    // The worklet consists of nothing but what its parts do when they are loaded.
    treeshake: { moduleSideEffects: [{ test: /\.worklet\.js$/, sideEffects: true }] },
    output: { file: join(ASSETS, file), format: 'es', minify: true, codeSplitting: false },
  });
}
const packages = createRequire(import.meta.url);
const runtime = dirname(packages.resolve('onnxruntime-web/wasm'));
for (const file of RUNTIME) cpSync(join(runtime, file), join(ASSETS, file));
for (const format of ['mp3', 'ogg']) {
  cpSync(packages.resolve(`wasm-media-encoders/wasm/${format}`), join(ASSETS, `${format}.wasm`));
}
// What these files were compiled from.
for (const name of ['lame', 'libvorbis']) licenses.add(name);
licenses.write(ASSETS);

const ofBrowser = new LicenseCollector();
await build({
  ...common,
  input: FACES,
  plugins: [ofBrowser.plugin()],
  preserveEntrySignatures: 'strict',
  // Importing the player defines an element; nothing else does anything by being imported.
  treeshake: {
    moduleSideEffects: [
      { test: /cadenza-player\.ts$/, sideEffects: true },
      { test: /\/src\//, sideEffects: false },
    ],
  },
  output: {
    dir: BROWSER,
    format: 'es',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'part-[hash].js',
  },
});
ofBrowser.write(BROWSER);
