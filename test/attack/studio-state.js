/** What the studio knows of sessions, as a module that runs here: it shares the library with whoever attacks it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'rolldown';

const STATE = fileURLToPath(new URL('../../studio/src/state/', import.meta.url));
const LIBRARY = new URL('../../dist/index.js', import.meta.url).href;

/** @param {string[]} names of files in `studio/src/state`, without their ends */
export async function loadStudioState(...names) {
  const file = join(mkdtempSync(join(tmpdir(), 'cadenza-attack-')), 'state.js');
  await build({
    input: 'all',
    logLevel: 'silent',
    platform: 'node',
    plugins: [
      {
        name: 'state',
        resolveId(id) {
          if (id === 'all') return id;
          if (id.endsWith('src/index.js')) return { id: LIBRARY, external: true };
          return undefined;
        },
        load: (id) =>
          id === 'all'
            ? names.map((name) => `export * from ${JSON.stringify(`${STATE}${name}.ts`)};`).join('\n')
            : undefined,
      },
    ],
    output: { file, format: 'es', codeSplitting: false },
  });
  return import(pathToFileURL(file).href);
}
