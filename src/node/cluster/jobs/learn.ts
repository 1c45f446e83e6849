/** So many steps of a part of a training: what the worker of a shard does between two joinings. */
import type { ModelConfig } from '../../../checkpoint/checkpoint.js';
import { CadenzaError } from '../../../errors.js';
import { kindOfConfig } from '../../../kinds/kinds.js';
import type { Losses } from '../../../model/losses.js';
import { checkLearnOptions, endless, type LearnOptions } from '../../../training/check-options.js';
import type { DataLoader } from '../../../training/data-loader.js';
import { NO_EPOCH_YET } from '../../../training/early-stopping.js';
import { fieldsOf, optional, wholeIn } from '../../../training/fields.js';
import type { TrainingPosition, TrainingSnapshot } from '../../../training/progress.js';
import { train } from '../../../training/train.js';
import { fileIn } from '../fields.js';
import { packVectors, unpackPrepared, unpackVectors, type Vectors } from '../packing.js';
import type { JobKind } from './job.js';

/** Where a shard stands: what is judged, and how often, it doesn't know. */
export type ShardPosition = Pick<TrainingPosition, 'epoch' | 'step' | 'updates'>;

export interface LearnData {
  /** Which part of the corpus it is. */
  readonly shard: number;
  readonly config: ModelConfig;
  readonly options: LearnOptions;
  /** File of the prepared pieces of the shard. */
  readonly pieces: string;
  /** File of the weights to begin with, `parameters` and perhaps `average`. */
  readonly from: string;
  /** File of what the optimiser and the states of this shard were; none in the first round. */
  readonly kept?: string;
  /** Where the shard stands. */
  readonly position: ShardPosition;
  /** Steps after which the round is over, counted from the first round. */
  readonly until: number;
}

export interface LearnResult {
  readonly shard: number;
  /** File of the weights to which it came. */
  readonly moved: string;
  /** File of what the shard alone needs to go on. */
  readonly kept: string;
  readonly position: ShardPosition;
  /** Means over the steps of the round. */
  readonly losses: Losses;
  readonly notesPerStep: number;
}

/** What states carried along are called among the vectors. */
export const CARRIED = 'carried.';

export const LEARN: JobKind<LearnData, LearnResult> = {
  name: 'learn',
  check(data) {
    const position = checkPosition(data.position);
    return {
      shard: wholeIn(data, 'shard', 0, 65_535),
      config: fieldsOf(data.config, 'config') as unknown as ModelConfig,
      options: checkLearnOptions(data.options),
      pieces: fileIn(data, 'pieces'),
      from: fileIn(data, 'from'),
      kept: optional(data, 'kept', fileIn),
      position,
      until: wholeIn(data, 'until', position.updates + 1),
    };
  },

  async run(data, { blobs, engine, shards, signal, tell }) {
    const { shard, config, position, until } = data;
    const options = endless(data.options);
    const kind = kindOfConfig(config);
    const pieces = unpackPrepared(await blobs.get(data.pieces), 'the pieces of a shard');
    const loader = withoutJudging(await kind.dataLoader(config, { train: pieces, validation: [] }, options));
    const weights = unpackVectors(await blobs.get(data.from), 'the weights of a round');
    const kept =
      data.kept === undefined ? {} : unpackVectors(await blobs.get(data.kept), 'the state of a shard');
    const steps = until - position.updates;
    const sums: Record<string, number> = {};
    for await (const progress of train(loader, engine, options, beginning(weights, kept, position), shards)) {
      signal.throwIfAborted();
      if (progress.type !== 'step') continue;
      for (const [name, loss] of Object.entries(progress.losses)) sums[name] = (sums[name] ?? 0) + loss;
      tell(1 - (until - progress.updates) / steps);
      if (progress.updates < until) continue;
      const { parameters, averageParameters, optimiser, carried, position: after } = progress.snapshot();
      const { epoch, step, updates } = after;
      const moved = { parameters, ...(averageParameters && { average: averageParameters }) };
      const states = Object.entries(carried).map(([name, state]) => [CARRIED + name, state]);
      return {
        shard,
        moved: await blobs.put(packVectors(moved)),
        kept: await blobs.put(packVectors({ ...optimiser, ...Object.fromEntries(states) })),
        position: { epoch, step, updates },
        losses: Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / steps])),
        notesPerStep: loader.notesPerStep,
      };
    }
    throw new CadenzaError(`the training of shard ${shard} was over before step ${until}; start a new run`);
  },
};

function beginning(weights: Vectors, kept: Vectors, position: ShardPosition): TrainingSnapshot {
  const isCarried = (name: string) => name.startsWith(CARRIED);
  const own = Object.entries(kept);
  return {
    parameters: weights.parameters,
    ...(weights.average && { averageParameters: weights.average }),
    optimiser: Object.fromEntries(own.filter(([name]) => !isCarried(name))),
    carried: Object.fromEntries(
      own.filter(([name]) => isCarried(name)).map(([name, state]) => [name.slice(CARRIED.length), state]),
    ),
    position: { ...position, lossSums: {}, stopping: NO_EPOCH_YET },
  };
}

/** What a shard learns is judged when all are joined, by pieces that it doesn't have. */
function withoutJudging(loader: DataLoader): DataLoader {
  return {
    model: loader.model,
    batch: loader.batch,
    begin: (epoch, step, carried) => loader.begin(epoch, step, carried),
    get notesPerStep() {
      return loader.notesPerStep;
    },
    get lossScale() {
      return loader.lossScale;
    },
    next: () => loader.next(),
    carryOn: (results) => loader.carryOn(results),
    carried: () => loader.carried(),
    async validator() {
      return {
        notes: 0,
        // biome-ignore lint/correctness/useYield: there is nothing to judge
        async *validate() {
          return undefined;
        },
        async release() {},
      };
    },
  };
}

function checkPosition(value: unknown): ShardPosition {
  const fields = fieldsOf(value, 'position');
  return {
    epoch: wholeIn(fields, 'epoch', 1),
    step: wholeIn(fields, 'step'),
    updates: wholeIn(fields, 'updates'),
  };
}
