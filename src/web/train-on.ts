/** Training in a page: on files that somebody gives it, with engines in workers. */
import { type Splittable, splitPieces } from '../dataset/split.js';
import { CadenzaError } from '../errors.js';
import { fittingBatch, type LoadedModel } from '../kinds/kind.js';
import { kindNamed } from '../kinds/kinds.js';
import type { ModelSizes } from '../kinds/sizes.js';
import type { MidiFile } from '../midi/midi-file.js';
import type { NoteTable } from '../notes/note-table.js';
import { READINGS } from '../notes/reading.js';
import { bestOf } from '../run/sitting.js';
import { checkTrainOptions } from '../training/check-options.js';
import type { TrainOptions } from '../training/options.js';
import type { TrainProgress } from '../training/progress.js';
import { startFrom } from '../training/start-from.js';
import { train } from '../training/train.js';
import { openEngines, type WebEngines } from './engine/engines.js';

/** What is to be trained; what is left out is the preset's. */
export interface TrainOnOptions extends Partial<TrainOptions>, ModelSizes {
  /** Which kind of model; `performance` where not given, or that of `from`. */
  readonly preset?: string;
  /** A model to learn on from. Its size is the new one's too. */
  readonly from?: LoadedModel;
  /**
   * The part of the pieces that is held out to judge by, 0 to 1; a tenth by default, none of a single one.
   */
  readonly heldOut?: number;
  /** Ends the training after the step under way, as leaving the loop does; no error is thrown. */
  readonly signal?: AbortSignal;
  /** Told of every file that is left out, in words. */
  readonly onProblem?: (error: CadenzaError) => void;
  /** Engines to train with; where not given, as many as there are cores, until the training is over. */
  readonly engines?: WebEngines;
}

/** The notes of a file. Nothing says on which side they stand. */
interface FilePiece extends Splittable {
  readonly notes: NoteTable;
}

/** A step, an epoch or a part of a judgement, and the best model so far. */
export type TrainOnProgress = TrainProgress & {
  /** The model with the best weights so far: to play with, to measure, or for `fileOfModel`. */
  model(): LoadedModel;
};

/**
 * Trains on MIDI files: the same loop as in Node, `train`, with the same progress. Nothing is kept:
 * `fileOfModel(progress.model())` is what there is to keep.
 *
 * @throws CadenzaError when there is nothing to learn from, or the options make no sense
 */
export async function* trainOn(
  files: Iterable<MidiFile> | AsyncIterable<MidiFile>,
  options: TrainOnOptions = {},
): AsyncGenerator<TrainOnProgress, void, undefined> {
  const { preset, from, heldOut, signal, onProblem, engines: given, ...rest } = options;
  const { layers, hiddenSize, headSize, contextUnits, keyFeatures, recall, guidance, styles, ...own } = rest;
  const kind = from?.kind ?? kindNamed(preset ?? 'performance');
  if (from !== undefined && preset !== undefined && kind.name !== preset) {
    throw new CadenzaError(`the model to learn on from is no ${preset} model but a ${kind.name} model`);
  }
  const sizes: ModelSizes = {
    layers,
    hiddenSize,
    headSize,
    contextUnits,
    keyFeatures,
    recall,
    guidance,
    styles,
  };
  const config = from?.model.config ?? kind.configure(sizes);
  const pieces: FilePiece[] = [];
  for await (const midi of files) {
    try {
      pieces.push({ notes: READINGS[kind.reading](midi) });
    } catch (error) {
      if (!(error instanceof CadenzaError)) throw error;
      onProblem?.(error);
    }
  }
  const usable = pieces.filter(({ notes }) => notes.length > kind.tooShort(config));
  if (usable.length === 0) {
    throw new CadenzaError(
      `no file has more than the ${kind.tooShort(config)} notes that are needed to learn from; give longer pieces`,
    );
  }
  const { seed } = { ...kind.options, ...own };
  const sides = splitPieces(usable, { seed, ...(heldOut !== undefined && { fraction: heldOut }) });
  const batchSize = fittingBatch(kind, kind.options.batchSize, sides.train.length);
  const trainOptions = checkTrainOptions({ ...kind.options, batchSize, ...own });
  const prepared = {
    train: sides.train.map(({ notes }) => kind.prepare(notes)),
    validation: sides.validation.map(({ notes }) => kind.prepare(notes)),
  };
  const loader = await kind.dataLoader(config, prepared, trainOptions);
  const engines = given ?? (await openEngines());
  try {
    const start = from && startFrom(from.parameters);
    for await (const progress of train(loader, engines.engine, trainOptions, start, engines.shards)) {
      if (signal?.aborted) return;
      const model = (): LoadedModel => ({
        kind,
        model: loader.model,
        parameters: bestOf(progress.snapshot()),
      });
      yield { ...progress, model };
    }
  } finally {
    if (given === undefined) engines.close();
  }
}
