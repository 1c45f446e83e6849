/** From the paths a user names to the encoded pieces that training takes. */
import { createHash } from 'node:crypto';
import { readPieces, type Split } from '../dataset/corpus.js';
import { splitPieces } from '../dataset/split.js';
import { CadenzaError } from '../errors.js';
import { encodeTutorial } from '../representation/tutorial.js';
import type { TrainingData } from '../training/train.js';
import { openCorpus } from './corpus.js';

export interface TrainingCorpusOptions {
  readonly split?: Split;
  /** Only this many files, chosen by seed. */
  readonly files?: number;
  readonly seed: number;
  readonly cache?: boolean | string;
  /** Called before each file is read. */
  readonly onFile?: (done: number, total: number) => void;
}

export interface TrainingCorpus {
  readonly data: TrainingData;
  readonly train: PartSummary;
  readonly validation: PartSummary;
  /** One line a file that was skipped or is missing. */
  readonly problems: readonly string[];
  /** Equal if and only if the same notes are on the same sides. */
  readonly fingerprint: string;
}

export interface PartSummary {
  /** Names of its files, in order. */
  readonly names: readonly string[];
  readonly notes: number;
}

/**
 * Reads a corpus for training: all notes stay in memory, 12 bytes a note.
 *
 * @throws CadenzaError when there is nothing to read, or nothing left to train on
 */
export async function readTrainingCorpus(
  paths: readonly string[],
  options: TrainingCorpusOptions,
): Promise<TrainingCorpus> {
  const { split, files, seed, cache } = options;
  const corpus = await openCorpus(paths, { split, files, seed, cache });
  const pieces = [];
  for await (const piece of readPieces(corpus)) {
    const { name, contentHash, notes } = piece;
    pieces.push({ name, split: piece.split, contentHash, features: encodeTutorial(notes) });
    options.onFile?.(pieces.length, corpus.entries.length);
  }
  const { train, validation } = splitPieces(pieces, { seed });
  if (train.length === 0) throw new CadenzaError(`${paths.join(', ')}: no piece left to train on; add files`);
  const hash = createHash('sha256');
  for (const [side, part] of Object.entries({ train, validation })) {
    for (const { features } of part) hash.update(side).update(features);
  }
  const summary = (part: typeof train): PartSummary => ({
    names: part.map(({ name }) => name),
    notes: part.reduce((total, { features }) => total + features.length / 3, 0),
  });
  return {
    data: {
      train: train.map(({ features }) => features),
      validation: validation.map(({ features }) => features),
    },
    train: summary(train),
    validation: summary(validation),
    problems: corpus.problems.map(({ message }) => message),
    fingerprint: hash.digest('hex'),
  };
}
