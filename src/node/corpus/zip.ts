import { crc32 } from 'node:zlib';
import { type Entry, openPromise } from 'yauzl';
import { CadenzaError } from '../../errors.js';
import { fileError, readStream, requireLength } from '../files/files.js';

/** One file in a zip archive. */
export interface ZipMember {
  /** Path within the archive, with forward slashes. */
  readonly name: string;
  /**
   * The unpacked content; nothing is written to disk and no more than `maxBytes` is ever held.
   * @throws CadenzaError when it is damaged, encrypted or longer than `maxBytes`
   */
  read(maxBytes: number): Promise<Uint8Array>;
}

/**
 * The files of a zip archive whose name is wanted, in the archive's order. Only the archive's directory is
 * read; it is opened anew for each file, so that nothing has to be closed.
 *
 * @throws CadenzaError when the archive is missing or damaged
 */
export async function listZip(path: string, wanted: (name: string) => boolean): Promise<ZipMember[]> {
  try {
    const zip = await openPromise(path, { lazyEntries: true });
    const members: ZipMember[] = [];
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/') || !wanted(entry.fileName)) continue;
      members.push({ name: entry.fileName, read: (maxBytes) => readMember(path, entry, maxBytes) });
    }
    return members;
  } catch (error) {
    throw zipError(error, path, `${path} cannot be read as a zip archive`);
  }
}

async function readMember(path: string, entry: Entry, maxBytes: number): Promise<Uint8Array> {
  const location = `${path}/${entry.fileName}`;
  requireLength(location, entry.uncompressedSize, maxBytes);
  if (entry.isEncrypted()) throw new CadenzaError(`${location} is encrypted; unpack the archive first`);
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    try {
      // The stream fails by itself when it does not hold as many bytes as the directory says.
      const stream = await zip.openReadStreamPromise(entry);
      const bytes = await readStream(location, stream, maxBytes);
      if (crc32(bytes) !== entry.crc32)
        throw new CadenzaError(`${location} is damaged: its checksum is wrong`);
      return bytes;
    } finally {
      zip.close();
    }
  } catch (error) {
    throw zipError(error, path, `${location} cannot be unpacked`);
  }
}

/**
 * Yauzl and zlib throw plain errors for archives they cannot read: those are the archive's fault, not ours.
 */
function zipError(error: unknown, path: string, summary: string): unknown {
  const explained = fileError(error, 'read', path);
  if (explained instanceof CadenzaError || !(explained instanceof Error)) return explained;
  return new CadenzaError(`${summary}: ${explained.message}`);
}
