import { Command } from 'commander';
import type { Split } from '../dataset/corpus.js';
import type { Loaded } from '../kinds/load.js';
import type { EventLstm } from '../kinds/performance/network.js';
import type { TutorialLstm } from '../kinds/tutorial/network.js';
import { addExamples } from './examples.js';
import { seed, splitOption, wholeNumber } from './options.js';
import { createProgress } from './progress.js';

interface EvaluateCliOptions {
  stride?: number;
  split?: Split;
  files?: number;
  seed: number;
  threads?: number;
  cache: boolean;
  json?: boolean;
  quiet?: boolean;
}

/** `cadenza evaluate`: how well a model knows a corpus. */
export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description(
      'Measure a model over MIDI files: the losses of the tutorial model, bits a note of a performance model.',
    )
    .argument('<model>', 'a shipped model, a run folder, or a .safetensors file')
    .argument('<paths...>', 'MIDI files, folders, globs, .zip archives, or a MAESTRO csv')
    .option(
      '--stride <notes>',
      'tutorial model: notes from one window to the next (default: 1)',
      wholeNumber(1),
    )
    .addOption(splitOption())
    .option('--files <count>', 'only this many files, chosen by seed', wholeNumber(1))
    .option('--seed <seed>', 'chooses the files', seed, 0)
    .option('--threads <count>', 'threads that share the work', wholeNumber(1, 64))
    .option('--no-cache', 'neither read nor keep parsed notes')
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .action(evaluateAction);
  return addExamples(command, [
    ['cadenza evaluate tutorial my-midi/', 'the shipped model on a folder, every window'],
    ['cadenza evaluate runs/tutorial-001 maestro/ --stride 20', 'a run on one window in 20'],
    ['cadenza evaluate tutorial maestro/ --split validation --json', 'for programs'],
  ]);
}

async function evaluateAction(name: string, paths: string[], options: EvaluateCliOptions): Promise<void> {
  const [{ loadModel }, { isTutorial }] = await Promise.all([
    import('../node/load-model.js'),
    import('../kinds/load.js'),
  ]);
  const model = await loadModel(name);
  if (isTutorial(model)) return evaluateTutorial(name, model, paths, options);
  return evaluateEvents(name, model, paths, options);
}

/** Bits a note of a performance model. */
async function evaluateEvents(
  name: string,
  model: Loaded<EventLstm>,
  paths: string[],
  options: EvaluateCliOptions,
): Promise<void> {
  const [{ openEngines }, { defaultThreads }, { evaluateBits }, { CadenzaError }] = await Promise.all([
    import('../node/engine/engines.js'),
    import('../node/engine/onnx-engine.js'),
    import('../node/evaluate-bits.js'),
    import('../errors.js'),
  ]);
  if (options.stride !== undefined) {
    throw new CadenzaError(`--stride is for the tutorial model; ${name} hears pieces whole`);
  }
  const { split, files, seed, threads = defaultThreads(), cache, json, quiet } = options;
  const began = performance.now();
  const progress = createProgress({ label: 'Evaluating', unit: 'files', quiet: quiet || json });
  const onFile = (done: number, total: number, notes: number) =>
    progress.update(done, `${notes} notes`, total);
  const { engine, shards, close } = await openEngines(threads);
  const corpusOptions = { split, files, seed, cache, threads, shards, onFile };
  const evaluation = await evaluateBits(model, engine, paths, corpusOptions).finally(() => {
    progress.finish();
    return close();
  });
  const { problems, ...result } = evaluation;
  for (const { message } of problems) process.stderr.write(`cadenza: warning: ${message}\n`);
  if (json) {
    const seconds = (performance.now() - began) / 1000;
    const skipped = problems.map((problem) => problem.name);
    process.stdout.write(`${JSON.stringify({ model: name, split, ...result, skipped, seconds }, null, 2)}\n`);
    return;
  }
  const { total, interval, attributes } = result.bitsPerNote;
  const rows = [
    ['files', String(result.files)],
    ['notes', String(result.notes)],
    ...Object.entries(attributes).map(([attribute, bits]) => [attribute, bits.toFixed(3)]),
    ['bits per note', total.toFixed(3)],
  ];
  const width = Math.max(...rows.map(([, value]) => value.length));
  for (const [key, value] of rows) process.stdout.write(`${key.padEnd(14)} ${value.padStart(width)}\n`);
  process.stdout.write(`95 % interval, by pieces: ${interval.map((bits) => bits.toFixed(3)).join(' … ')}\n`);
}

async function evaluateTutorial(
  name: string,
  model: Loaded<TutorialLstm>,
  paths: string[],
  options: EvaluateCliOptions,
): Promise<void> {
  const [{ openEngines }, { defaultThreads }, { evaluateCorpus }] = await Promise.all([
    import('../node/engine/engines.js'),
    import('../node/engine/onnx-engine.js'),
    import('../node/evaluate-corpus.js'),
  ]);
  const { stride = 1, split, files, threads = defaultThreads(), cache, json, quiet } = options;
  const began = performance.now();
  const progress = createProgress({ label: 'Evaluating', unit: 'files', quiet: quiet || json });
  const onFile = (done: number, total: number, windows: number) =>
    progress.update(done, `${windows} windows`, total);
  const { engine, shards, close } = await openEngines(threads);
  const corpusOptions = { stride, split, files, seed: options.seed, cache, threads, shards, onFile };
  const evaluation = await evaluateCorpus(model, engine, paths, corpusOptions).finally(() => {
    progress.finish();
    return close();
  });
  for (const { message } of evaluation.problems) process.stderr.write(`cadenza: warning: ${message}\n`);
  const { losses, problems, ...counts } = evaluation;
  const { lossWeights } = model.model.config;
  if (json) {
    const seconds = (performance.now() - began) / 1000;
    const skipped = problems.map((problem) => problem.name);
    const result = { model: name, split, ...counts, ...losses, lossWeights, skipped, seconds };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const rows = [
    ...Object.entries(counts).map(([key, value]) => [key, String(value)]),
    ...Object.entries(losses).map(([key, value]) => [key, value.toFixed(6)]),
  ];
  const width = Math.max(...rows.map(([, value]) => value.length));
  for (const [key, value] of rows) process.stdout.write(`${key.padEnd(14)} ${value.padStart(width)}\n`);
  const weights = Object.entries(lossWeights).map(([key, weight]) => `${weight} × ${key}_loss`);
  process.stdout.write(`loss = ${weights.join(' + ')}\n`);
}
