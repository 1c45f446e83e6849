/** The training worker: reads a corpus, trains on it, and goes on with what was begun before. */
import {
  CadenzaError,
  type CorpusProblem,
  checkpointToSnapshot,
  decodeCheckpoint,
  kindNamed,
  type Piece,
  type Reading,
} from '../../../../src/index.js';
import {
  breathe,
  type DroppedFile,
  type OpenedCorpus,
  openCorpus,
  openEngines,
  readCorpus,
} from '../../../../src/web/index.js';
import { StatisticsBuilder } from '../corpus/statistics.js';
import { type Beginning, beginRun, type Engines } from './begin-run.js';
import type { FromTraining, ToTraining } from './messages.js';
import { openRun } from './run-store.js';
import { TrainingRun } from './training-run.js';

/** A corpus with the pieces that were read from it last. */
interface Corpus extends OpenedCorpus {
  readonly name: string;
  pieces?: { readonly reading: Reading; readonly all: readonly Piece[] };
}

let corpus: Corpus | undefined;
/** The latest drop, and its files, which come part by part and are read together. */
let latestDrop = 0;
let received: DroppedFile[] = [];
let reading: Promise<void> | undefined;
let run: TrainingRun | undefined;
/** What was wished for a run that is being made ready. */
let wishes: { isStopped: boolean; isPaused: boolean; readonly saves: number[] } | undefined;

const report = (message: FromTraining) => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<ToTraining>) => {
  switch (data.type) {
    case 'files':
      if (data.drop !== latestDrop) received = [];
      latestDrop = data.drop;
      received.push(...data.files);
      break;
    case 'read':
      reading = attempt(() => read(data.name, data.drop, received.splice(0)));
      break;
    case 'start':
      attempt(() => start(data));
      break;
    case 'resume':
      attempt(() => resume(data.id));
      break;
    case 'pause':
      run?.pause();
      if (wishes) wishes.isPaused = true;
      break;
    case 'go on':
      run?.goOn();
      if (wishes) wishes.isPaused = false;
      break;
    case 'stop':
      run?.stop();
      if (wishes) wishes.isStopped = true;
      break;
    case 'save':
      if (run) run.requestSave(data.request);
      else if (wishes) wishes.saves.push(data.request);
      else report({ type: 'unsaved', message: 'no training is under way', request: data.request });
      break;
  }
});

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    run = wishes = undefined;
    if (error instanceof CadenzaError) report({ type: 'failed', message: error.message, isBug: false });
    else report({ type: 'failed', ...explain(error) });
  }
}

function explain(error: unknown): { message: string; isBug: boolean } {
  const text = error instanceof Error ? error.message : String(error);
  if (/memory|alloc|Array buffer/i.test(text)) {
    const message = 'there is not enough memory for this training; choose a smaller model or a smaller batch';
    return { message, isBug: false };
  }
  console.error(error);
  return { message: text, isBug: true };
}

/** Reads a drop, and tells what is in it; nothing more once another has come. */
async function read(name: string, drop: number, files: readonly DroppedFile[]): Promise<void> {
  const goOn = () => {
    if (drop !== latestDrop) throw new Error('another drop came meanwhile');
  };
  try {
    const opened: Corpus = { name, ...(await openCorpus(files)) };
    goOn();
    corpus = opened;
    if (opened.entries.length === 0) {
      const [problem] = opened.problems;
      const why =
        opened.problems.length === 1 && problem ? problem.message : `there are no MIDI files in ${name}`;
      throw new CadenzaError(`${why}; drop .mid files, a folder of them, or a .zip`);
    }
    const problems = [...opened.problems];
    const pieces = await piecesOf(opened, 'sounding', problems, goOn);
    const statistics = new StatisticsBuilder();
    for (const { notes } of pieces) statistics.add(notes);
    report({ type: 'corpus', corpus: { name, statistics: statistics.result, problems } });
  } catch (error) {
    if (drop === latestDrop) throw error;
  }
}

/**
 * The corpus's pieces, read anew only where they are to be read otherwise than last time.
 *
 * @param goOn called after each; what it throws ends the reading
 */
async function piecesOf(
  opened: Corpus,
  reading: Reading,
  problems: CorpusProblem[],
  goOn = () => {},
): Promise<readonly Piece[]> {
  if (opened.pieces?.reading === reading) return opened.pieces.all;
  const total = opened.entries.length;
  const before = problems.length;
  const all: Piece[] = [];
  let told = 0;
  for await (const piece of readCorpus(opened, reading, problems)) {
    goOn();
    all.push(piece);
    if (performance.now() - told < 100) continue;
    told = performance.now();
    report({ type: 'reading', done: all.length + problems.length - before, total });
    await breathe();
  }
  goOn();
  opened.pieces = { reading, all };
  return all;
}

async function start({ plan, from }: Extract<ToTraining, { type: 'start' }>): Promise<void> {
  wishes = { isStopped: false, isPaused: false, saves: [] };
  await reading;
  if (corpus === undefined) throw new CadenzaError('drop some MIDI files first');
  const none = { epoch: 1, updates: 0, totalUpdates: 0, seconds: 0 };
  report({ type: 'standing', standing: { phase: 'preparing', ...none } });
  const pieces = await piecesOf(corpus, kindNamed(plan.preset).reading, []);
  const { name } = corpus;
  const onMeasuring = () => report({ type: 'standing', standing: { phase: 'measuring', ...none } });
  await withEngines(async (engines) => {
    const beginning = await beginRun(plan, name, pieces, engines, from, onMeasuring);
    await train(beginning, engines, false);
  });
}

async function resume(id: string): Promise<void> {
  wishes = { isStopped: false, isPaused: false, saves: [] };
  const { record, pieces, checkpoint } = await openRun(id);
  const from = checkpointToSnapshot(decodeCheckpoint(checkpoint, record.title));
  const { snapshot, notes } = from;
  const { updates } = snapshot.position;
  const beginning: Beginning = {
    // What came after the checkpoint did not happen.
    record: {
      ...record,
      losses: record.losses.slice(0, notes.lossRecords),
      samples: record.samples.filter((sample) => sample.updates <= updates),
      seconds: notes.seconds,
      updates,
    },
    pieces,
    from,
  };
  await withEngines((engines) => train(beginning, engines, true));
}

/** Opens engines for as long as there is work for them. */
async function withEngines(work: (engines: Engines) => Promise<void>): Promise<void> {
  const engines = await openEngines();
  try {
    await work(engines);
  } finally {
    engines.close();
  }
}

/** Trains while no other page does so with the same training. */
async function train(beginning: Beginning, engines: Engines, isStored: boolean) {
  const alone = async () => {
    run = await TrainingRun.open(beginning, engines, report, isStored);
    if (wishes?.isStopped) run.stop();
    else if (wishes?.isPaused) run.pause();
    for (const request of wishes?.saves ?? []) run.requestSave(request);
    wishes = undefined;
    try {
      await run.run();
    } finally {
      run = undefined;
    }
  };
  // Only pages that are served securely have locks.
  if (navigator.locks === undefined) return alone();
  const name = `cadenza-training-${beginning.record.id}`;
  await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock === null) throw new CadenzaError('this training is going on in another tab; go on there');
    await alone();
  });
}
