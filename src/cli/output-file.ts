/** Where a command writes what it makes: never over a file that nobody asked to overwrite. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CadenzaError } from '../errors.js';
import { freePath, writeChunksAtomic, writeFileAtomic } from '../node/files/atomic-file.js';
import { fileError } from '../node/files/files.js';

/** What the command line said about the output. */
export interface OutputOptions {
  /** The file that was asked for; without one, the default name or the next free one like it. */
  readonly output?: string;
  /** Whether an existing file may be overwritten. */
  readonly force?: boolean;
}

/** Where each of several outputs goes: they are numbered, one alone is not. */
export function targetsOf(output: string | undefined, defaultName: string, count: number) {
  const numbered = (path: string, index: number) =>
    count === 1 ? path : path.replace(/(\.[^./\\]*)?$/, `-${index + 1}$1`);
  return Array.from({ length: count }, (_, i) => ({
    output: output === undefined ? undefined : numbered(output, i),
    defaultName: numbered(defaultName, i),
  }));
}

/**
 * Finds out before any work what would keep the output from being written in the end.
 *
 * @throws CadenzaError when the file exists and is not to be overwritten, it is a folder, or its folder is
 *   missing or not writable
 */
export async function checkOutput({ output, force }: OutputOptions, defaultName: string): Promise<void> {
  const path = output ?? defaultName;
  try {
    const existing = await stat(path).catch(() => undefined);
    if (existing && output !== undefined && !existing.isDirectory() && !force) throw exists(output);
    if (existing?.isDirectory() && (output !== undefined || force)) {
      throw new CadenzaError(`cannot write ${path}: it is a folder; name a file`);
    }
    await access(dirname(path), constants.W_OK);
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}

/**
 * Writes the output, all or nothing.
 *
 * @param others further extensions with which a name that is chosen has to be free
 * @returns where it was written
 * @throws CadenzaError when the file has come to exist meanwhile and is not to be overwritten, or cannot be
 *   written
 */
export async function writeOutput(
  { output, force }: OutputOptions,
  defaultName: string,
  data: Uint8Array,
  others: readonly string[] = [],
): Promise<string> {
  if (force) {
    const path = output ?? defaultName;
    await writeFileAtomic(path, data);
    return path;
  }
  for (;;) {
    const path = output ?? (await freePath(defaultName, others));
    if (await writeChunksAtomic(path, [data], { isNew: true })) return path;
    if (output !== undefined) throw exists(output);
  }
}

/**
 * Writes an output that is made while it is written, all or nothing.
 *
 * @throws CadenzaError when the file exists and is not to be overwritten, or cannot be written; the signal's
 *   reason when it is aborted
 */
export async function writeOutputChunks(
  output: string,
  chunks: Iterable<Uint8Array>,
  { force, signal }: { readonly force?: boolean; readonly signal?: AbortSignal },
): Promise<void> {
  if (!(await writeChunksAtomic(output, chunks, { isNew: !force, signal }))) throw exists(output);
}

function exists(path: string): CadenzaError {
  return new CadenzaError(`${path} exists; choose another name, or overwrite it with --force`);
}
