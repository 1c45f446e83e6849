/**
 * A corpus: the MIDI files a model learns from, read as pieces one at a time. Nothing here touches a platform: what
 * opens folders and archives (`src/node/corpus.ts`), or a browser's file picker, only has to fill in the entries.
 */
import { CadenzaError } from '../errors.js';
import { readMidi } from '../midi/read.js';
import { notesFromMidi } from '../notes/from-midi.js';
import type { NoteTable } from '../notes/note-table.js';

/** The parts of a corpus, as in MAESTRO's csv. */
export const SPLITS = ['train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** Which notes of a file make its piece: those of its first instrument, or of all that are not drums. */
export type InstrumentChoice = 'first' | 'all';

/** One MIDI file of a corpus, not yet read. */
export interface CorpusEntry {
  /** Path within the corpus, with forward slashes, such as `2011/piece.midi`. */
  readonly name: string;
  /** Where the file lies, as an error message should name it. */
  readonly location: string;
  /** The part of the corpus the file belongs to, where the corpus says. */
  readonly split?: Split;
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
  get(contentHash: string, instruments: InstrumentChoice): ParsedPiece | undefined;
  /** Keeps the piece if it can; never throws. */
  put(contentHash: string, instruments: InstrumentChoice, piece: ParsedPiece): void;
}

/** MIDI files with what is known of them before they are read. */
export interface Corpus {
  /** In a fixed order: by name, then by location. */
  readonly entries: readonly CorpusEntry[];
  /** Files missing or skipped so far; `readPieces` adds those it cannot use. */
  readonly problems: CorpusProblem[];
  readonly instruments: InstrumentChoice;
  /** Names a file's content, equal for equal bytes: a hex digest. Without it duplicates cannot be told. */
  readonly hashContent?: (bytes: Uint8Array) => string;
  readonly cache?: NoteCache;
}

/** One piece of a corpus: the notes of one file. */
export interface Piece extends ParsedPiece {
  readonly name: string;
  readonly split?: Split;
  /** Equal for files of equal content; absent when the corpus has no `hashContent`. */
  readonly contentHash?: string;
}

/**
 * Reads the pieces of a corpus one at a time, in the order of its entries; only one is in memory. A file that cannot
 * be used (unreadable, no MIDI, without notes) is skipped and recorded once in `corpus.problems`. For some of the
 * entries only, pass `{ ...corpus, entries }`: the list of problems stays shared.
 *
 * @throws CadenzaError after the last file when not one of them could be used
 */
export async function* readPieces(corpus: Corpus): AsyncGenerator<Piece, void, undefined> {
  let used = 0;
  let firstFailure: CorpusProblem | undefined;
  for (const entry of corpus.entries) {
    let piece: Piece;
    try {
      piece = await readPiece(corpus, entry);
    } catch (error) {
      if (!(error instanceof CadenzaError)) throw error;
      const problem = { name: entry.location, message: error.message };
      firstFailure ??= problem;
      if (!corpus.problems.some((known) => known.name === problem.name)) corpus.problems.push(problem);
      continue;
    }
    used++;
    yield piece;
  }
  if (used === 0 && firstFailure) {
    const count = corpus.entries.length;
    throw new CadenzaError(
      count === 1
        ? firstFailure.message
        : `none of the ${count} files could be used; first: ${firstFailure.message}`,
    );
  }
}

async function readPiece(corpus: Corpus, entry: CorpusEntry): Promise<Piece> {
  const bytes = await entry.readBytes();
  const { name, split } = entry;
  const contentHash = corpus.hashContent?.(bytes);
  const cached = contentHash && corpus.cache?.get(contentHash, corpus.instruments);
  const parsed = cached || parsePiece(bytes, entry.location, corpus.instruments);
  if (contentHash && !cached) corpus.cache?.put(contentHash, corpus.instruments, parsed);
  if (parsed.notes.length === 0) throw new CadenzaError(`${entry.location} holds no notes`);
  return { name, split, contentHash, ...parsed };
}

function parsePiece(bytes: Uint8Array, location: string, instruments: InstrumentChoice): ParsedPiece {
  const midi = readMidi(bytes, location);
  return { notes: notesFromMidi(midi, { instruments }), warnings: midi.warningCount };
}
