/** Packs the package once, and installs it into copies of the fixtures, outside the checkout. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { type Packed, pack } from './pack.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const run = promisify(execFile);

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the fixtures, each with the package installed. */
    readonly installed: string;
    readonly packed: Packed;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-package-'));
  const packed = await pack(ROOT, folder);
  cpSync(FIXTURES, folder, { recursive: true });
  cpSync(join(folder, 'bundlers/app.js'), join(folder, 'next/app/app.js'));
  const install = async (fixture: string, ...options: string[]) => {
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    await run('npm', ['install', ...quiet, ...options, join(folder, packed.filename)], {
      cwd: join(folder, fixture),
    });
  };
  // Two at a time: each waits for the network, or the disk, now and then.
  await Promise.all([
    install('bundlers').then(() => install('bare', '--omit=optional')),
    install('next').then(() => install('runtimes')),
  ]);
  project.provide('installed', folder);
  project.provide('packed', packed);
  return () => rmSync(folder, { recursive: true, force: true });
}
