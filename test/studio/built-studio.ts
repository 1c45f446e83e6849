/** The studio as it is built now, in a folder of the test's own, and served as `cadenza studio` does. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type StudioServer, startStudio } from '../../src/node/studio/server.js';
import { buildPage } from '../helpers/build-page.js';

/** The page as it is built now, in a folder: copied from where the whole run has built it, where there is one. */
export async function buildStudio(into: string): Promise<void> {
  const built = inject('builtStudio');
  if (built === undefined) await buildPage(into);
  else await cp(built, into, { recursive: true });
}

/** Serves a built page with the package's models and sounds. */
export function serveStudio(app: string, options: { readonly port?: number } = {}): Promise<StudioServer> {
  return startStudio({ port: 0, runs: join(app, 'no-runs'), folders: { app }, ...options });
}
