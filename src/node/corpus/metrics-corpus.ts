/** Reads the pieces that metrics compare: the notes of each file as they sound, on the grid. */
import type { CorpusEntry, CorpusProblem, Split } from '../../dataset/corpus.js';
import { CadenzaError } from '../../errors.js';
import type { NamedPiece } from '../../evaluation/metrics/set-metrics.js';
import { readMidi } from '../../midi/read.js';
import { gridOf } from '../../notes/grid.js';
import { soundingNotes } from '../../notes/sounding.js';
import { openCorpus } from './corpus.js';

/** There is no interval and no step in less. */
const FEWEST_NOTES = 2;

export interface MetricsCorpusOptions {
  readonly split?: Split;
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
  { split, onFile }: MetricsCorpusOptions = {},
): Promise<MetricsCorpus> {
  const { entries, problems } = await openCorpus(paths, { split, reading: 'all', cache: false });
  const pieces: NamedPiece[] = [];
  const failures: CorpusProblem[] = [];
  for (const [i, entry] of entries.entries()) {
    try {
      pieces.push(await readPiece(entry));
    } catch (error) {
      if (!(error instanceof CadenzaError)) throw error;
      failures.push({ name: entry.location, message: error.message });
    }
    onFile?.(i + 1, entries.length);
  }
  if (pieces.length === 0) {
    const [{ message }] = failures;
    throw new CadenzaError(
      entries.length === 1 ? message : `none of the ${entries.length} files could be used; first: ${message}`,
    );
  }
  return { pieces, problems: [...problems, ...failures] };
}

async function readPiece(entry: CorpusEntry): Promise<NamedPiece> {
  const { location, name } = entry;
  const notes = gridOf(soundingNotes(readMidi(await entry.readBytes(), location)));
  if (notes.length === 0) throw new CadenzaError(`${location} holds no notes`);
  if (notes.length < FEWEST_NOTES)
    throw new CadenzaError(`${location} holds one note only; metrics need two`);
  return { name, notes };
}
