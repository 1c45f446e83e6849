/**
 * The shards of a training in rounds: parts of the corpus, each with what its training needs to go on, as
 * they stand in a checkpoint.
 */
import { CadenzaError } from '../../errors.js';
import type { Kind, PreparedPiece } from '../../kinds/kind.js';
import { Random } from '../../random.js';
import { endless, type LearnOptions } from '../../training/check-options.js';
import type { TrainingPosition, TrainingSnapshot } from '../../training/progress.js';
import type { TrainingTask } from '../run/trainer.js';
import { CARRIED, type ShardPosition } from './jobs/learn.js';
import type { Vectors } from './packing.js';

/** What stands in a checkpoint beside the position of any training. */
export interface RoundsPosition extends TrainingPosition {
  /** Where every shard stands. */
  readonly shards: readonly ShardPosition[];
}

/** A part of the corpus, and what its training needs to go on. */
export interface Shard {
  readonly options: LearnOptions;
  /** Files: of its pieces, and of what it keeps from round to round. */
  readonly pieces: string;
  kept?: string;
  keptVectors: Vectors;
  position: ShardPosition;
}

/** How vectors of a shard are called in a checkpoint. */
const ofShard = (shard: number, name: string) => `shard${shard}.${name}`;

/**
 * Cuts pieces into parts of about as many notes, by chance.
 *
 * @throws CadenzaError when there are more parts than pieces
 */
export function shardsOf<T extends Pick<PreparedPiece, 'notes'>>(
  pieces: readonly T[],
  count: number,
  seed: number,
): T[][] {
  if (pieces.length < count) {
    throw new CadenzaError(
      `${pieces.length} pieces are too few for ${count} shards; ask for fewer, --shards, or add pieces`,
    );
  }
  const shards = Array.from({ length: count }, () => ({ notes: 0, places: [] as number[] }));
  for (const place of new Random(seed).fork('shards').shuffle([...pieces.keys()])) {
    const least = shards.reduce((few, shard) => (shard.notes < few.notes ? shard : few));
    least.places.push(place);
    least.notes += pieces[place].notes;
  }
  // In their own order: one shard alone is the corpus.
  return shards.map(({ places }) => places.sort((a, b) => a - b).map((place) => pieces[place]));
}

/** Steps of an epoch of a shard. */
export async function epochLength(
  kind: Kind,
  { config }: TrainingTask,
  train: readonly PreparedPiece[],
  options: LearnOptions,
): Promise<number> {
  const loader = await kind.dataLoader(config, { train, validation: [] }, endless(options));
  return loader.begin(1, 0, {});
}

/** @throws CadenzaError when a snapshot is of another number of shards */
export function shardPositions(from: TrainingSnapshot | undefined, count: number): readonly ShardPosition[] {
  const shards = (from?.position as Partial<RoundsPosition> | undefined)?.shards;
  if (shards?.length === count) return shards;
  if (from === undefined || from.position.updates === 0)
    return Array.from({ length: count }, () => ({ epoch: 1, step: 0, updates: 0 }));
  throw new CadenzaError(`the training state is not one of ${count} shards; start a new run`);
}

/** What a shard kept, out of a snapshot. */
export function keptOf(from: TrainingSnapshot | undefined, shard: number): Vectors {
  const prefix = ofShard(shard, '');
  const own = (vectors: Vectors = {}, begin = '') =>
    Object.entries(vectors).flatMap(([name, vector]) =>
      name.startsWith(prefix) ? [[begin + name.slice(prefix.length), vector] as const] : [],
    );
  return Object.fromEntries([...own(from?.optimiser), ...own(from?.carried, CARRIED)]);
}

/** What shards keep, by the names of a checkpoint: what their optimisers do, and the states carried along. */
export function namedByShard(shards: readonly Shard[]): Pick<TrainingSnapshot, 'optimiser' | 'carried'> {
  const vectors = shards.flatMap(({ keptVectors }, shard) =>
    Object.entries(keptVectors).map(([name, vector]) => ({ shard, name, vector })),
  );
  const isCarried = ({ name }: { readonly name: string }) => name.startsWith(CARRIED);
  const named = (some: typeof vectors, cut: number) =>
    Object.fromEntries(some.map(({ shard, name, vector }) => [ofShard(shard, name.slice(cut)), vector]));
  const own = vectors.filter((vector) => !isCarried(vector));
  return { optimiser: named(own, 0), carried: named(vectors.filter(isCarried), CARRIED.length) };
}
