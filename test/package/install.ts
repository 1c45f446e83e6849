/** Packs the package once, and installs it into copies of the fixtures, outside the checkout. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const run = promisify(execFile);

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the fixtures, each with the package installed. */
    readonly installed: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-package-'));
  const pack = ['pack', ROOT, '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { maxBuffer: 1 << 26 });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  cpSync(FIXTURES, folder, { recursive: true });
  cpSync(join(folder, 'bundlers/app.js'), join(folder, 'next/app/app.js'));
  const install = async (fixture: string, ...options: string[]) => {
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    await run('npm', ['install', ...quiet, ...options, join(folder, filename)], {
      cwd: join(folder, fixture),
    });
  };
  await install('bundlers');
  await install('next');
  await install('runtimes');
  await install('bare', '--omit=optional');
  project.provide('installed', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
