/** The losses of a model over a corpus, read one piece at a time. */
import { type CorpusProblem, readPieces, type Split } from '../dataset/corpus.js';
import type { Engine } from '../engine/engine.js';
import type { Loaded } from '../kinds/load.js';
import { EVALUATION_BATCH, LossEvaluator } from '../kinds/tutorial/loss-evaluator.js';
import type { TutorialLstm } from '../kinds/tutorial/network.js';
import { encodeTutorial } from '../kinds/tutorial/representation.js';
import type { Losses } from '../model/losses.js';
import { openCorpus } from './corpus/corpus.js';
import { noWindowError } from './corpus/messages.js';

/** Reading is the least of the work, and every thread that reads takes 50 MB. */
const MOST_READING_THREADS = 2;

export interface EvaluateOptions {
  /** Notes from one window's first note to the next one's; 1, every window, by default. */
  readonly stride?: number;
  readonly split?: Split;
  /** Only this many files, chosen by seed. */
  readonly files?: number;
  readonly seed?: number;
  readonly cache?: boolean | string;
  /** Threads that may read and parse ahead; no more than two do, see `openCorpus`. */
  readonly threads?: number;
  /** Engines to spread every batch over; see `openEngines`. */
  readonly shards?: readonly Engine[];
  /** Called after each file. */
  readonly onFile?: (done: number, total: number, windows: number) => void;
}

/** What came of judging a tutorial model by a corpus. */
export interface Evaluation {
  readonly files: number;
  readonly notes: number;
  readonly windows: number;
  readonly stride: number;
  /** Means over all windows, in double precision. */
  readonly losses: Losses;
  /** Files that were skipped or are missing. */
  readonly problems: readonly CorpusProblem[];
}

/**
 * Evaluates the tutorial model over every window of a corpus, in memory that does not grow with it.
 *
 * @throws CadenzaError when nothing can be read, or no piece is longer than a window
 */
export async function evaluateCorpus(
  { model, parameters }: Loaded<TutorialLstm>,
  engine: Engine,
  paths: readonly string[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { stride = 1, files: fileCount, split, seed, cache, onFile } = options;
  const threads = Math.min(options.threads ?? 1, MOST_READING_THREADS);
  const corpus = await openCorpus(paths, { split, files: fileCount, seed, cache, threads });
  const evaluator = await LossEvaluator.create(model, engine, parameters, EVALUATION_BATCH, options.shards);
  try {
    let files = 0;
    let notes = 0;
    for await (const piece of readPieces(corpus)) {
      await evaluator.addPiece(encodeTutorial(piece.notes), stride);
      files++;
      notes += piece.notes.length;
      onFile?.(files, corpus.entries.length, evaluator.windows);
    }
    const { windows } = evaluator;
    if (windows === 0) throw noWindowError(paths, model.config.windowLength, corpus.problems);
    return { files, notes, windows, stride, losses: await evaluator.means(), problems: corpus.problems };
  } finally {
    await evaluator.release();
  }
}
