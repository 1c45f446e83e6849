/**
 * The run folder of `cadenza train`: everything about one training, so that it can be repeated, resumed and
 * judged.
 *
 *     config.json        what to do: model, data, options, seed, versions
 *     losses.jsonl       one loss record a line, as training goes
 *     losses.svg         the same as a picture
 *     best.safetensors   the best weights so far
 *     last.safetensors   weights and training state to resume from
 *     lock               while a process trains in it
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LossRecord } from '../../charts/loss-plot.js';
import type { ModelConfig } from '../../checkpoint/checkpoint.js';
import { CadenzaError } from '../../errors.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { fileError, readFileBytes } from '../files/files.js';
import { lockFolder } from './folder-lock.js';
import { LossLog } from './loss-log.js';

/** What `config.json` holds: everything needed to repeat a training. It must survive JSON. */
export interface RunConfig {
  /** Version of the run folder's layout. */
  readonly formatVersion: number;
  /** Name of the preset it started from, for example `tutorial`. */
  readonly preset: string;
  readonly model: ModelConfig;
  readonly data: {
    /** The corpus: files and folders, absolute so that a run can be resumed from anywhere. */
    readonly paths: readonly string[];
    /** Names of the files on either side. */
    readonly train: readonly string[];
    readonly validation: readonly string[];
    /** Tells whether the corpus is still the same when the run is resumed. */
    readonly fingerprint: string;
  };
  /** Everything else that was chosen: batch size, learning rate, epochs and so on. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Versions of what computed it, such as `cadenza`, `node` and `onnxruntime`. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Which weights: the best by the losses so far, or those of the last checkpoint with the state to resume
 * from.
 */
export type CheckpointName = 'best' | 'last';

const FORMAT_VERSION = 1;
const CONFIG_FILE = 'config.json';
const LOSSES_FILE = 'losses.jsonl';
const PLOT_FILE = 'losses.svg';
const RUN_FILES = [CONFIG_FILE, LOSSES_FILE, PLOT_FILE, 'best.safetensors', 'last.safetensors'];

/** A run folder that this process has locked; made by {@link createRun} or {@link openRun}. */
export class RunFolder {
  readonly path: string;
  readonly config: RunConfig;
  readonly #log: LossLog;
  readonly #unlock: () => void;

  /** @internal */
  constructor(path: string, config: RunConfig, log: LossLog, unlock: () => void) {
    this.path = path;
    this.config = config;
    this.#log = log;
    this.#unlock = unlock;
  }

  /**
   * All records of the loss log, in the order they were appended. A checkpoint should note how many there
   * are.
   */
  get losses(): readonly LossRecord[] {
    return this.#log.records;
  }

  /**
   * Appends one line to the loss log. A loss that is not finite is written as `null` and read as NaN.
   *
   * @throws CadenzaError when the disk is full
   */
  appendLoss(record: LossRecord): void {
    this.#log.append(record);
  }

  /**
   * Cuts the loss log back to its first `count` records, which is what the checkpoint to resume from knows
   * of: a killed process may have logged more. A log that is shorter already stays as it is.
   */
  async truncateLosses(count: number): Promise<void> {
    await this.#log.truncate(count);
  }

  /**
   * Replaces `best.safetensors` or `last.safetensors`, all or nothing. The loss log reaches the disk first,
   * so that no checkpoint ever knows of records that the log lacks.
   *
   * @throws CadenzaError when the disk is full or the folder is gone
   */
  async saveCheckpoint(name: CheckpointName, bytes: Uint8Array): Promise<void> {
    this.#log.flush();
    await writeFileAtomic(this.checkpointPath(name), bytes);
  }

  /** Replaces `losses.svg`, all or nothing. */
  async savePlot(svg: string): Promise<void> {
    await writeFileAtomic(join(this.path, PLOT_FILE), svg);
  }

  /** Where a checkpoint lies, once it has been saved. */
  checkpointPath(name: CheckpointName): string {
    return join(this.path, `${name}.safetensors`);
  }

  /** Whether a checkpoint has been saved yet. */
  hasCheckpoint(name: CheckpointName): boolean {
    return existsSync(this.checkpointPath(name));
  }

  /**
   * The bytes of a checkpoint.
   *
   * @throws CadenzaError when the run was stopped before it saved one
   */
  async readCheckpoint(name: CheckpointName): Promise<Uint8Array> {
    const path = this.checkpointPath(name);
    if (!existsSync(path)) {
      throw new CadenzaError(
        `${path}: no such file, the run was stopped before its first checkpoint; delete ${this.path} and train anew`,
      );
    }
    return readFileBytes(path);
  }

