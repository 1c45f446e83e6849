import { stat } from 'node:fs/promises';
import { basename, dirname, join, posix, sep } from 'node:path';
import type {
  ContentMemory,
  Corpus,
  CorpusEntry,
  CorpusProblem,
  EntryReader,
  Split,
} from '../../dataset/corpus.js';
import { fileKindOf, MAX_FILE_BYTES } from '../../dataset/file-kind.js';
import { CadenzaError } from '../../errors.js';
import type { Reading } from '../../notes/reading.js';
import { Random } from '../../random.js';
import { fileError, readFileBytes } from '../files/files.js';
import { type CorpusTable, parseCorpusTable, type TableEntry } from './corpus-table.js';
import { firstFew } from './messages.js';
import { createNoteCache, defaultCacheFolder, hashContent } from './note-cache.js';
import { type FileEntry, openReader, type ReaderThreads } from './reader.js';
import { diskFile, openFolder, openZip, type Source, type SourceFile } from './source.js';

/** What to take of a corpus. */
export interface CorpusOptions {
  /** Only files marked as this part of the corpus. */
  split?: Split;
  /** Only this many files, chosen at random; a smaller choice by the same seed is part of a larger one. */
  files?: number;
  /** Chooses the files; 0 by default. */
  seed?: number;
  /** How the notes of files are read: as the tutorial does, of the first instrument, by default. */
  reading?: Reading;
  /**
   * Where to keep parsed notes: a folder, true for the user's cache folder (by default), or false for
   * nowhere.
   */
  cache?: boolean | string;
  /**
   * Threads that read and parse, the calling one included: how many (1 by default), or some that were started
   * before and are ended by whoever did. Those of a number are started for each reading of many files, and
   * end with it.
   */
  threads?: number | ReaderThreads;
  /** Opens what is to read the files instead; those whose notes are cached are not asked of it. */
  openReader?: OpenReader;
}

/** Opens what reads and parses files for a corpus, given what that remembers of contents. */
export type OpenReader = (memory: ContentMemory) => EntryReader;

/**
 * Finds the MIDI files of a corpus without reading them. A path is
 * - a MIDI file,
 * - a folder, searched through for `.mid`, `.midi`, `.kar` and `.rmi` files,
 * - a `.zip` archive of such files, which is never unpacked to disk,
 * - a csv in MAESTRO's layout (columns `midi_filename` and `split`), for the files that it names beside it,
 *   or
 * - a glob pattern such as `midi/2004-*.mid`, when no file has that very name.
 *
 * Files of a folder or an archive take their split from the MAESTRO-like csv in it, if there is one. A file
 * that is reached in several ways counts once. What was missing or unreadable is in `problems`.
 *
 * @throws CadenzaError when a path leads nowhere, or there is no MIDI file at all or none of the split
 */
export async function openCorpus(paths: readonly string[], options: CorpusOptions = {}): Promise<Corpus> {
  const { split, files, seed = 0, reading = 'first', cache = true, threads = 1, openReader: open } = options;
  if (files !== undefined && !(Number.isInteger(files) && files > 0)) {
    throw new CadenzaError(`the number of files to take must be a whole number above 0, not ${files}`);
  }
  const collector = new Collector(split);
  for (const path of paths) await collector.addPath(path);
  const entries = choose(collector.entries(paths), files, seed);
  const cacheFolder = cache === true ? defaultCacheFolder() : cache || undefined;
  const memory = { hashContent, cache: cacheFolder ? createNoteCache(cacheFolder) : undefined };
  return {
    entries,
    problems: collector.problems,
    reading,
    ...memory,
    openReader: (files) => open?.(memory) ?? openReader(threads, files, memory, cacheFolder),
  };
}

/** `count` of the entries, in their order. */
function choose(entries: CorpusEntry[], count = entries.length, seed: number): CorpusEntry[] {
  if (count >= entries.length) return entries;
  const chosen = new Set(new Random(seed).shuffle([...entries]).slice(0, count));
  return entries.filter((entry) => chosen.has(entry));
}

/** Gathers files from the paths given, each once. */
class Collector {
  readonly problems: CorpusProblem[] = [];
  readonly #found = new Map<string, FileEntry>();
  /** Folders and archives without a MIDI file. */
  readonly #empty: string[] = [];
  readonly #split: Split | undefined;

  constructor(split: Split | undefined) {
    this.#split = split;
  }

