/** The package built once more, in a folder of another name, from what git knows, is the same to the last byte. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, inject, it } from 'vitest';
import { tempFolder } from '../helpers/temp-folder.js';
import { pack } from './pack.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

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
  const again = await pack(folder, folder);
  // So many files take a while to go, in which nothing else would be answered.
  await rm(join(folder, 'node_modules'), { recursive: true, force: true });
  const packed = inject('packed');
  /** Of every file its length, mode and content, so that it is said which one differs. */
  const contents = (root: string) =>
    packed.files.map(({ path, size, mode }) => {
      const file = join(root, path);
      const digest = existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex');
      return `${path} ${size} ${mode.toString(8)} ${digest}`;
    });
  expect(again.files).toEqual(packed.files);
  expect(contents(folder)).toEqual(contents(ROOT));
  expect(again.integrity).toBe(packed.integrity);
});
