/**
 * One point of a scaling curve, in a process of its own so that its peak memory is its own:
 *
 *   node scaling.js read FILES MAESTRO      parse FILES files (repeating the corpus if need be) into training data
 *   node scaling.js evaluate FILES MAESTRO  stream FILES files through the evaluator, a few windows of each
 *   node scaling.js train FILES MAESTRO     read, then 10 training steps
 *   node scaling.js step HIDDEN BATCH       a training step of a tutorial model of that size
 */
import {
  encodeTutorial,
  initialParameters,
  LossEvaluator,
  readPieces,
  TUTORIAL_CONFIG,
  TUTORIAL_TRAIN_OPTIONS,
  TutorialLstm,
  train,
} from '../../dist/index.js';
import { WindowDataLoader } from '../../dist/kinds/tutorial/data-loader.js';
import { defaultThreads } from '../../dist/node/engine/onnx-engine.js';
import { openCorpus, openEngines } from '../../dist/node/index.js';
import { median } from '../harness.js';

const [kind, first, second] = process.argv.slice(2);
/** Large models are slow and steady: a few steps tell. */
const STEPS = kind === 'step' && Number(first) >= 512 ? 3 : 10;

/** As many entries as asked for, the corpus over and over. */
async function entriesOf(count, folder) {
  const corpus = await openCorpus([folder], { cache: false, threads: defaultThreads() });
  const entries = Array.from({ length: count }, (_, i) => corpus.entries[i % corpus.entries.length]);
  return { ...corpus, entries };
}

async function readAll() {
  const features = [];
  for await (const { notes } of readPieces(await entriesOf(Number(first), second)))
    features.push(encodeTutorial(notes));
  return features;
}

async function evaluateAll(model, { engine, shards }) {
  const parameters = initialParameters(model.parameters, 0);
  const evaluator = await LossEvaluator.create(model, engine, parameters, undefined, shards);
  for await (const { notes } of readPieces(await entriesOf(Number(first), second))) {
    await evaluator.addPiece(encodeTutorial(notes), 2000);
  }
  return (await evaluator.means()).loss;
}

/** Milliseconds of a training step, and the notes that were read for it. */
async function trainSome(model, { engine, shards }, pieces, batchSize) {
  const times = [];
  let last = performance.now();
  const options = { ...TUTORIAL_TRAIN_OPTIONS, batchSize };
  const loader = new WindowDataLoader(model, { train: pieces, validation: [] }, options);
  for await (const { updates } of train(loader, engine, options, undefined, shards)) {
    const now = performance.now();
    if (updates > 2) times.push(now - last);
    last = now;
    if (updates === STEPS + 2) break;
  }
  return median(times);
}

async function measure() {
  if (kind === 'read') return { notes: (await readAll()).reduce((sum, piece) => sum + piece.length / 3, 0) };
  const engines = await openEngines();
  try {
    if (kind === 'evaluate') return { loss: await evaluateAll(new TutorialLstm(), engines) };
    if (kind === 'train') return { step: await trainSome(new TutorialLstm(), engines, await readAll(), 64) };
    const model = new TutorialLstm({ ...TUTORIAL_CONFIG, hiddenSize: Number(first) });
    const batch = Number(second);
    const piece = new Float32Array((TUTORIAL_CONFIG.windowLength + batch * (STEPS + 3)) * 3).fill(0.5);
    return { step: await trainSome(model, engines, [piece], batch) };
  } finally {
    await engines.close();
  }
}

const start = performance.now();
const result = await measure();
const milliseconds = performance.now() - start;
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ milliseconds, peakMegabytes, ...result })}\n`);
process.exit();
