/** Between a training snapshot and the checkpoint file that holds it. */

import type { Checkpoint, CheckpointTensor } from '../checkpoint/checkpoint.js';
import { CadenzaError } from '../errors.js';
import { modelFromCheckpoint } from '../kinds/load.js';
import type { Model } from '../model/model.js';
import { namedViews, parameterCount } from '../model/parameters.js';
import type { TrainingPosition, TrainingSnapshot } from '../training/progress.js';
import type { PendingLosses } from './loss-recorder.js';

/** What a run notes beside the position, for itself. */
export interface RunNotes {
  /** Records in the loss log when the snapshot was taken. */
  readonly lossRecords: number;
  /** Seconds trained until then. */
  readonly seconds: number;
  /** Losses that are in no record yet. */
  readonly pending?: PendingLosses;
}

/** Vectors beside those that the optimiser keeps. */
const OTHERS = ['bestParameters', 'averageParameters'] as const;
/** What the names of carried states begin with among the training tensors. */
const CARRIED = 'carried.';

const vector = (data: Float32Array): CheckpointTensor => ({ shape: [data.length], data });

/** A checkpoint from which training resumes to the same weights, bit for bit. */
export function snapshotToCheckpoint(model: Model, snapshot: TrainingSnapshot, notes: RunNotes): Checkpoint {
  const tensors = new Map(
    Object.entries(snapshot.optimiser).map(([name, data]) => [name, vector(data)] as const),
  );
  for (const name of OTHERS) {
    const data = snapshot[name];
    if (data !== undefined) tensors.set(name, vector(data));
  }
  for (const [name, data] of Object.entries(snapshot.carried)) tensors.set(CARRIED + name, vector(data));
  return {
    config: model.config,
    tensors: namedViews(snapshot.parameters, model.parameters),
    training: { state: { position: snapshot.position, ...notes }, tensors },
  };
}

/**
 * The inverse of {@link snapshotToCheckpoint}.
 *
 * @throws CadenzaError when the checkpoint holds no training state, or a damaged one
 */
export function checkpointToSnapshot(checkpoint: Checkpoint): {
  snapshot: TrainingSnapshot;
  notes: RunNotes;
} {
  const { model, parameters } = modelFromCheckpoint(checkpoint);
  const fail = (what: string): never => {
    throw new CadenzaError(`${checkpoint.name ?? 'checkpoint'}: ${what}; training cannot be resumed from it`);
  };
  const { state, tensors } = checkpoint.training ?? fail('holds no training state');
  const size = parameterCount(model.parameters);
  const read = (name: string): Float32Array => {
    const tensor = tensors.get(name) ?? fail(`training state lacks ${name}`);
    return tensor.data.length === size
      ? tensor.data
      : fail(`${name} has ${tensor.data.length} numbers, not ${size}`);
  };
  const isOther = (name: string) => name.startsWith(CARRIED) || (OTHERS as readonly string[]).includes(name);
  const states = [...tensors.keys()].filter((name) => !isOther(name));
  const carried = [...tensors].filter(([name]) => name.startsWith(CARRIED));
  const { position, lossRecords, seconds, pending } = state;
  const isTime = typeof seconds === 'number' && seconds >= 0;
  if (!isPosition(position) || !isCount(lossRecords) || !isTime) fail('training state has no position');
  return {
    snapshot: {
      parameters,
      optimiser: Object.fromEntries(states.map((name) => [name, read(name)])),
      bestParameters: tensors.has('bestParameters') ? read('bestParameters') : undefined,
      averageParameters: tensors.has('averageParameters') ? read('averageParameters') : undefined,
      carried: Object.fromEntries(carried.map(([name, { data }]) => [name.slice(CARRIED.length), data])),
      position: position as TrainingPosition,
    },
    notes: {
      lossRecords: lossRecords as number,
      seconds: seconds as number,
      ...(isPending(pending) && { pending }),
    },
  };
}

const isCount = (value: unknown, least = 0): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least;

/** Losses by name; one that is not finite is null in JSON. */
const areLosses = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((loss) => loss === null || typeof loss === 'number');

function isPosition(value: unknown): value is TrainingPosition {
  const { epoch, step, updates, lossSums, stopping, judgedAt } = (value ?? {}) as Partial<TrainingPosition>;
  const { bestEpoch, bestLoss, epochsSinceBest } = stopping ?? {};
  return (
    isCount(epoch, 1) &&
    [step, updates, bestEpoch, epochsSinceBest].every((count) => isCount(count)) &&
    areLosses(lossSums) &&
    (bestLoss === null || typeof bestLoss === 'number') &&
    (judgedAt === undefined || isCount(judgedAt))
  );
}

/** Runs of before there were any have none. */
function isPending(value: unknown): value is PendingLosses {
  const { sums, count } = (value ?? {}) as Partial<PendingLosses>;
  return areLosses(sums) && isCount(count);
}
