/**
 * A corpus: the MIDI files a model learns from, read as pieces one at a time. Nothing here touches a
 * platform: what opens folders and archives (`src/node/corpus/corpus.ts`), or a browser's file picker, only
 * has to fill in the entries.
 */
import { CadenzaError } from '../errors.js';
import { readMidi } from '../midi/read.js';
import type { NoteTable } from '../notes/note-table.js';
import { READINGS, type Reading } from '../notes/reading.js';

/** The parts of a corpus, as in MAESTRO's csv. */
export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** One MIDI file of a corpus, not yet read. */
export interface CorpusEntry {
  /** Path within the corpus, with forward slashes, such as `2011/piece.midi`. */
  readonly name: string;
  /** Where the file lies, as an error message should name it. */
  readonly location: string;
  /** The part of the corpus the file belongs to, where the corpus says. */
  readonly split?: Split;
  /** Who composed it, where the corpus says. */
  readonly composer?: string;
  /** The file's content; throws CadenzaError when it cannot be read. */
  readBytes(): Promise<Uint8Array>;
}

/** A file that was skipped or is missing, and why. */
export interface CorpusProblem {
  /** Location of the file. */
  readonly name: string;
  /** What is wrong with it, in one line that names the file. */
  readonly message: string;
}

/** What a note cache keeps of a file. */
export interface ParsedPiece {
  readonly notes: NoteTable;
  /** Number of faults that the MIDI reader warned about and survived. */
  readonly warnings: number;
}

/** Remembers parsed notes by the content of the file they came from. */
export interface NoteCache {
  get(contentHash: string, reading: Reading): ParsedPiece | undefined;
  /** Keeps the piece if it can; never throws. */
  put(contentHash: string, reading: Reading, piece: ParsedPiece): void;
}

/** What tells a file's content again; see `Corpus`. */
export type ContentMemory = Pick<Corpus, 'hashContent' | 'cache'>;

/** A file's notes, and its content's name where the corpus has contents hashed. */
export interface PieceContent extends ParsedPiece {
  /** Equal for files of equal content. */
  readonly contentHash?: string;
}

/** Ticks of a grid and windows of time are counted; a tempo of minutes a beat makes years of a short file. */
const MOST_HOURS = 24;

/** What reading an entry came to: its piece or what was thrown, a CadenzaError if the file cannot be used. */
export type ReadOutcome = { readonly content: PieceContent } | { readonly error: unknown };

/** Reads and parses entries, several at a time where that is faster. */
export interface EntryReader {
  /** How many entries to ask for in one go. */
  readonly batchSize: number;
  /** How many batches to ask for before the first is there; the pieces of so many may be in memory. */
  readonly lookAhead: number;
  /** One outcome for each entry. */
  read(entries: readonly CorpusEntry[], reading: Reading): Promise<readonly ReadOutcome[]>;
  /** Called when no more will be asked for, whatever is still being read. */
  close(): Promise<void>;
}

/** MIDI files with what is known of them before they are read. */
export interface Corpus {
  /** In a fixed order: by name, then by location. */
  readonly entries: readonly CorpusEntry[];
  /** Files missing or skipped so far; `readPieces` adds those it cannot use. */
  readonly problems: CorpusProblem[];
  /** How the notes of its files are read. */
  readonly reading: Reading;
  /** Names a file's content, equal for equal bytes: a hex digest. Without it duplicates cannot be told. */
  readonly hashContent?: (bytes: Uint8Array) => string;
  readonly cache?: NoteCache;
  /**
   * Opens what is to read the entries instead of the calling thread, if it is worth it; it hashes and caches.
   */
  readonly openReader?: (entries: readonly CorpusEntry[]) => EntryReader | undefined;
}

/** One piece of a corpus: the notes of one file. */
export interface Piece extends PieceContent {
  readonly name: string;
  readonly split?: Split;
  readonly composer?: string;
}

