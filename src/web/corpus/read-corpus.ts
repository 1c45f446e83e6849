/**
 * From dropped files to pieces: what `cadenza train` does with paths, for what a page can open. Runs in a
 * worker.
 */
import {
  type Corpus,
  type CorpusEntry,
  type CorpusProblem,
  type Piece,
  readPieces,
} from '../../dataset/corpus.js';
import { fileKindOf, MAX_FILE_BYTES } from '../../dataset/file-kind.js';
import { CadenzaError } from '../../errors.js';
import type { Reading } from '../../notes/reading.js';

/** A file with its path in the folder that was dropped. */
export interface DroppedFile {
  readonly path: string;
  readonly file: Blob;
}

export interface OpenedCorpus {
  /** In a fixed order, by name. */
  readonly entries: readonly CorpusEntry[];
  /** What is left out before it is read. */
  readonly problems: readonly CorpusProblem[];
}

/** Finds the MIDI files among what was dropped, in archives too. */
export async function openCorpus(files: readonly DroppedFile[]): Promise<OpenedCorpus> {
  const entries: CorpusEntry[] = [];
  const problems: CorpusProblem[] = [];
  for (const { path, file } of files) {
    switch (fileKindOf(path)) {
      case 'midi':
        entries.push(entry(path, async () => readFile(file, path)));
        break;
      case 'zip':
        try {
          // Half of the worker's code, for those who drop an archive.
          const { listZip } = await import('./zip-file.js');
          for (const { name, read } of await listZip(file, path)) {
            if (fileKindOf(name) !== 'midi' || isHidden(name)) continue;
            entries.push(entry(`${path}/${name}`, () => read(MAX_FILE_BYTES)));
          }
        } catch (error) {
          if (!(error instanceof CadenzaError)) throw error;
          problems.push({ name: path, message: error.message });
        }
        break;
      case undefined:
        problems.push({ name: path, message: `${path} is no MIDI file by its name` });
        break;
      case 'table':
        break; // a list of the files; here it has no say
    }
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return { entries, problems };
}

/**
 * Reads the pieces one after another. Files that cannot be used are left out and recorded in `problems`.
 *
 * @throws CadenzaError after the last file when not one of them could be used
 */
export function readCorpus(
  { entries }: OpenedCorpus,
  reading: Reading,
  problems: CorpusProblem[],
): AsyncGenerator<Piece, void, undefined> {
  const hashes = new WeakMap<Uint8Array, string>();
  const hashing = entries.map(
    (one): CorpusEntry => ({
      ...one,
      async readBytes() {
        const bytes = await one.readBytes();
        const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
        hashes.set(
          bytes,
          Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''),
        );
        return bytes;
      },
    }),
  );
  // Only a page that is served securely can hash; elsewhere copies cannot be told.
  const canHash = globalThis.crypto?.subtle !== undefined;
  const corpus: Corpus = {
    entries: canHash ? hashing : entries,
    reading,
    problems,
    ...(canHash && { hashContent: (bytes) => hashes.get(bytes) ?? '' }),
  };
  return readPieces(corpus);
}

function entry(path: string, readBytes: () => Promise<Uint8Array>): CorpusEntry {
  return { name: path, location: path, readBytes };
}

async function readFile(file: Blob, path: string): Promise<Uint8Array> {
  if (file.size > MAX_FILE_BYTES) throw new CadenzaError(`${path} is too long for a MIDI file`);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new CadenzaError(`${path} can no longer be read; it was moved or changed since it was dropped`);
  }
}

/** What systems leave beside files. */
function isHidden(path: string): boolean {
  return path.split('/').some((name) => name.startsWith('.') || name === '__MACOSX');
}