  /** All files found that belong to the wanted split, in the corpus's order. */
  entries(paths: readonly string[]): CorpusEntry[] {
    const all = [...this.#found.values()];
    const places = firstFew(paths);
    if (all.length === 0) {
      const reason = this.problems.length > 0 ? `: ${this.problems[0].message}` : '';
      throw new CadenzaError(`no MIDI file (.mid, .midi, .kar or .rmi) in ${places}${reason}`);
    }
    for (const location of this.#empty) this.#report(location, `no MIDI file in ${location}`);
    const wanted = this.#split === undefined ? all : all.filter((entry) => entry.split === this.#split);
    if (wanted.length === 0) {
      const remedy = 'splits come from a csv such as maestro-v2.0.0.csv in the folder';
      throw new CadenzaError(
        `none of the ${all.length} files in ${places} is marked ${this.#split}; ${remedy}`,
      );
    }
    return wanted.sort((a, b) => compare(a.name, b.name) || compare(a.location, b.location));
  }

  async addPath(path: string): Promise<void> {
    const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw fileError(error, 'read', path);
    });
    if (!info) return this.#addPattern(path);
    if (info.isDirectory()) return this.#addSource(await openFolder(path));
    switch (fileKindOf(path)) {
      case 'zip':
        return this.#addSource(await openZip(path));
      case 'table':
        return this.#addTable(path);
      default: // a MIDI file under any name: reading will tell
        this.#addFile(await diskFile(path, path.split(sep).join('/')));
    }
  }

  async #addPattern(pattern: string): Promise<void> {
    const { glob, isDynamicPattern } = await import('tinyglobby');
    if (!isDynamicPattern(pattern)) throw new CadenzaError(`${pattern}: no such file or folder`);
    const matches = await glob(pattern.split(sep).join('/'), { expandDirectories: false });
    const usable = matches.filter((match) => fileKindOf(match));
    if (usable.length === 0) throw new CadenzaError(`no MIDI file matches ${pattern}`);
    for (const match of usable) await this.addPath(match);
  }

  async #addTable(path: string): Promise<void> {
    const folder = dirname(path);
    const table = parseCorpusTable(decodeText(await readFileBytes(path, MAX_FILE_BYTES)), path);
    if (!table)
      throw new CadenzaError(`${path} is no corpus table: it has no columns midi_filename and split`);
    const midis: SourceFile[] = [];
    for (const name of table.files.keys()) {
      const location = join(folder, name);
      const info = await stat(location).catch(() => undefined);
      if (info?.isFile()) midis.push(await diskFile(location, posix.normalize(name)));
    }
    this.#addFiles(midis, [{ name: basename(path), location: path, table }]);
  }

  async #addSource(source: Source): Promise<void> {
    this.problems.push(...source.problems);
    const tables: NamedTable[] = [];
    for (const { name, location, read } of source.tables) {
      try {
        const table = parseCorpusTable(decodeText(await read()), location);
        if (table) tables.push({ name, location, table });
      } catch (error) {
        if (!(error instanceof CadenzaError)) throw error;
        this.#report(location, error.message);
      }
    }
    this.#addFiles(source.midis, tables);
    if (source.midis.length === 0) this.#empty.push(source.location);
  }

  /**
   * Adds files with what tables of the same source say of them, and reports what the tables miss.
   */
  #addFiles(midis: readonly SourceFile[], tables: readonly NamedTable[]): void {
    const present = new Set(midis.map((file) => file.name));
    const told = new Map<string, TableEntry>();
    for (const { name, location, table } of tables) {
      const folder = posix.dirname(name);
      const missing: string[] = [];
      for (const [listed, entry] of table.files) {
        const file = posix.join(folder, listed);
        if (present.has(file)) told.set(file, joined(told.get(file), entry));
        else if (this.#split === undefined || entry.split === this.#split) missing.push(listed);
      }
      if (missing.length > 0) this.#report(location, missingMessage(location, missing, table.files.size));
      if (table.unknownSplits.length > 0) {
        this.#report(location, `${location}: not a split, and ignored: ${firstFew(table.unknownSplits)}`);
      }
    }
    for (const file of midis) this.#addFile(file, told.get(file.name));
  }

  #addFile({ name, location, identity, path, read }: SourceFile, told: TableEntry = {}): void {
    const known = this.#found.get(identity);
    const entry = known ?? { name, location, path, readBytes: read };
    this.#found.set(identity, { ...entry, ...joined(known, told) });
  }

  #report(name: string, message: string): void {
    this.problems.push({ name, message });
  }
}

interface NamedTable {
  /** Path within its source. */
  readonly name: string;
  readonly location: string;
  readonly table: CorpusTable;
}

/** What is known already, and what else is. */
function joined(known: TableEntry = {}, { split, composer }: TableEntry): TableEntry {
  return { split: known.split ?? split, composer: known.composer ?? composer };
}

function missingMessage(location: string, missing: string[], listed: number): string {
  return `${missing.length} of the ${listed} files that ${location} names are missing: ${firstFew(missing)}`;
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** By UTF-16 code units: the same order in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
