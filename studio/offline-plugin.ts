/** Builds the service worker into `sw.js`, with the list of what belongs to this version of the page. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, transformWithOxc } from 'vite';
import { LICENSES } from '../scripts/licenses.js';
import { STUDIO_HEADERS } from '../src/node/studio/headers.ts';

const SOURCE = fileURLToPath(new URL('service-worker/service-worker.ts', import.meta.url));
const OUTPUT = 'sw.js';
/** Not asked for by the page. */
const LEFT_OUT = [OUTPUT, LICENSES];

/** What the worker is to know, as code before its own. */
async function workerCode(files: ReadonlyMap<string, Buffer>): Promise<string> {
  const source = readFileSync(SOURCE, 'utf8');
  const { code } = await transformWithOxc(source, SOURCE, { sourcemap: false });
  // The page itself is asked for by its folder.
  const paths = [...files.keys()].map((path) => (path === 'index.html' ? '' : path));
  const hash = createHash('sha256').update(source);
  for (const [path, content] of files) hash.update(`${path}\n${content.length}\n`).update(content);
  const known = { VERSION: hash.digest('hex').slice(0, 16), FILES: paths, HEADERS: STUDIO_HEADERS };
  const lines = Object.entries(known).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`);
  return lines.join('') + code.replace(/^export \{\};?\n?/m, '');
}

function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.map'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => !LEFT_OUT.includes(path))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

/** Adds the service worker to a build. */
export function offline(): Plugin {
  let folder = '';
  return {
    name: 'cadenza-offline',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith('/')) folder = config.build.outDir;
    },
    async closeBundle() {
      writeFileSync(join(folder, OUTPUT), await workerCode(filesIn(folder)));
    },
  };
}
