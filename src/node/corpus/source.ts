import { readdir, realpath, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CorpusProblem } from '../../dataset/corpus.js';
import { fileKindOf, MAX_FILE_BYTES } from '../../dataset/file-kind.js';
import { CadenzaError } from '../../errors.js';
import { fileError, readFileBytes } from '../files/files.js';
import { listZip } from './zip.js';

/** A file in a folder or an archive. */
export interface SourceFile {
  /** Path within the source, with forward slashes. */
  readonly name: string;
  /** Path for the user to find it by. */
  readonly location: string;
  /** Equal for two ways to the same file. */
  readonly identity: string;
  /** Where it lies on disk; undefined in an archive. */
  readonly path?: string;
  read(): Promise<Uint8Array>;
}

/** The MIDI files and csv tables of a folder or an archive. */
export interface Source {
  readonly location: string;
  readonly midis: SourceFile[];
  readonly tables: SourceFile[];
  /** Folders that could not be read. */
  readonly problems: CorpusProblem[];
}

/** A file on disk, under the name it is to have in the corpus. */
export async function diskFile(path: string, name: string): Promise<SourceFile> {
  try {
    return fileAt(path, name, await realpath(path));
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

function fileAt(location: string, name: string, identity: string): SourceFile {
  const read = async () => {
    await setImmediate(); // between files of a long run, let timers and signals have their turn
    return readFileBytes(location, MAX_FILE_BYTES);
  };
  return { name, location, identity, path: location, read };
}

/**
 * Everything below a folder, links followed. Hidden files and folders are left out; they include the `._`
 * files that macOS puts beside every file on foreign disks.
 */
export async function openFolder(root: string): Promise<Source> {
  const source: Source = { location: root, midis: [], tables: [], problems: [] };
  const visited = new Set<string>();
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const path = join(root, folder);
    try {
      const identity = await realpath(path);
      if (visited.has(identity)) continue; // a link back up
      visited.add(identity);
      const listing = await readdir(path, { withFileTypes: true });
      // Of two ways to one folder the first counts, and the order of a listing is the system's whim.
      listing.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const found of listing) {
        if (isHidden(found.name)) continue;
        const name = posix.join(folder, found.name);
        const location = join(root, name);
        const isLink = found.isSymbolicLink();
        const fileKind = fileKindOf(name);
        const info = isLink ? await stat(location).catch(() => undefined) : found;
        if (!info && fileKind === 'midi') {
          source.problems.push({
            name: location,
            message: `${location}: a link to a file that does not exist`,
          });
        }
        if (info?.isDirectory()) pending.push(name);
        if (!info?.isFile() || (fileKind !== 'midi' && fileKind !== 'table')) continue;
        const file = fileAt(location, name, isLink ? await realpath(location) : join(identity, found.name));
        (fileKind === 'midi' ? source.midis : source.tables).push(file);
      }
    } catch (error) {
      const explained = fileError(error, 'read', path);
      if (!(explained instanceof CadenzaError) || folder === '') throw explained;
      source.problems.push({ name: path, message: explained.message });
    }
  }
  return source;
}

/** Everything in a zip archive, hidden files left out as in a folder. */
export async function openZip(path: string): Promise<Source> {
  const archive = await diskFile(path, path);
  const members = await listZip(path, (name) => {
    const fileKind = fileKindOf(name);
    return (fileKind === 'midi' || fileKind === 'table') && !name.split('/').some(isHidden);
  });
  const files = members.map((member) => ({
    name: member.name,
    location: `${path}/${member.name}`,
    identity: `${archive.identity}/${member.name}`,
    read: () => member.read(MAX_FILE_BYTES),
  }));
  return {
    location: path,
    midis: files.filter((file) => fileKindOf(file.name) === 'midi'),
    tables: files.filter((file) => fileKindOf(file.name) === 'table'),
    problems: [],
  };
}

function isHidden(segment: string): boolean {
  return segment.startsWith('.') || segment === '__MACOSX';
}
