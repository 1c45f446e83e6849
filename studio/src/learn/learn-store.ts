/**
 * What Learn knows and does: the corpus, the plan, the training under way, and the worker that does the work.
 */
import {
  CadenzaError,
  decodeCheckpoint,
  fileKindOf,
  type LossRecord,
  modelOfConfig,
} from '../../../src/index.js';
import { breathe, type DroppedFile, partsOf } from '../../../src/web/index.js';
import { goTo } from '../shell/routes.js';
import { complain, say, sentence } from '../state/messages.js';
import { chooseModel, keepModel, type ModelEntry, modelBytes } from '../state/models.js';
import { createStore } from '../state/store.js';
import { cardOf, fileNameOf } from './run-words.js';
import type {
  CorpusSummary,
  EndReason,
  FromTraining,
  ModelFile,
  Standing,
  ToTraining,
} from './training/messages.js';
import { defaultPlan, type TrainingPlan, trainableKind } from './training/plan.js';
import type { RunRecord, Sample } from './training/run-record.js';
import { deleteRun, listRuns, runModel } from './training/run-store.js';

export interface LearnState {
  readonly reading?: { readonly name: string; readonly done: number; readonly total: number };
  readonly corpus?: CorpusSummary;
  readonly plan: TrainingPlan;
  /** The model to learn on from; a new one if there is none. */
  readonly from?: ModelFile;
  /** Whether the worker trains, or holds a training that is paused. */
  readonly isBusy: boolean;
  /** The training that is shown. */
  readonly record?: RunRecord;
  readonly standing?: Standing;
  readonly losses: readonly LossRecord[];
  readonly samples: readonly Sample[];
  readonly ended?: EndReason;
  /** Trainings in the browser's storage. */
  readonly stored: readonly RunRecord[];
  /** What went wrong, in words. */
  readonly problem?: string;
}

export const learn = createStore<LearnState>({
  plan: defaultPlan('performance'),
  isBusy: false,
  losses: [],
  samples: [],
  stored: [],
});

let worker: Worker | undefined;
/** Messages of the worker so far. */
let heard = 0;
/** Milliseconds: longer than any step takes. */
const LONGEST_SILENCE = 30_000;
let nextRequest = 1;
let latestDrop = 0;
/** What was dropped last, for a worker that has to begin anew. */
let dropped: { readonly name: string; readonly files: readonly DroppedFile[] } | undefined;
/** Whether the worker has it. */
let isHandedOver = false;
const saving = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();

function send(message: ToTraining): void {
  if (worker === undefined) {
    worker = new Worker(new URL('./training/worker.ts', import.meta.url), {
      type: 'module',
      name: 'training',
    });
    worker.addEventListener('message', ({ data }: MessageEvent<FromTraining>) => {
      heard++;
      hear(data);
    });
    worker.addEventListener('error', ({ message }) => {
      endWorker();
      fail(
        `training ended unexpectedly${message ? ` (${message})` : ''}; go on from where it was last saved`,
      );
    });
  }
  worker.postMessage(message);
}

function endWorker(): void {
  worker?.terminate();
  worker = undefined;
  isHandedOver = false;
  // What it had of a drop so far is gone: the next one is not to get the rest alone.
  latestDrop++;
}

function hear(message: FromTraining): void {
  switch (message.type) {
    case 'reading':
      learn.set(({ reading, standing }) =>
        reading === undefined && standing === undefined
          ? {}
          : { reading: { name: reading?.name ?? '', done: message.done, total: message.total } },
      );
      break;
    case 'corpus':
      learn.set({ corpus: message.corpus, reading: undefined });
      break;
    case 'begun': {
      const { losses, samples } = message.record;
      learn.set({ record: message.record, losses, samples, reading: undefined });
      break;
    }
    case 'standing':
      learn.set({ standing: message.standing });
      break;
    case 'losses':
      learn.set(({ losses }) => ({ losses: [...losses, ...message.records] }));
      break;
    case 'sample':
      learn.set(({ samples }) => ({ samples: [...samples, message.sample] }));
      break;
    case 'saved':
      learn.set({ record: message.record });
      settle(message.request);
      break;
    case 'unsaved':
      complain(new CadenzaError(message.message));
      settle(message.request, message.message);
      break;
    case 'ended':
      learn.set({ record: message.record, ended: message.reason, isBusy: false });
      refreshStored();
      break;
    case 'failed':
      fail(message.message);
      if (message.isBug) console.error(message.message);
  }
}

