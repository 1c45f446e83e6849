/** The package built once more, in a folder of another name, is the same to the last byte. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, inject, it } from 'vitest';
import { tempFolder } from '../helpers/temp-folder.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

it('is built the same twice', { timeout: 300_000 }, async () => {
  const folder = join(tempFolder({}, afterAll), 'a folder of another name');
  const { stdout } = await run('git', ['ls-files', '-z'], { cwd: ROOT, maxBuffer: 1 << 26 });
  for (const file of stdout.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(ROOT, file), join(folder, file));
  }
  // Links to a folder elsewhere would be seen by the bundlers; links to its files are not.
  await run('cp', ['-al', join(ROOT, 'node_modules'), folder]).catch(() =>
    cpSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), { recursive: true }),
  );
  await run('npm', ['run', 'build'], { cwd: folder, maxBuffer: 1 << 26 });
  await run('npm', ['pack', '--ignore-scripts', '--silent'], { cwd: folder });
  const [name] = inject('packed').split('/').slice(-1);
  expect(digest(join(folder, name))).toBe(digest(inject('packed')));
});
