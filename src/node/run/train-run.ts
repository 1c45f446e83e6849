/** Training into a run folder: what `cadenza train` does, as an async iterator of progress. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { decodeCheckpoint, type ModelConfig } from '../../checkpoint/checkpoint.js';
import { frequentComposers } from '../../dataset/styles.js';
import { CadenzaError } from '../../errors.js';
import type { Kind } from '../../kinds/kind.js';
import { KINDS, kindNamed } from '../../kinds/kinds.js';
import type { ModelSizes } from '../../kinds/sizes.js';
import { beginningWith } from '../../run/sitting.js';
import { checkpointToSnapshot } from '../../run/snapshot-checkpoint.js';
import type { Augmentation, TrainOptions } from '../../training/options.js';
import { firstFew } from '../corpus/messages.js';
import { readTrainingCorpus, type TrainingCorpus } from '../corpus/training-corpus.js';
import { defaultThreads, onnxRuntimeVersion } from '../engine/onnx-engine.js';
import { fileError } from '../files/files.js';
import { packageVersion } from '../files/package-info.js';
import { loadModel } from '../load-model.js';
import { createRun, defaultRunFolder, openRun, type RunConfig, type RunFolder } from './run-folder.js';
import { checkSessionOptions } from './session-options.js';
import {
  type DataOptions,
  type RunControl,
  type RunProgress,
  type SessionOptions,
  TrainSession,
} from './train-session.js';
import type { Trainer } from './trainer.js';

export type { RunControl, RunEnd, RunProgress, RunStart } from './train-session.js';

/** What a new run is to be; what is left out is the preset's. */
export interface NewRunOptions
  extends Partial<TrainOptions>,
    Partial<DataOptions>,
    Partial<Augmentation>,
    ModelSizes {
  /** Which model: `tutorial` by default. */
  readonly preset?: string;
  /** MIDI files, folders, globs, `.zip` archives or MAESTRO-like csv tables. */
  readonly paths: readonly string[];
  /**
   * A model to go on from, of the preset's kind: a shipped one, a run folder or a file. Its size is the new
   * one's too.
   */
  readonly from?: string;
  /** The run folder to make; the next free one in `runs/` by default. */
  readonly out?: string;
}

/** Which run to go on with. */
export interface ResumeOptions {
  /** The run folder to go on in; everything else is as the run began. */
  readonly resume: string;
  /** Another limit of epochs, or of steps, than the run began with, for this time. */
  readonly epochs?: number;
  readonly steps?: number;
}

/**
 * Trains in a run folder, new or resumed. Checkpoints are saved after every epoch, every minute, and when the
 * iteration ends for whatever reason; after a kill at any moment, resuming gives the weights of an
 * undisturbed run.
 *
 * @throws CadenzaError when the corpus, the folder or the options are no good, or the loss is no longer
 *   finite
 *
 * @example
 * import { trainRun } from 'cadenza/node';
 *
 * const sizes = { layers: 1, hiddenSize: 8 };
 * const options = { paths: ['piece.mid'], preset: 'performance', ...sizes, steps: 2, out: 'run' };
 * for await (const progress of trainRun(options)) {
 *   if (progress.type === 'end') console.log(progress.folder, progress.reason);
 * }
 */
export async function* trainRun(
  options: (NewRunOptions | ResumeOptions) & RunControl,
): AsyncGenerator<RunProgress, void, undefined> {
  const session = 'resume' in options ? await resumeRun(options) : await beginRun(options);
  let failure: unknown;
  try {
    yield* session.run(options);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    // Weights that went out of bounds cannot be saved either: what failed first is what there is to tell.
    await session.close().catch((error) => {
      throw failure ?? error;
    });
  }
}