  /** Gives the folder free for other processes; nothing can be appended afterwards. */
  close(): void {
    this.#log.close();
    this.#unlock();
  }
}

/**
 * Starts a run in `folder`, which is created if need be.
 *
 * @throws CadenzaError when the folder already holds a run, another process trains in it, or it cannot be
 *   written to
 */
export async function createRun(
  folder: string,
  config: Omit<RunConfig, 'formatVersion'>,
): Promise<RunFolder> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new CadenzaError(`${folder}: is a file; choose a folder with --out`);
    }
    throw fileError(error, 'write', folder);
  }
  const unlock = lockFolder(folder);
  try {
    const existing = RUN_FILES.find((file) => existsSync(join(folder, file)));
    if (existing !== undefined) {
      throw new CadenzaError(
        `${folder}: already holds a run (${existing}); continue it with --resume ${folder}, ` +
          'or choose another folder with --out',
      );
    }
    const full: RunConfig = { formatVersion: FORMAT_VERSION, ...config };
    await writeFileAtomic(join(folder, CONFIG_FILE), `${JSON.stringify(full, null, 2)}\n`);
    return new RunFolder(folder, full, await LossLog.open(join(folder, LOSSES_FILE)), unlock);
  } catch (error) {
    unlock();
    throw fileError(error, 'write', folder);
  }
}

/**
 * Opens a run to go on with it. What a killed process left unfinished, half a line of the log and temporary
 * files, is removed; then cut the log back to the checkpoint with {@link RunFolder.truncateLosses}.
 *
 * @throws CadenzaError when there is no run in the folder, its files are damaged, or another process trains
 *   in it
 */
export async function openRun(folder: string): Promise<RunFolder> {
  const config = await readRunConfig(folder); // before the lock: that would leave a trace in a folder that is no run
  const unlock = lockFolder(folder);
  try {
    for (const file of await readdir(folder)) {
      const isLeftover = RUN_FILES.some((name) => file.startsWith(`.${name}.`)) && file.endsWith('.tmp');
      if (isLeftover) await rm(join(folder, file), { force: true });
    }
    return new RunFolder(folder, config, await LossLog.open(join(folder, LOSSES_FILE)), unlock);
  } catch (error) {
    unlock();
    throw fileError(error, 'read', folder);
  }
}

/**
 * The configuration of a run, whether or not a process is training in it.
 *
 * @throws CadenzaError when there is no run in the folder, or its `config.json` is damaged or of a newer
 *   format
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const path = join(folder, CONFIG_FILE);
  if (!existsSync(path)) {
    const what = existsSync(folder) ? `not a run folder, it has no ${CONFIG_FILE}` : 'no such folder';
    throw new CadenzaError(`${folder}: ${what}; name a folder that cadenza train made`);
  }
  const config = parseObject(new TextDecoder().decode(await readFileBytes(path)));
  if (typeof config?.formatVersion === 'number' && config.formatVersion > FORMAT_VERSION) {
    throw new CadenzaError(
      `${path}: run format ${config.formatVersion} is newer than ${FORMAT_VERSION}, the newest known here; update Cadenza`,
    );
  }
  const problem = !config ? 'not a JSON object' : missingField(config);
  if (problem)
    throw new CadenzaError(`${path}: ${problem}; restore the file, or train anew in another folder`);
  return config as unknown as RunConfig;
}

/** The next free folder for a run of a preset: `runs/tutorial-001`, then `runs/tutorial-002` and so on. */
export async function defaultRunFolder(preset: string, parent = 'runs'): Promise<string> {
  let last = 0;
  for (const name of existsSync(parent) ? await readdir(parent) : []) {
    const number = name.startsWith(`${preset}-`) ? name.slice(preset.length + 1) : '';
    if (/^\d{3,9}$/.test(number)) last = Math.max(last, Number(number));
  }
  return join(parent, `${preset}-${String(last + 1).padStart(3, '0')}`);
}

function missingField(config: Record<string, unknown>): string | undefined {
  const isText = (value: unknown) => typeof value === 'string';
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  const areTexts = (value: unknown) =>
    Array.isArray(value) && value.every((text) => typeof text === 'string');
  const { model, data } = config as { model?: Partial<ModelConfig>; data?: Partial<RunConfig['data']> };
  const checks: [string, boolean][] = [
    ['formatVersion', config.formatVersion === FORMAT_VERSION],
    ['preset', typeof config.preset === 'string'],
    ['model.kind', isText(model?.kind)],
    ['model.formatVersion', typeof model?.formatVersion === 'number'],
    ['data.paths', areTexts(data?.paths)],
    ['data.train', areTexts(data?.train)],
    ['data.validation', areTexts(data?.validation)],
    ['data.fingerprint', typeof data?.fingerprint === 'string'],
    ['options', isObject(config.options)],
    ['seed', typeof config.seed === 'number'],
    ['versions', isObject(config.versions)],
  ];
  const failed = checks.find(([, holds]) => !holds);
  return failed && `${failed[0]} is missing or not what it should be`;
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