/**
 * Reads the pieces of a corpus, in the order of its entries; only one is in memory, and those that a reader
 * of the corpus's own looks ahead. A file that cannot be used (unreadable, no MIDI, without notes) is skipped
 * and recorded once in `corpus.problems`. For some of the entries only, pass `{ ...corpus, entries }`: the
 * list of problems stays shared.
 *
 * @throws CadenzaError after the last file when not one of them could be used
 */
export async function* readPieces(corpus: Corpus): AsyncGenerator<Piece, void, undefined> {
  const reader = corpus.openReader?.(corpus.entries) ?? readerInThisThread(corpus);
  try {
    yield* readPiecesWith(reader, corpus);
  } finally {
    await reader.close();
  }
}

async function* readPiecesWith(
  reader: EntryReader,
  { entries, reading, problems }: Corpus,
): AsyncGenerator<Piece, void, undefined> {
  const { batchSize, lookAhead } = reader;
  const underWay: Promise<readonly ReadOutcome[]>[] = [];
  let used = 0;
  let firstFailure: CorpusProblem | undefined;
  for (let from = 0, asked = 0; from < entries.length; from += batchSize) {
    for (; asked < entries.length && underWay.length < lookAhead; asked += batchSize) {
      const outcomes = reader.read(entries.slice(asked, asked + batchSize), reading);
      outcomes.catch(() => {}); // it is told when its turn comes, which may be never
      underWay.push(outcomes);
    }
    for (const [i, outcome] of (await underWay.shift())!.entries()) {
      const { name, split, composer, location } = entries[from + i];
      if ('content' in outcome) {
        used++;
        yield { name, split, ...(composer && { composer }), ...outcome.content };
        continue;
      }
      if (!(outcome.error instanceof CadenzaError)) throw outcome.error;
      const problem = { name: location, message: outcome.error.message };
      firstFailure ??= problem;
      if (!problems.some((known) => known.name === location)) problems.push(problem);
    }
  }
  if (used === 0 && firstFailure) {
    const count = entries.length;
    throw new CadenzaError(
      count === 1
        ? firstFailure.message
        : `none of the ${count} files could be used; first: ${firstFailure.message}`,
    );
  }
}

function readerInThisThread(corpus: Corpus): EntryReader {
  return {
    batchSize: 1,
    lookAhead: 1,
    read: async ([entry], reading) => [await readEntry(entry, reading, corpus)],
    close: async () => {},
  };
}

/** Reads and parses an entry in the calling thread. */
export async function readEntry(
  entry: CorpusEntry,
  reading: Reading,
  memory: ContentMemory,
): Promise<ReadOutcome> {
  try {
    return { content: parsePiece(await entry.readBytes(), entry.location, reading, memory) };
  } catch (error) {
    return { error };
  }
}

/**
 * The piece in a MIDI file, from the cache if it is there.
 *
 * @param location what to call the file in messages
 * @throws CadenzaError when no track can be read, or there are no notes
 */
export function parsePiece(
  bytes: Uint8Array,
  location: string,
  reading: Reading,
  { hashContent, cache }: ContentMemory,
): PieceContent {
  const contentHash = hashContent?.(bytes);
  const cached = contentHash && cache?.get(contentHash, reading);
  const parsed = cached || parse(bytes, location, reading);
  if (contentHash && !cached) cache?.put(contentHash, reading, parsed);
  if (parsed.notes.length === 0) throw new CadenzaError(`${location} holds no notes`);
  const hours = parsed.notes.end.reduce((latest, end) => Math.max(latest, end), 0) / 3600;
  if (hours > MOST_HOURS) {
    throw new CadenzaError(
      `${location} goes on for ${Math.floor(hours)} hours, nobody plays more than ${MOST_HOURS}; cut its rests`,
    );
  }
  return { contentHash, ...parsed };
}

function parse(bytes: Uint8Array, location: string, reading: Reading): ParsedPiece {
  const midi = readMidi(bytes, location);
  return { notes: READINGS[reading](midi), warnings: midi.warningCount };
}
