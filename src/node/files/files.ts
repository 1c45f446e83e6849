import { createReadStream, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CadenzaError } from '../../errors.js';

/**
 * The content of a file. A regular file is read in one go that blocks: for the small files of a corpus the
 * four trips through the thread pool of an asynchronous read take eight times as long. The bytes may begin
 * anywhere in their buffer: copy them before viewing them as anything wider.
 *
 * @param maxBytes refuse anything longer, before reading it where the length is known
 * @throws CadenzaError when there is no such file, it is a folder, may not be read or is too long
 */
export async function readFileBytes(path: string, maxBytes = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  try {
    const info = statSync(path);
    // A pipe or a file of /proc tells no length.
    if (info.size === 0) return await readStream(path, createReadStream(path), maxBytes);
    requireLength(path, info.size, maxBytes);
    return readFileSync(path);
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

/**
 * Everything a stream yields.
 *
 * @param name what to call the stream in an error message
 * @throws CadenzaError when it yields more than `maxBytes`
 */
export async function readStream(
  name: string,
  stream: AsyncIterable<Uint8Array>,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    requireLength(name, length, maxBytes);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** @throws CadenzaError when `length` is above `maxBytes` */
export function requireLength(name: string, length: number, maxBytes: number): void {
  if (length <= maxBytes) return;
  const limit = `${Math.round(maxBytes / 2 ** 20)} MiB`;
  throw new CadenzaError(`${name} is longer than ${limit}, the most that is read of such a file`);
}

/**
 * Turns a failed file operation into a CadenzaError that says what to do; other errors come back as they are.
 */
export function fileError(error: unknown, verb: 'read' | 'write', path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof CadenzaError || !(error instanceof Error) || typeof code !== 'string') return error;
  switch (code) {
    case 'ENOENT':
      return new CadenzaError(
        verb === 'read'
          ? `${path}: no such file or folder`
          : `cannot write ${path}: its folder does not exist; create ${dirname(path)} first`,
      );
    case 'EISDIR':
      return new CadenzaError(`cannot ${verb} ${path}: it is a folder; name a file`);
    case 'ENOTDIR':
      return new CadenzaError(`cannot ${verb} ${path}: a part of its path is a file, not a folder`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CadenzaError(`cannot ${verb} ${path}: permission denied (${code})`);
    case 'ENOSPC':
    case 'EDQUOT':
      return new CadenzaError(`cannot write ${path}: the disk is full; free some space or write elsewhere`);
    case 'ENAMETOOLONG':
      return new CadenzaError(`cannot ${verb} ${path}: the name is too long`);
    default:
      return code.startsWith('E') && !code.startsWith('ERR_')
        ? new CadenzaError(`cannot ${verb} ${path}: ${error.message}`)
        : error;
  }
}
