/** Who computes the steps of a run: the engines of this machine, unless somebody else is named. */
import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import type { Kind, PreparedPieces } from '../../kinds/kind.js';
import type { Training } from '../../run/sitting.js';
import type { DataLoader } from '../../training/data-loader.js';
import type { TrainOptions } from '../../training/options.js';
import { train } from '../../training/train.js';
import type { OpenReader } from '../corpus/corpus.js';
import type { Device } from '../engine/devices.js';
import { openEngines } from '../engine/engines.js';
import { defaultThreads } from '../engine/onnx-engine.js';

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
  /** Whether it trains in rounds, as many machines do. */
  readonly inRounds: boolean;
  /** Reads the files of the corpus instead of this process, where that is not to do it. */
  readonly openReader?: OpenReader;
  /** Makes ready what computes the task. */
  begin(task: TrainingTask): Promise<Training>;
  /** Lets go of what it computes with. */
  close(): Promise<void>;
}

/**
 * Trains on a device of this machine, on the processor with so many threads.
 *
 * @param say told once, in words, where another device computes than was asked for
 */
export function trainerHere(
  threads = defaultThreads(),
  device?: Device,
  say?: (message: string) => void,
): Trainer {
  let end: (() => Promise<void>) | undefined;
  return {
    inRounds: false,
    async begin({ loader, options }) {
      const { engine, shards, close } = await openEngines(threads, device, say);
      end = close;
      return (from) => train(loader, engine, options, from, shards);
    },
    async close() {
      await end?.();
    },
  };
}
