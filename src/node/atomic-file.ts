import { randomBytes } from 'node:crypto';
import { lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, format, join, parse } from 'node:path';
import { fileError } from './files.js';

/**
 * Writes a file so that its path holds either what it held before or all of `data`, also after a crash: into a
 * temporary file in the same folder, flushed to the disk, then renamed. A symbolic link stays and its target is
 * replaced; a device or a pipe is written to directly.
 *
 * @throws CadenzaError when the folder is missing or not writable, the path is a folder, or the disk is full
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  try {
    const existing = await stat(path).catch(() => undefined);
    if (existing && !existing.isFile()) {
      await writeTo(path, 'w', data, false);
      return;
    }
    const target = existing ? await realpath(path) : path;
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await writeTo(temporary, 'wx', data, true, existing?.mode);
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

async function writeTo(
  path: string,
  flags: string,
  data: string | Uint8Array,
  flush: boolean,
  mode?: number,
) {
  const file = await open(path, flags);
  try {
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(data);
    if (flush) await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * A path where nothing is overwritten: `path` itself when it is free, else the first free one of `name-2.ext`,
 * `name-3.ext` and so on beside it.
 */
export async function freePath(path: string): Promise<string> {
  const { dir, name, ext } = parse(path);
  let candidate = path;
  for (let number = 2; await isTaken(candidate); number++) {
    candidate = format({ dir, name: `${name}-${number}`, ext });
  }
  return candidate;
}

async function isTaken(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileError(error, 'write', path);
  }
}
