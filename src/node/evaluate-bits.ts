/** The bits a note of a model over a corpus, read one piece at a time. */
import { type CorpusProblem, readPieces, type Split } from '../dataset/corpus.js';
import type { Engine } from '../engine/engine.js';
import { CadenzaError } from '../errors.js';
import type { Loaded } from '../kinds/load.js';
import { BitsEvaluator, bitsPerNote, bootstrapInterval } from '../kinds/performance/bits.js';
import type { EventLstm } from '../kinds/performance/network.js';
import { gridOf } from '../notes/grid.js';
import { openCorpus } from './corpus/corpus.js';

export interface EvaluateBitsOptions {
  readonly split?: Split;
  /** Only this many files, chosen by seed. */
  readonly files?: number;
  readonly seed?: number;
  readonly cache?: boolean | string;
  /** Threads that read and parse ahead; see `openCorpus`. */
  readonly threads?: number;
  /** Engines to spread every batch over; see `openEngines`. */
  readonly shards?: readonly Engine[];
  /** Called again and again: long pieces are heard side by side, and their files are done late. */
  readonly onFile?: (done: number, total: number, notes: number) => void;
}

/** What came of judging a model of events by a corpus. */
export interface BitsEvaluation {
  readonly files: number;
  readonly notes: number;
  readonly bitsPerNote: {
    readonly total: number;
    /** 95 % of such corpora, drawn anew by pieces, lie between these. */
    readonly interval: readonly [lower: number, upper: number];
    /** Of each attribute of the representation. */
    readonly attributes: Readonly<Record<string, number>>;
  };
  /** Bits a note of each piece, in the order of the corpus. */
  readonly pieces: readonly { readonly name: string; readonly notes: number; readonly bitsPerNote: number }[];
  /** Files that were skipped or are missing. */
  readonly problems: readonly CorpusProblem[];
}

/**
 * Evaluates a model of events over whole pieces: their sounding notes, on the grid.
 *
 * @throws CadenzaError when nothing can be read, or no file has a note
 */
export async function evaluateBits(
  { model, parameters }: Loaded<EventLstm>,
  engine: Engine,
  paths: readonly string[],
  options: EvaluateBitsOptions = {},
): Promise<BitsEvaluation> {
  const { files: fileCount, split, seed, cache, threads, shards, onFile } = options;
  const corpus = await openCorpus(paths, {
    split,
    files: fileCount,
    seed,
    cache,
    threads,
    instruments: 'sounding',
  });
  const evaluator = await BitsEvaluator.create(model, engine, parameters, shards);
  const names: string[] = [];
  async function* grids() {
    for await (const piece of readPieces(corpus)) {
      names.push(piece.name);
      yield gridOf(piece.notes);
    }
  }
  let done = 0;
  let notes = 0;
  try {
    const walk = evaluator.walk(grids(), (more) => {
      notes += more;
      done++;
    });
    let step = await walk.next();
    for (; !step.done; step = await walk.next()) onFile?.(done, corpus.entries.length, step.value);
    const pieces = step.value;
    onFile?.(done, corpus.entries.length, notes);
    if (notes === 0) throw new CadenzaError('there are no notes to evaluate; name files that hold some');
    const { total, ...attributes } = bitsPerNote(pieces);
    return {
      files: pieces.length,
      notes,
      bitsPerNote: { total, interval: bootstrapInterval(pieces, { seed }), attributes },
      pieces: pieces.map((piece, i) => ({
        name: names[i],
        notes: piece.notes,
        bitsPerNote: piece.bits.total / piece.notes,
      })),
      problems: corpus.problems,
    };
  } finally {
    await evaluator.release();
  }
}