async function beginRun(options: NewRunOptions & RunControl): Promise<TrainSession> {
  const {
    paths: given,
    out,
    signal,
    checkpointSeconds,
    cache,
    onFile,
    trainer: _,
    preset: presetName = 'tutorial',
    layers,
    hiddenSize,
    headSize,
    contextUnits,
    keyFeatures,
    recall,
    transpose,
    stretch,
    ...rest
  } = options;
  const kind = kindNamed(presetName);
  const { augmentation } = kind.options;
  if (augmentation === undefined && (transpose ?? stretch) !== undefined) {
    throw new CadenzaError(
      `the ${kind.name} model learns from pieces as they are; leave out --transpose and --stretch`,
    );
  }
  if (rest.dropout !== undefined && kind.batchOf !== 'pieces') {
    throw new CadenzaError(`the ${kind.name} model learns from all that it hears; leave out --drop-…`);
  }
  const varied = augmentation && {
    transpose: transpose ?? augmentation.transpose,
    stretch: stretch ?? augmentation.stretch,
  };
  const chosen = Object.fromEntries(
    Object.entries({ ...rest, augmentation: varied }).filter(([, value]) => value !== undefined),
  );
  const sizes: ModelSizes = { layers, hiddenSize, headSize, contextUnits, keyFeatures, recall };
  const initial = rest.from === undefined ? undefined : await initialModel(rest.from, kind, sizes);
  const shape = initial?.model.config ?? kind.configure(sizes);
  const from = initial && { from: initial.file.origin === 'shipped' ? rest.from : resolve(rest.from ?? '') };
  const { seed, ...stored } = checkSessionOptions({
    threads: defaultThreads(),
    ...kind.options,
    ...chosen,
    ...from,
  });
  // Absolute from the start: pieces are ordered by name, and a resumed run has to find them in the same
  // order.
  const paths = await Promise.all(given.map(absolute));
  const corpus = await readCorpus(paths, kind, shape, { ...stored, seed }, options);
  const composers = corpus.data.train.map(({ composer }) => composer);
  const styles = kind.mostStyles ? frequentComposers(composers, kind.mostStyles) : [];
  const model = initial?.model.config ?? (styles.length > 0 ? kind.configure({ ...sizes, styles }) : shape);
  const config: Omit<RunConfig, 'formatVersion'> = {
    preset: kind.name,
    model,
    data: {
      paths,
      train: corpus.train.names,
      validation: corpus.validation.names,
      fingerprint: corpus.fingerprint(model),
    },
    options: stored,
    seed,
    versions: {
      cadenza: packageVersion(),
      node: process.versions.node,
      onnxruntime: await onnxRuntimeVersion(),
    },
  };
  const folder = await createRun(out ?? (await makeDefaultFolder(kind.name)), config);
  return TrainSession.open(
    folder,
    kind,
    corpus,
    { ...stored, seed },
    initial && beginningWith(initial.parameters),
    checkpointSeconds,
  );
}

/** The weights to begin with, if they fit what is to be trained. */
async function initialModel(from: string, kind: Kind, sizes: ModelSizes) {
  const loaded = await loadModel(from);
  const { config } = loaded.model;
  if (!fits(config, kind)) {
    const own = Object.values(KINDS).find((each) => fits(config, each))?.name ?? config.kind;
    throw new CadenzaError(
      own === kind.name
        ? `${from}: is a ${own} model of sizes that --preset ${own} does not train; choose another model to go on from`
        : `${from}: is a ${own} model, not a ${kind.name} model; choose --preset ${own}, or another model to go on from`,
    );
  }
  if (Object.values(sizes).some((size) => size !== undefined)) {
    throw new CadenzaError(`${from}: has a size already; leave out --layers and --hidden-size, or --from`);
  }
  return loaded;
}

/** For a run that was stopped before it could keep the weights it was to begin with. */
async function firstWeights(from: string | undefined, kind: Kind, folder: RunFolder) {
  if (from === undefined) return undefined;
  const { model, parameters } = await initialModel(from, kind, {});
  if (isDeepStrictEqual(model.config, folder.config.model)) return beginningWith(parameters);
  throw new CadenzaError(
    `${folder.path}: stopped before it had kept the weights of ${from}, which has another size now; train anew`,
  );
}

/** A path that means the same from every folder; of a pattern only what the user wrote is one. */
async function absolute(path: string): Promise<string> {
  if (existsSync(path)) return resolve(path);
  const { escapePath, isDynamicPattern } = await import('tinyglobby');
  const isPattern = !isAbsolute(path) && isDynamicPattern(path);
  return isPattern ? join(escapePath(process.cwd()), path) : resolve(path);
}

/** Makes the next free run folder; of two processes that start at once each gets one. */
async function makeDefaultFolder(preset: string): Promise<string> {
  for (;;) {
    const folder = await defaultRunFolder(preset);
    try {
      await mkdir(dirname(folder), { recursive: true });
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (!existsSync(folder)) throw fileError(error, 'write', folder);
    }
  }
}

