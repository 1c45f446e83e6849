/** Builds a script of a page under test, with all that it imports. */
import { fileURLToPath } from 'node:url';

/** From `NAME.ts` of this folder to `NAME.js` in another. */
export async function buildScript(name: string, into: string): Promise<void> {
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'error',
    build: {
      target: 'es2022',
      outDir: into,
      rollupOptions: {
        input: fileURLToPath(new URL(`${name}.ts`, import.meta.url)),
        output: { entryFileNames: `${name}.js` },
      },
    },
  });
}
