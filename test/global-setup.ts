import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { buildPage } from './helpers/build-page.js';

/**
 * Builds `dist/` once before the tests, for those that use command line and package as their users do; and the
 * studio's page, beside it.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  const run = (...command: string[]) =>
    execFileSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  // Types are the business of `npm run check`: here, what does not type-check still runs.
  for (const config of ['tsconfig.build.json', 'tsconfig.web.json']) {
    run(join(typescript, 'bin', 'tsc'), '-p', config, '--noCheck');
  }
  run(join(root, 'scripts/build-web.js'));
  const page = await mkdtemp(join(tmpdir(), 'cadenza-page-'));
  await buildPage(page);
  provide('builtStudio', page);
  return () => rm(page, { recursive: true, force: true });
}