function settle(request: number | undefined, failure?: string): void {
  if (request === undefined) return;
  const waiting = saving.get(request);
  saving.delete(request);
  if (failure === undefined) waiting?.resolve();
  else waiting?.reject(new CadenzaError(failure));
}

function fail(message: string): void {
  learn.set({ problem: sentence(message), isBusy: false, reading: undefined, standing: undefined });
  for (const request of [...saving.keys()]) settle(request, message);
  refreshStored();
}

/** Reads the list of stored trainings anew. */
export async function refreshStored(): Promise<void> {
  try {
    learn.set({ stored: await listRuns() });
  } catch (error) {
    // What was read before is still there, as far as one knows.
    complain(new CadenzaError(`the browser's storage could not be read (${(error as Error).message})`));
  }
}

/** Takes what was dropped or picked: MIDI files to learn from, or a model to learn on from. */
export async function takeFiles(files: readonly DroppedFile[]): Promise<void> {
  if (learn.get().isBusy) return;
  const model = files.find(({ path }) => /\.safetensors$/i.test(path));
  if (model !== undefined) return beginWithFile(model.path, model.file);
  if (files.length === 0) {
    learn.set({ problem: 'There were no files in what was dropped.' });
    return;
  }
  const name = nameOf(files.map(({ path }) => path));
  learn.set({
    reading: { name, done: 0, total: files.length },
    corpus: undefined,
    problem: undefined,
    record: undefined,
    standing: undefined,
    ended: undefined,
  });
  dropped = { name, files };
  await handOver(dropped);
}

/** Gives what was dropped to the worker, unless something else is dropped meanwhile. */
async function handOver({ name, files }: NonNullable<typeof dropped>): Promise<void> {
  const drop = ++latestDrop;
  for (const part of partsOf(files)) {
    send({ type: 'files', drop, files: part });
    await breathe();
    if (drop !== latestDrop) return;
  }
  send({ type: 'read', drop, name });
  isHandedOver = true;
}

function nameOf(paths: readonly string[]): string {
  const [first] = paths;
  if (paths.length === 1) return first;
  const folder = first.slice(0, first.indexOf('/') + 1);
  if (folder !== '' && paths.every((path) => path.startsWith(folder))) return folder.slice(0, -1);
  return `${paths.filter((path) => fileKindOf(path) !== undefined).length} files`;
}

export function changePlan(change: Partial<TrainingPlan>): void {
  learn.set(({ plan }) => ({ plan: { ...plan, ...change } }));
}

/** For how much of the unit that is chosen now, which may not be drawn yet. */
export function changeCount(count: number): void {
  learn.set(({ plan }) => ({ plan: { ...plan, length: { ...plan.length, count } } }));
}

/** Another kind of model, with what suits it; how long and by which seed stays. */
export function choosePreset(preset: string): void {
  learn.set(({ plan }) => {
    const { length, seed } = plan;
    return plan.preset === preset ? {} : { plan: { ...defaultPlan(preset), length, seed }, from: undefined };
  });
}

/** Begins with the weights of a model that can be chosen, or with new ones. */
export async function beginWith(entry: ModelEntry | undefined): Promise<void> {
  if (entry === undefined) {
    learn.set({ from: undefined });
    return;
  }
  try {
    takeModel(entry.name, await modelBytes(entry));
  } catch (error) {
    complain(error);
  }
}

