/** Trainings in the browser's storage: what each learns from, where it stands, and its model as a file. */
import { createStore as createDatabase, delMany, get, getMany, keys, setMany } from 'idb-keyval';
import { CadenzaError, type PreparedPieces } from '../../../../src/index.js';
import type { RunRecord } from './run-record.js';

/** What is stored of a training beside its record. */
export interface RunData {
  readonly pieces: PreparedPieces;
  /** The checkpoint file to go on from. */
  readonly checkpoint: Uint8Array<ArrayBuffer>;
  /** The model file: the best weights so far. */
  readonly model: Uint8Array<ArrayBuffer>;
}

const PARTS = ['record', 'pieces', 'checkpoint', 'model'] as const;
const keyOf = (id: string, part: (typeof PARTS)[number]) => `${id}/${part}`;

let opened: ReturnType<typeof createDatabase> | undefined;
function database() {
  opened ??= createDatabase('cadenza-trainings', 'trainings');
  return opened;
}

/** All trainings, the last one first. */
export async function listRuns(): Promise<RunRecord[]> {
  const all = await keys<string>(database());
  const records = await getMany<RunRecord | undefined>(
    all.filter((key) => key.endsWith('/record')),
    database(),
  );
  return records.filter((record) => record !== undefined).sort((a, b) => b.changed - a.changed);
}

/**
 * Saves a training, all of what is given or nothing.
 *
 * @throws CadenzaError when the storage is full
 */
export async function saveRun(record: RunRecord, data: Partial<RunData> = {}): Promise<void> {
  const changes: [string, unknown][] = [[keyOf(record.id, 'record'), record]];
  for (const part of ['pieces', 'checkpoint', 'model'] as const) {
    if (data[part] !== undefined) changes.push([keyOf(record.id, part), data[part]]);
  }
  try {
    await setMany(changes, database());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CadenzaError(
      `the browser's storage did not take the training (${reason}); delete trainings or models that you no longer need`,
    );
  }
}

/**
 * Everything needed to go on with a training.
 *
 * @throws CadenzaError when it is not, or no longer, in the storage
 */
export async function openRun(id: string): Promise<{ readonly record: RunRecord } & RunData> {
  const [record, pieces, checkpoint, model] = await getMany(
    PARTS.map((part) => keyOf(id, part)),
    database(),
  );
  if (!record || !pieces || !checkpoint || !model) {
    throw new CadenzaError("this training is no longer in the browser's storage; begin a new one");
  }
  return { record, pieces, checkpoint, model };
}

/** The model file of a training; undefined before it was first saved. */
export function runModel(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return get(keyOf(id, 'model'), database());
}

/** Deletes a training with all that belongs to it. */
export async function deleteRun(id: string): Promise<void> {
  await delMany(
    PARTS.map((part) => keyOf(id, part)),
    database(),
  );
}
