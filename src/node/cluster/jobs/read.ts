/** Reads MIDI files, which come as their content: a worker opens nothing by its name. */
import { type PieceContent, parsePiece } from '../../../dataset/corpus.js';
import { CadenzaError } from '../../../errors.js';
import { READINGS, type Reading } from '../../../notes/reading.js';
import { choiceIn, fieldsOf, listIn, textIn } from '../../../training/fields.js';
import { fileIn } from '../fields.js';
import { type PackedNotes, packNotes } from '../packing.js';
import type { JobKind } from './job.js';

/** Most files of a job. */
const MOST_FILES = 10_000;

export interface ReadData {
  readonly files: readonly {
    /** Its content. */
    readonly file: string;
    /** What to call it in messages. */
    readonly location: string;
  }[];
  readonly reading: Reading;
}

export interface ReadResult {
  /** File of the notes of those that could be read, with the reader's number of warnings. */
  readonly notes: string;
  /** What is wrong with the others, in words; null for those that could be read. */
  readonly problems: readonly (string | null)[];
}

export const READ: JobKind<ReadData, ReadResult> = {
  name: 'read',
  check: (data) => ({
    files: listIn(data, 'files', MOST_FILES).map((each) => {
      const fields = fieldsOf(each, 'files');
      return { file: fileIn(fields, 'file'), location: textIn(fields, 'location') };
    }),
    reading: choiceIn(data, 'reading', Object.keys(READINGS) as Reading[]),
  }),
  async run({ files, reading }, { blobs, signal, tell }) {
    const pieces: PackedNotes<number>[] = [];
    const problems: (string | null)[] = [];
    for (const { file, location } of files) {
      signal.throwIfAborted();
      const outcome = read(await blobs.get(file), location, reading);
      if (typeof outcome !== 'string') pieces.push({ notes: outcome.notes, about: outcome.warnings });
      problems.push(typeof outcome === 'string' ? outcome : null);
      tell(problems.length / files.length);
    }
    return { notes: await blobs.put(packNotes(pieces)), problems };
  },
};

function read(bytes: Uint8Array, location: string, reading: Reading): PieceContent | string {
  try {
    return parsePiece(bytes, location, reading, {});
  } catch (error) {
    if (error instanceof CadenzaError) return error.message;
    throw error;
  }
}
