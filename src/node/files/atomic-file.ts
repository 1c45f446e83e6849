import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, format, join, parse } from 'node:path';
import { fileError } from './files.js';

/**
 * Writes a file so that its path holds either what it held before or all of `data`, also after a crash: into
 * a temporary file in the same folder, flushed to the disk, then renamed. A symbolic link stays and its
 * target is replaced; a device or a pipe is written to directly.
 *
 * @throws CadenzaError when the folder is missing or not writable, the path is a folder, or the disk is full
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  await replaceAtomic(path, (file) => file.writeFile(data));
}

/** How `writeChunksAtomic` writes. */
export interface ChunksOptions {
  /** Aborted, it ends the writing with the signal's reason; the path holds what it held before. */
  readonly signal?: AbortSignal;
  /** Refuse to replace what the path holds, even if that came to be during the writing. */
  readonly isNew?: boolean;
}

/**
 * As `writeFileAtomic`, of chunks that are made while the file is written, however many they are.
 *
 * @returns false when `isNew` was asked for and the path is taken; nothing is written then
 * @throws CadenzaError as `writeFileAtomic`, and whatever the making of the chunks throws
 */
export async function writeChunksAtomic(
  path: string,
  chunks: Iterable<Uint8Array>,
  { signal, isNew = false }: ChunksOptions = {},
): Promise<boolean> {
  const write = async (file: FileHandle) => {
    for (const chunk of chunks) {
      // Waiting for the file is also what lets Ctrl-C through.
      await file.writeFile(chunk);
      signal?.throwIfAborted();
    }
  };
  if (isNew && (await isTaken(path))) return false;
  return replaceAtomic(path, write, isNew);
}

async function replaceAtomic(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  isNew = false,
): Promise<boolean> {
  try {
    const existing = await stat(path).catch(() => undefined);
    if (existing && !existing.isFile()) {
      await writeTo(path, 'w', write, false);
      return true;
    }
    const target = existing ? await realpath(path) : path;
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await writeTo(temporary, 'wx', write, true, existing?.mode);
      if (!isNew) {
        await rename(temporary, target);
        return true;
      }
      const isOurs = await renameToNew(temporary, target);
      await rm(temporary, { force: true });
      return isOurs;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

/** What file systems say that have no links, or have them for few. */
const WITHOUT_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK', 'EACCES', 'UNKNOWN'];

/** Gives a file a name that nobody has, all or nothing; false when somebody has it. */
async function renameToNew(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (!WITHOUT_LINKS.includes(code)) throw error;
  }
  // A file system without links, such as a USB stick's: the name is taken by an empty file first.
  try {
    await (await open(path, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    await rename(temporary, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return true;
}

async function writeTo(
  path: string,
  flags: string,
  write: (file: FileHandle) => Promise<void>,
  flush: boolean,
  mode?: number,
) {
  const file = await open(path, flags);
  try {
    if (mode !== undefined) await file.chmod(mode);
    await write(file);
    if (flush) await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * A path where nothing is overwritten: `path` itself when it is free, else the first free one of
 * `name-2.ext`, `name-3.ext` and so on beside it.
 *
 * @param others further extensions, such as `.wav`, with which the name has to be free too
 */
export async function freePath(path: string, others: readonly string[] = []): Promise<string> {
  const { dir, name, ext } = parse(path);
  const isFree = async (stem: string) => {
    for (const extension of [ext, ...others]) {
      if (await isTaken(format({ dir, name: stem, ext: extension }))) return false;
    }
    return true;
  };
  let stem = name;
  for (let number = 2; !(await isFree(stem)); number++) stem = `${name}-${number}`;
  return stem === name ? path : format({ dir, name: stem, ext });
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
