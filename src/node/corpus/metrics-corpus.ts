/** Reads the pieces that metrics compare: the notes of each file as they sound, on the grid. */
import { type CorpusProblem, readPieces, type Split } from '../../dataset/corpus.js';
import { CadenzaError } from '../../errors.js';
import type { NamedPiece } from '../../evaluation/metrics/set-metrics.js';
import { gridOf } from '../../notes/grid.js';
import { type OpenReader, openCorpus } from './corpus.js';

/** There is no interval and no step in less. */
const FEWEST_NOTES = 2;

export interface MetricsCorpusOptions {
  readonly split?: Split;
  /** Reads the files instead of this process. */
  readonly openReader?: OpenReader;
  /** Called after each file. */
  readonly onFile?: (done: number, total: number) => void;
}

export interface MetricsCorpus {
  /** In the corpus's order; 10 bytes a note. */
  readonly pieces: readonly NamedPiece[];
  /** Files that were skipped or are missing. */
  readonly problems: readonly CorpusProblem[];
}

/**
 * Reads every piece of a corpus into memory: all instruments but drums, sustained by the pedal. A file that
 * cannot be used is skipped and listed as a problem.
 *
 * @throws CadenzaError when a path leads nowhere, or no file can be used
 */
export async function readMetricsCorpus(
  paths: readonly string[],
  { split, openReader, onFile }: MetricsCorpusOptions = {},
): Promise<MetricsCorpus> {
  const corpus = await openCorpus(paths, { split, reading: 'timed', cache: false, openReader });
  const { entries, problems } = corpus;
  const missing = problems.length;
  const pieces: NamedPiece[] = [];
  const tooShort: CorpusProblem[] = [];
  let told = 0;
  /** Every file that was read since, the skipped ones too. */
  const tell = () => {
    const done = pieces.length + tooShort.length + problems.length - missing;
    for (; told < done; told++) onFile?.(told + 1, entries.length);
  };
  for await (const { name, notes } of readPieces(corpus)) {
    const grid = gridOf(notes);
    const counted = notes.beats && { beats: notes.beats, origin: notes.start[0] };
    if (grid.length >= FEWEST_NOTES) pieces.push({ name, notes: grid, ...(counted && { counted }) });
    else {
      const { location } = entries.find((entry) => entry.name === name) ?? { location: name };
      tooShort.push({ name: location, message: `${location} holds one note only; metrics need two` });
    }
    tell();
  }
  tell();
  if (pieces.length === 0) {
    const [{ message }] = [...problems.slice(missing), ...tooShort];
    throw new CadenzaError(
      entries.length === 1 ? message : `none of the ${entries.length} files could be used; first: ${message}`,
    );
  }
  return { pieces, problems: [...problems, ...tooShort] };
}