async function beginWithFile(path: string, file: Blob): Promise<void> {
  try {
    takeModel(path, new Uint8Array(await file.arrayBuffer()));
    say(`Training will go on from ${path}.`);
  } catch (error) {
    complain(error);
  }
}

function takeModel(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const { config } = decodeCheckpoint(bytes, name);
  modelOfConfig(config);
  choosePreset(trainableKind(config).name);
  const { hiddenSize, layers } = config as { hiddenSize?: number; layers?: number };
  changePlan({ ...(hiddenSize !== undefined && { hiddenSize }), ...(layers !== undefined && { layers }) });
  learn.set({ from: { name, bytes } });
}

/** Begins to train what is planned. */
export async function begin(): Promise<void> {
  const { plan, from } = learn.get();
  // So that the browser does not clear it away when space is short; nothing depends on the answer.
  navigator.storage?.persist?.().catch(() => {});
  learn.set({
    isBusy: true,
    problem: undefined,
    record: undefined,
    ended: undefined,
    losses: [],
    samples: [],
  });
  if (dropped !== undefined && !isHandedOver) await handOver(dropped);
  send({ type: 'start', plan, ...(from && { from }) });
}

/** Goes on with a training from the browser's storage. */
export function resume(record: RunRecord): void {
  const { losses, samples } = record;
  learn.set({
    isBusy: true,
    problem: undefined,
    record,
    ended: undefined,
    losses,
    samples,
    standing: undefined,
  });
  send({ type: 'resume', id: record.id });
}

/** Shows a training from the browser's storage as it ended. */
export function show(record: RunRecord): void {
  const { losses, samples, isFinished } = record;
  const ended: EndReason = isFinished ? 'epochs' : 'stopped';
  learn.set({ record, losses, samples, ended, standing: undefined, problem: undefined });
}

export function pause(): void {
  send({ type: 'pause' });
}

export function goOn(): void {
  send({ type: 'go on' });
}

/**
 * Stops after the step under way. A worker that says nothing more is given up: a browser may have killed it.
 */
export function stop(): void {
  send({ type: 'stop' });
  const before = heard;
  setTimeout(() => {
    if (heard !== before || !learn.get().isBusy) return;
    endWorker();
    fail('training no longer answered; go on from where it was last saved');
  }, LONGEST_SILENCE);
}

/** Back to the corpus and the plan. */
export function leaveRun(): void {
  learn.set({
    record: undefined,
    standing: undefined,
    ended: undefined,
    problem: undefined,
    losses: [],
    samples: [],
  });
  refreshStored();
}

export async function forget(record: RunRecord): Promise<void> {
  try {
    await deleteRun(record.id);
    if (learn.get().record?.id === record.id) leaveRun();
  } catch (error) {
    complain(error);
  }
  await refreshStored();
}

/** The best weights so far, saved at this moment where the training is under way. */
async function currentModel(): Promise<{ record: RunRecord; bytes: Uint8Array<ArrayBuffer> }> {
  if (learn.get().isBusy) {
    const request = nextRequest++;
    await new Promise<void>((resolve, reject) => {
      saving.set(request, { resolve, reject });
      send({ type: 'save', request });
    });
  }
  const { record } = learn.get();
  const bytes = record && (await runModel(record.id));
  if (record === undefined || bytes === undefined) {
    throw new CadenzaError('there are no weights yet; wait for the first steps of the training');
  }
  return { record, bytes };
}

/** Saves the model as a file that the command line reads. */
export async function exportModel(): Promise<void> {
  try {
    const { record, bytes } = await currentModel();
    const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${fileNameOf(record)}.safetensors`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    complain(error);
  }
}

/** Puts the model among those that Compose plays with, and goes there. */
export async function useInCompose(): Promise<void> {
  try {
    const { record, bytes } = await currentModel();
    chooseModel(await keepModel(fileNameOf(record), bytes, cardOf(record)));
    goTo('compose');
  } catch (error) {
    complain(error);
  }
}
