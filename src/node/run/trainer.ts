/** Who computes the steps of a run: the engines of this machine, unless somebody else is named. */
import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import type { Kind, PreparedPieces } from '../../kinds/kind.js';
import type { Training } from '../../run/sitting.js';
import type { DataLoader } from '../../training/data-loader.js';
import type { TrainOptions } from '../../training/options.js';
import { train } from '../../training/train.js';
import type { OpenReader } from '../corpus/corpus.js';
import { openEngines } from '../engine/engines.js';

/** How several machines share a training: each learns by itself for so many steps, then all are joined. */
export interface Rounds {
  /** Parts of the corpus that are learned from side by side. */
  readonly shards: number;
  /** Steps of each of them between two joinings. */
  readonly steps: number;
  /** How far to go from where a round began towards where its parts ended, in the mean. */
  readonly rate: number;
  /** How much of the earlier rounds' direction is kept. */
  readonly momentum: number;
}

/** What is to be trained. */
export interface TrainingTask {
  readonly kind: Kind;
  readonly config: ModelConfig;
  readonly data: PreparedPieces;
  readonly loader: DataLoader;
  readonly options: TrainOptions & { readonly rounds?: Rounds };
}

export interface Trainer {
  /** Reads the files of the corpus instead of this process, where that is not to do it. */
  readonly openReader?: OpenReader;
  /** Makes ready what computes the task. */
  begin(task: TrainingTask): Promise<Training>;
  /** Lets go of what it computes with. */
  close(): Promise<void>;
}

/** Trains with so many threads of this machine. */
export function trainerHere(threads: number): Trainer {
  let end: (() => Promise<void>) | undefined;
  return {
    async begin({ loader, options }) {
      const { engine, shards, close } = await openEngines(threads);
      end = close;
      return (from) => train(loader, engine, options, from, shards);
    },
    async close() {
      await end?.();
    },
  };
}