async function resumeRun(options: ResumeOptions & RunControl): Promise<TrainSession> {
  const { resume, epochs, steps } = options;
  const folder = await openRun(resume);
  try {
    const { data, model } = folder.config;
    const kind = kindNamed(folder.config.preset);
    const stored = storedOptions(folder, kind);
    expectTrainer(resume, stored, options.trainer);
    const corpus = await readCorpus(data.paths, kind, model, stored, options);
    if (corpus.fingerprint(model) !== data.fingerprint) {
      throw new CadenzaError(
        `${resume}: the corpus ${firstFew(data.paths)} is no longer what the run began with ` +
          `(${corpusChange(data, corpus)}); restore its files, or start a new run`,
      );
    }
    const checkpoint = (await lastCheckpoint(folder)) ?? (await firstWeights(stored.from, kind, folder));
    await folder.truncateLosses(checkpoint?.notes.lossRecords ?? 0);
    return TrainSession.open(
      folder,
      kind,
      corpus,
      { ...stored, epochs: epochs ?? stored.epochs, steps: steps ?? stored.steps },
      checkpoint,
      options.checkpointSeconds,
    );
  } catch (error) {
    folder.close();
    throw error;
  }
}

function readCorpus(
  paths: readonly string[],
  kind: Kind,
  model: ModelConfig,
  { split, files, seed, threads }: SessionOptions,
  { cache, onFile, trainer }: RunControl,
): Promise<TrainingCorpus> {
  const { openReader } = trainer ?? {};
  return readTrainingCorpus(paths, { split, files, seed, cache, threads, openReader, onFile, kind, model });
}

/** What the run was started with, once it is sure that this program would have started it in the same way. */
function storedOptions({ path, config: { model, options, seed } }: RunFolder, kind: Kind): SessionOptions {
  const stored = { threads: defaultThreads(), ...options, seed } as Record<string, unknown>;
  const expected = Object.entries(kind.options);
  const wrong = expected.find(([name, value]) => typeof stored[name] !== typeof value);
  let complaint = wrong ? `options.${wrong[0]} is not what cadenza train writes` : undefined;
  try {
    if (complaint === undefined && fits(model, kind)) return checkSessionOptions(stored);
  } catch (error) {
    if (!(error instanceof CadenzaError)) throw error;
    complaint = `options.${error.message}`;
  }
  throw new CadenzaError(
    `${join(path, 'config.json')}: ${complaint ?? 'model is not what cadenza train writes'}; ` +
      'restore the file, or start a new run',
  );
}

/** @throws CadenzaError when a run of many machines is to go on in one, or the other way round */
function expectTrainer(folder: string, { rounds }: SessionOptions, trainer?: Trainer): void {
  if (rounds && !trainer?.inRounds)
    throw new CadenzaError(`${folder}: was trained by a cluster; name that it is to go on in, --cluster`);
  if (rounds === undefined && trainer?.inRounds)
    throw new CadenzaError(`${folder}: was trained by one machine; leave out --cluster, or start a new run`);
}

/** Whether a configuration is what the kind makes of its sizes. */
function fits(model: ModelConfig, kind: Kind): boolean {
  try {
    return isDeepStrictEqual(model, kind.configure(kind.sizesOf(model)));
  } catch {
    return false; // sizes that the kind doesn't have
  }
}

/** In what a corpus differs from the one a run began with. */
function corpusChange(before: RunConfig['data'], now: TrainingCorpus): string {
  const namesBefore = [...before.train, ...before.validation];
  const namesNow = [...now.train.names, ...now.validation.names];
  const missing = namesBefore.filter((name) => !namesNow.includes(name));
  if (missing.length > 0) return `it lacks ${firstFew(missing)}`;
  const added = namesNow.filter((name) => !namesBefore.includes(name));
  return added.length > 0 ? `it has ${firstFew(added)} too` : 'its files have changed';
}

/** The state to go on from; nothing when the run was stopped before it had saved one, and begins again. */
async function lastCheckpoint(
  folder: RunFolder,
): Promise<ReturnType<typeof checkpointToSnapshot> | undefined> {
  if (!folder.hasCheckpoint('last')) return undefined;
  const path = folder.checkpointPath('last');
  const checkpoint = decodeCheckpoint(await folder.readCheckpoint('last'), path);
  if (!isDeepStrictEqual(checkpoint.config, folder.config.model)) {
    throw new CadenzaError(
      `${path}: holds another model than the run's; restore the file, or start a new run`,
    );
  }
  return checkpointToSnapshot(checkpoint);
}
