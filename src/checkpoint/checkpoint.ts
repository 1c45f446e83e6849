/**
 * Checkpoints: a model's weights together with everything needed to rebuild it, as one safetensors file.
 *
 * The configuration lies in the file's metadata (`cadenza_format`, `cadenza_config`, optionally
 * `cadenza_training`, `license` and `credit`), so that a weights file needs no second file beside it. Tensors
 * that only training needs, such as an optimiser's moments, carry the prefix `training.` in the file and are
 * kept apart in memory.
 */
import { CadenzaError, quoted } from '../errors.js';
import { type NamedTensor, readSafetensors, writeSafetensors } from './safetensors.js';

/** What every kind of model's configuration has; the kinds add their fields. It must survive JSON. */
export interface ModelConfig {
  /** Which kind of model it configures: `tutorial` or `events`. */
  readonly kind: string;
  /** Version of this kind's configuration and tensors, from 1. */
  readonly formatVersion: number;
}

/** One tensor of a checkpoint, row-major; `data` holds as many numbers as `shape` says. */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What training needs to go on from a checkpoint as if it had never stopped. */
export interface TrainingState {
  /** Epoch, step, random state, schedule and the like; it must survive JSON. */
  readonly state: Readonly<Record<string, unknown>>;
  /** An optimiser's moments and the like, by a name of their own. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/** A model's weights and configuration. */
export interface Checkpoint {
  /** What error messages call it: the path it was read from, if any. */
  readonly name?: string;
  readonly config: ModelConfig;
  /** The weights by name. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Present where training can be resumed from it. */
  readonly training?: TrainingState;
  /** SPDX expression of the licence the weights are under. */
  readonly license?: string;
  /** Whom to name when using the weights: the makers of the data they were trained on. */
  readonly credit?: string;
}

const FORMAT_VERSION = 1;
const TRAINING_PREFIX = 'training.';

/**
 * Writes a checkpoint file.
 *
 * @param options.weights `F16` halves the file's size: the weights (not the training state) are rounded to 11
 *   bits
 * @param options.notes texts for other programs, by name
 * @throws CadenzaError when a weight is not a finite number, or too large for `F16`
 */
export function encodeCheckpoint(
  checkpoint: Checkpoint,
  options: { readonly weights?: 'F32' | 'F16'; readonly notes?: Readonly<Record<string, string>> } = {},
): Uint8Array<ArrayBuffer> {
  const { config, tensors, training, license, credit } = checkpoint;
  const dtype = options.weights ?? 'F32';
  const stored: NamedTensor[] = [];
  for (const [name, tensor] of tensors) {
    if (name.startsWith(TRAINING_PREFIX)) throw new RangeError(`weights cannot be named ${name}`);
    requireFinite(checkpoint, name, tensor, dtype === 'F16' ? 65504 : undefined);
    stored.push({ name, ...tensor, dtype });
  }
  for (const [name, tensor] of training?.tensors ?? []) {
    requireFinite(checkpoint, TRAINING_PREFIX + name, tensor);
    stored.push({ name: TRAINING_PREFIX + name, ...tensor });
  }
  const metadata: Record<string, string> = {
    cadenza_format: String(FORMAT_VERSION),
    cadenza_config: JSON.stringify(config),
  };
  if (training !== undefined) metadata.cadenza_training = JSON.stringify(training.state);
  if (license !== undefined) metadata.license = license;
  if (credit !== undefined) metadata.credit = credit;
  return writeSafetensors(stored, { ...options.notes, ...metadata });
}

/**
 * Reads a checkpoint file. Which fields a configuration has beyond {@link ModelConfig} is the model's to
 * check: see `expectKind` and `expectTensors`.
 *
 * @param name what error messages call the file, usually its path
 * @throws CadenzaError when the file is damaged, is no Cadenza checkpoint, is of a newer format, or holds
 *   weights that are not finite numbers
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  const { tensors: stored, metadata } = readSafetensors(bytes, name);
  const { cadenza_format: format, cadenza_config: configJson, cadenza_training: stateJson } = metadata;
  if (format === undefined) {
    fail(name, 'not a Cadenza model: its metadata has no cadenza_format; use a file that Cadenza wrote');
  }
  if (format !== String(FORMAT_VERSION)) {
    fail(
      name,
      Number(format) > FORMAT_VERSION
        ? `checkpoint format ${brief(format)} is newer than ${FORMAT_VERSION}, the newest known here; update Cadenza`
        : `metadata cadenza_format is ${brief(format)}, expected ${FORMAT_VERSION}; write the file again`,
    );
  }
  if (configJson === undefined) {
    fail(name, 'metadata has no cadenza_config, so the model cannot be rebuilt; write the file again');
  }
  const config = parseObject(configJson, 'cadenza_config', name);
  if (typeof config.kind !== 'string' || !isVersion(config.formatVersion)) {
    fail(
      name,
      'metadata cadenza_config lacks a kind (text) or a formatVersion (whole number from 1); write the file again',
    );
  }

  const tensors = new Map<string, CheckpointTensor>();
  const trainingTensors = new Map<string, CheckpointTensor>();
  const checkpoint: Checkpoint = {
    name,
    config: config as Record<string, unknown> & ModelConfig,
    tensors,
    ...(stateJson !== undefined && {
      training: { state: parseObject(stateJson, 'cadenza_training', name), tensors: trainingTensors },
    }),
    ...(metadata.license !== undefined && { license: metadata.license }),
    ...(metadata.credit !== undefined && { credit: metadata.credit }),
  };
  for (const { name: tensorName, shape, data, dtype } of stored) {
    if (!(data instanceof Float32Array)) {
      fail(name, `tensor ${brief(tensorName)} is ${dtype}, expected F32, F16 or BF16; convert it to F32`);
    }
    const tensor = { shape, data };
    requireFinite(checkpoint, tensorName, tensor);
    if (!tensorName.startsWith(TRAINING_PREFIX)) {
      tensors.set(tensorName, tensor);
    } else if (checkpoint.training !== undefined) {
      trainingTensors.set(tensorName.slice(TRAINING_PREFIX.length), tensor);
    } else {
      fail(
        name,
        `tensor ${brief(tensorName)} belongs to a training state, but metadata has no cadenza_training; ` +
          'write the file again',
      );
    }
  }
  return checkpoint;
}

/**
 * Checks that a checkpoint is of the kind of model that is about to be built from it.
 *
 * @param kind the expected `config.kind`
 * @param newest the newest `config.formatVersion` of that kind known here
 * @throws CadenzaError when it is of another kind, or of a newer version
 */
export function expectKind(
  checkpoint: Pick<Checkpoint, 'config' | 'name'>,
  kind: string,
  newest: number,
): void {
  const { config } = checkpoint;
  if (config.kind !== kind) {
    fail(checkpoint.name, `model is a ${brief(config.kind)}, expected a ${kind}; choose another model`);
  }
  if (config.formatVersion > newest) {
    fail(
      checkpoint.name,
      `${kind} of format version ${config.formatVersion} is newer than ${newest}, the newest known here; update Cadenza`,
    );
  }
}

/**
 * Checks that a checkpoint has exactly the weights that its configuration calls for.
 *
 * @param expectedShapes the shape of each weight by name
 * @throws CadenzaError naming the first weight that is missing, mis-shaped, or too many
 */
export function expectTensors(
  checkpoint: Checkpoint,
  expectedShapes: Iterable<readonly [name: string, shape: readonly number[]]>,
): void {
  const { tensors, name } = checkpoint;
  const remedy = 'the weights do not belong to this configuration, use a file that Cadenza wrote';
  const expected = new Map(expectedShapes);
  for (const [tensorName, shape] of expected) {
    const found = tensors.get(tensorName);
    if (found === undefined) fail(name, `tensor ${tensorName} of shape [${shape}] is missing; ${remedy}`);
    if (found.shape.length !== shape.length || found.shape.some((size, i) => size !== shape[i])) {
      fail(
        name,
        `tensor ${tensorName} has shape [${brief(String(found.shape))}], expected [${shape}]; ${remedy}`,
      );
    }
  }
  for (const tensorName of tensors.keys()) {
    if (!expected.has(tensorName))
      fail(name, `tensor ${brief(tensorName)} is not part of the model; ${remedy}`);
  }
}

/** Refuses NaN and infinities, and what is larger than `limit`, the largest number the file can hold. */
function requireFinite(
  { name }: Checkpoint,
  tensorName: string,
  { data }: CheckpointTensor,
  limit = Number.MAX_VALUE,
): void {
  // A loop, for millions of weights at every checkpoint: ten times as fast as findIndex().
  let index = 0;
  while (index < data.length && Math.abs(data[index]) <= limit) index++;
  if (index === data.length) return;
  const place = `tensor ${brief(tensorName)} has ${data[index]} at position ${index}`;
  fail(
    name,
    Number.isFinite(data[index])
      ? `${place}, F16 ends at ${limit}; store the weights as F32`
      : `${place}, expected finite numbers; the training diverged, train again with a lower learning rate`,
  );
}

function parseObject(json: string, key: string, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail(name, `metadata ${key} is not a JSON object; write the file again`);
  }
  return value as Record<string, unknown>;
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** Text out of a file, fit for one line of an error message. */
function brief(text: string): string {
  return quoted(text).slice(1, -1);
}

function fail(name: string | undefined, problem: string): never {
  throw new CadenzaError(`${name ?? 'checkpoint'}: ${problem}`);
}
