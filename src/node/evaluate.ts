/** How well a model knows a corpus, read one piece at a time. */
import { type Corpus, type CorpusProblem, type Piece, readPieces, type Split } from '../dataset/corpus.js';
import { splitPieces } from '../dataset/split.js';
import type { Engine } from '../engine/engine.js';
import { CadenzaError } from '../errors.js';
import {
  type LoadedModel,
  type Measurement,
  type MeasureOptions,
  NothingToMeasure,
  type PieceMeasure,
} from '../kinds/kind.js';
import { type OpenReader, openCorpus } from './corpus/corpus.js';
import { firstFew } from './corpus/messages.js';

/** Reading is the least of the work, and every thread that reads takes 50 MB. */
const MOST_READING_THREADS = 2;

export interface EvaluateOptions extends Omit<MeasureOptions, 'onProgress'> {
  readonly split?: Split;
  /** Only this many files, chosen by seed. */
  readonly files?: number;
  /** Only pieces that a training on the same files with the same seed holds out. */
  readonly heldOut?: boolean;
  readonly cache?: boolean | string;
  /** Threads that may read and parse ahead; no more than two do, see `openCorpus`. */
  readonly threads?: number;
  /** Called again and again: long pieces may be heard side by side, and their files are done late. */
  readonly onFile?: (done: number, total: number, measured: string) => void;
}

/** Who measures pieces: an engine here, or others elsewhere. */
export interface Measurer {
  measure(
    loaded: LoadedModel,
    pieces: AsyncIterable<Piece>,
    options: MeasureOptions,
  ): Promise<readonly PieceMeasure[]>;
  /** Reads files instead of this process, where that is not to do it. */
  readonly openReader?: OpenReader;
}

function measurerOf(engine: Engine): Measurer {
  return { measure: (loaded, pieces, options) => loaded.kind.measure(loaded, engine, pieces, options) };
}

/** What came of measuring a model by a corpus. */
export interface Evaluation extends Measurement {
  /** Files that were skipped or are missing. */
  readonly problems: readonly CorpusProblem[];
}

/**
 * Measures a model over MIDI files, in memory that does not grow with them: the losses of a tutorial model,
 * bits a note of a model of events.
 *
 * @throws CadenzaError when nothing can be read, or no piece is long enough
 *
 * @example
 * import { createOnnxEngine, evaluate, loadModel } from 'cadenza/node';
 *
 * const { figures } = await evaluate(await loadModel('maestro'), await createOnnxEngine(), ['piece.mid']);
 * console.log(figures.bitsPerNote);
 */
export async function evaluate(
  loaded: LoadedModel,
  by: Engine | Measurer,
  paths: readonly string[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { split, files, heldOut, cache, onFile, ...measuring } = options;
  const threads = Math.min(options.threads ?? 1, MOST_READING_THREADS);
  const measurer = 'measure' in by ? by : measurerOf(by);
  const { reading } = loaded.kind;
  const { openReader } = measurer;
  const choice = { split, files, seed: options.seed };
  const opened = await openCorpus(paths, { ...choice, cache, threads, reading, openReader });
  const tooShort = loaded.kind.tooShort(loaded.model.config);
  const { corpus, belongs } = heldOut
    ? await heldOutOf(opened, tooShort, options.seed)
    : { corpus: opened, belongs: () => true };
  const onProgress = (done: number, measured: string) => onFile?.(done, corpus.entries.length, measured);
  try {
    const pieces = filter(readPieces(corpus), belongs);
    const measures = await measurer.measure(loaded, pieces, { ...measuring, onProgress });
    const measurement = await loaded.kind.summary(loaded.model.config, measures, measuring);
    return { ...measurement, problems: corpus.problems };
  } catch (error) {
    if (!(error instanceof NothingToMeasure)) throw error;
    const { problems } = corpus;
    const skipped =
      problems.length > 0 ? ` (left out: ${firstFew(problems.map((each) => each.message))})` : '';
    throw new CadenzaError(`${firstFew(paths)}: ${error.message}${skipped}`);
  }
}

/**
 * The part of a corpus that a training holds out, which all of it has to be read to know: its files, and
 * which of their pieces belong to it, as files of several folders may have one name.
 */
async function heldOutOf(corpus: Corpus, tooShort: number, seed?: number) {
  const known: Pick<Piece, 'name' | 'split' | 'contentHash'>[] = [];
  for await (const { name, split, contentHash, notes } of readPieces(corpus)) {
    if (notes.length > tooShort) known.push({ name, split, contentHash });
  }
  const { validation } = splitPieces(known, { seed });
  const names = new Set(validation.map(({ name }) => name));
  const contents = new Set(validation.map(contentOf));
  return {
    corpus: { ...corpus, entries: corpus.entries.filter(({ name }) => names.has(name)) },
    belongs: (piece: Piece) => contents.has(contentOf(piece)),
  };
}

const contentOf = ({ name, contentHash }: Pick<Piece, 'name' | 'contentHash'>) => contentHash ?? name;

async function* filter<T>(items: AsyncIterable<T>, isWanted: (item: T) => boolean) {
  for await (const item of items) if (isWanted(item)) yield item;
}
