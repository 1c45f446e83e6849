/**
 * Reads the files of a zip archive that was dropped into the page, one at a time and nothing but those asked
 * for.
 */
import {
  BlobReader,
  ERR_ENCRYPTED,
  ERR_UNSUPPORTED_COMPRESSION,
  type FileEntry,
  ZipReader,
} from '@zip.js/zip.js/index-native.js';
import { CadenzaError } from '../../errors.js';

/** One file in an archive. */
export interface ZipMember {
  /** Path within the archive. */
  readonly name: string;
  /**
   * The unpacked content.
   * @throws CadenzaError when it is damaged, encrypted or longer than `maxBytes`
   */
  read(maxBytes: number): Promise<Uint8Array>;
}

/** What goes wrong is thrown with one of these as its message. */
const PROBLEMS: Readonly<Record<string, string>> = {
  [ERR_ENCRYPTED]: 'is encrypted; unpack it first',
  [ERR_UNSUPPORTED_COMPRESSION]: 'is packed in a way that is not known here; pack it again',
};

/**
 * The files of an archive, in its order.
 *
 * @throws CadenzaError when it is no archive, or damaged
 */
export async function listZip(archive: Blob, name: string): Promise<ZipMember[]> {
  // This runs in a worker already, and the browser unpacks.
  const options = { useWebWorkers: false, useCompressionStream: true, checkSignature: true };
  const entries = await new ZipReader(new BlobReader(archive), options).getEntries().catch(() => {
    throw new CadenzaError(`${name} is damaged or no zip archive; pack it again`);
  });
  return entries
    .filter((entry) => !entry.directory)
    .map((entry) => ({
      name: entry.filename,
      read: (maxBytes) => readMember(entry, `${name}/${entry.filename}`, maxBytes),
    }));
}

async function readMember(entry: FileEntry, path: string, maxBytes: number): Promise<Uint8Array> {
  if (entry.uncompressedSize > maxBytes) throw new CadenzaError(`${path} is too long for a MIDI file`);
  try {
    const bytes = new Uint8Array(entry.uncompressedSize);
    let filled = 0;
    // An archive may say less than it holds: what is too much ends it, a bomb too.
    const write = (part: Uint8Array) => {
      bytes.set(part, filled);
      filled += part.length;
    };
    await entry.getData(new WritableStream({ write }));
    return bytes;
  } catch (error) {
    const problem = PROBLEMS[(error as Error).message] ?? 'is damaged in its archive; pack it again';
    throw new CadenzaError(`${path} ${problem}`);
  }
}
