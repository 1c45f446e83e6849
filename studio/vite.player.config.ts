/**
 * Builds the web component into dist/player: one script for other people's pages, and what it loads when it
 * sounds.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { licenses } from './licenses-plugin.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The types beside the script; what they need of the library they find in the package. */
function types(): Plugin {
  return {
    name: 'player-types',
    generateBundle() {
      const source = readFileSync(here('../src/web/player/player-types.ts'), 'utf8');
      const value =
        '\nexport declare const CadenzaPlayer: { new (): CadenzaPlayer; readonly prototype: CadenzaPlayer };\n';
      this.emitFile({
        type: 'asset',
        fileName: 'cadenza-player.d.ts',
        source: source.replace("'../../index.js'", "'../index.js'") + value,
      });
    },
  };
}

const { ofPage, ofWorkers } = licenses();

export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: false,
  worker: { plugins: () => [ofWorkers()] },
  plugins: [types(), ofPage()],
  build: {
    outDir: here('../dist/player'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: here('../src/web/player/cadenza-player.ts'),
      preserveEntrySignatures: 'strict',
      treeshake: { moduleSideEffects: (id) => id.includes('/player/') },
      output: {
        format: 'es',
        entryFileNames: 'cadenza-player.js',
        chunkFileNames: '[name]-[hash].js',
        assetFileNames: '[name]-[hash][extname]',
      },
    },
  },
});
