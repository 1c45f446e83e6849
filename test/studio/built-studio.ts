/** The studio as it is built now, in a folder of the test's own, and served as `cadenza studio` does. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type StudioServer, startStudio } from '../../src/node/studio/server.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the page into a folder, as `npm run build` does: in a process that knows nothing of tests. */
export async function buildStudio(into: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const options = ['build', 'studio', '--outDir', into, '--emptyOutDir', '--logLevel', 'error'];
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [vite, ...options], { cwd: ROOT, env });
}

/** Serves a built page with the package's models and sounds. */
export function serveStudio(app: string, options: { readonly port?: number } = {}): Promise<StudioServer> {
  return startStudio({ port: 0, runs: join(app, 'no-runs'), folders: { app }, ...options });
}
