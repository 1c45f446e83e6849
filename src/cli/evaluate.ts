import { Command } from 'commander';
import type { Split } from '../dataset/corpus.js';
import type { Cluster } from '../node/cluster/cluster.js';
import type { Device } from '../node/engine/devices.js';
import { clusterOption, withCluster } from './cluster-option.js';
import { addExamples } from './examples.js';
import { deviceOption, seed, splitOption, wholeNumber } from './options.js';
import { createProgress } from './progress.js';
import { warn } from './warnings.js';

interface EvaluateCliOptions {
  stride?: number;
  split?: Split;
  files?: number;
  heldOut?: boolean;
  seed: number;
  threads?: number;
  cache: boolean;
  device: Device;
  cluster?: string | true;
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
    .option('--held-out', 'only pieces that a training on these paths with the same --seed holds out')
    .option('--seed <seed>', 'chooses the files', seed, 0)
    .option('--threads <count>', 'threads that share the work', wholeNumber(1, 64))
    .addOption(deviceOption())
    .addOption(clusterOption())
    .option('--no-cache', 'neither read nor keep parsed notes')
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .action(evaluateAction);
  return addExamples(command, [
    ['cadenza evaluate tutorial my-midi/', 'the shipped model on a folder, every window'],
    ['cadenza evaluate runs/tutorial-001 maestro/ --stride 20', 'a run on one window in 20'],
    ['cadenza evaluate runs/metrical-001 songs/ --held-out', 'a run on what it did not learn from'],
    ['cadenza evaluate tutorial maestro/ --split validation --json', 'for programs'],
    ['cadenza evaluate maestro maestro/ --cluster redis://music.local', 'by the workers that meet there'],
  ]);
}

async function evaluateAction(name: string, paths: string[], options: EvaluateCliOptions): Promise<void> {
  const [{ loadModel }, { openEngines }, { defaultThreads }, { evaluate }, { CadenzaError }] =
    await Promise.all([
      import('../node/load-model.js'),
      import('../node/engine/engines.js'),
      import('../node/engine/onnx-engine.js'),
      import('../node/evaluate.js'),
      import('../errors.js'),
    ]);
  const loaded = await loadModel(name);
  const { stride, split, files, heldOut, seed, threads = defaultThreads(), cache, json, quiet } = options;
  if (stride !== undefined && loaded.kind.tooShort(loaded.model.config) === 0) {
    throw new CadenzaError(`--stride is for the tutorial model; ${name} hears pieces whole`);
  }
  const began = performance.now();
  const progress = createProgress({ label: 'Evaluating', unit: 'files', quiet: quiet || json });
  const onFile = (done: number, total: number, measured: string) => progress.update(done, measured, total);
  const measuring = { stride, split, files, heldOut, seed, cache, threads, onFile };
  const measure = async (cluster?: Cluster) => {
    if (cluster) {
      const { measurerBy } = await import('../node/cluster/by-cluster.js');
      return evaluate(loaded, measurerBy(cluster), paths, measuring);
    }
    const { engine, shards, close } = await openEngines(threads, options.device, warn);
    return evaluate(loaded, engine, paths, { ...measuring, shards }).finally(close);
  };
  const { problems, figures, rows, footnote } = await withCluster(options.cluster, measure).finally(() =>
    progress.finish(),
  );
  for (const { message } of problems) warn(message);
  if (json) {
    const seconds = (performance.now() - began) / 1000;
    const skipped = problems.map((problem) => problem.name);
    process.stdout.write(
      `${JSON.stringify({ model: name, split, heldOut, ...figures, skipped, seconds }, null, 2)}\n`,
    );
    return;
  }
  const width = Math.max(...rows.map(([, value]) => value.length));
  for (const [key, value] of rows) process.stdout.write(`${key.padEnd(14)} ${value.padStart(width)}\n`);
  process.stdout.write(`${footnote}\n`);
}
