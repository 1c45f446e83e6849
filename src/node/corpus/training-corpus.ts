/** From the paths a user names to the encoded pieces that training takes. */
import { createHash } from 'node:crypto';
import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import { readPieces, type Split } from '../../dataset/corpus.js';
import { splitPieces } from '../../dataset/split.js';
import type { Kind, PreparedPieces } from '../../kinds/kind.js';
import { type OpenReader, openCorpus } from './corpus.js';
import { firstFew, noWindowError } from './messages.js';

export interface TrainingCorpusOptions {
  /** What is to be made of the pieces, and with which model: too short ones are left out. */
  readonly kind: Kind;
  readonly model: ModelConfig;
  readonly split?: Split;
  /** Only this many files, chosen by seed. */
  readonly files?: number;
  /** Chooses files and the held-out pieces. */
  readonly seed: number;
  readonly cache?: boolean | string;
  /** Threads that read and parse ahead; see `openCorpus`. */
  readonly threads?: number;
  /** Reads the files instead of this process. */
  readonly openReader?: OpenReader;
  /** Called after each file that was read. */
  readonly onFile?: (done: number, total: number) => void;
}

export interface TrainingCorpus {
  readonly data: PreparedPieces;
  readonly train: PartSummary;
  readonly validation: PartSummary;
  /** One line each about what was left out. */
  readonly problems: readonly string[];
  /**
   * Equal if and only if the same notes are on the same sides, and, where the model learns styles, by the
   * same composers.
   */
  fingerprint(model: ModelConfig): string;
}

export interface PartSummary {
  /** Names of its files, in order. */
  readonly names: readonly string[];
  readonly notes: number;
}

/**
 * Reads a corpus for training: all notes stay in memory, 12 bytes a note for the tutorial model, 18 for the
 * others.
 *
 * @throws CadenzaError when there is nothing to read, or no piece is longer than a window
 */
export async function readTrainingCorpus(
  paths: readonly string[],
  { kind, model, split, files, seed, cache, threads, openReader, onFile }: TrainingCorpusOptions,
): Promise<TrainingCorpus> {
  const { reading } = kind;
  const corpus = await openCorpus(paths, { split, files, seed, cache, threads, reading, openReader });
  const tooShort = kind.tooShort(model);
  const pieces = [];
  const short: string[] = [];
  let read = 0;
  for await (const { name, notes, ...piece } of readPieces(corpus)) {
    if (notes.length > tooShort) {
      pieces.push({
        name,
        split: piece.split,
        contentHash: piece.contentHash,
        prepared: kind.prepare(notes, piece.composer),
      });
    } else short.push(name);
    onFile?.(++read, corpus.entries.length);
  }
  if (pieces.length === 0) throw noWindowError(paths, tooShort, corpus.problems);
  const problems = corpus.problems.map(({ message }) => message);
  if (short.length > 0) {
    const remedy = `no more than the ${tooShort} notes of a window`;
    problems.push(`${short.length} of ${read} pieces left out, as they have ${remedy}: ${firstFew(short)}`);
  }
  const { train, validation } = splitPieces(pieces, { seed });
  const summary = (part: typeof train): PartSummary => ({
    names: part.map(({ name }) => name),
    notes: part.reduce((total, { prepared }) => total + prepared.notes, 0),
  });
  const data = {
    train: train.map(({ prepared }) => prepared),
    validation: validation.map(({ prepared }) => prepared),
  };
  return {
    data,
    train: summary(train),
    validation: summary(validation),
    problems,
    fingerprint: (model) => fingerprintOf(data, (kind.stylesOf?.(model) ?? []).length > 0),
  };
}

function fingerprintOf(data: PreparedPieces, learnsStyles: boolean): string {
  const hash = createHash('sha256');
  for (const side of ['train', 'validation'] as const) {
    for (const { arrays, composer } of data[side]) {
      hash.update(side);
      for (const array of arrays) hash.update(array);
      if (learnsStyles) hash.update(JSON.stringify(composer ?? null));
    }
  }
  return hash.digest('hex');
}
