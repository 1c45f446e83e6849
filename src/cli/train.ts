import { Command, Option } from 'commander';
import { SIZE_ROWS, type SizeRow } from '../kinds/sizes.js';
import type { Cluster } from '../node/cluster/cluster.js';
import type { Device } from '../node/engine/devices.js';
import type { NewRunOptions, ResumeOptions } from '../node/run/train-run.js';
import type { Rounds, Trainer } from '../node/run/trainer.js';
import { clusterOption, withCluster } from './cluster-option.js';
import { addExamples } from './examples.js';
import { abortOnInterrupt } from './interrupt.js';
import {
  decimalNumber,
  deviceOption,
  flagOf,
  positiveNumber,
  seed,
  splitOption,
  wholeNumber,
} from './options.js';
import { createProgress } from './progress.js';
import { JsonReporter, TextReporter } from './train-reporter.js';
import { warn } from './warnings.js';

interface TrainCliOptions extends Omit<NewRunOptions, 'paths' | 'cache' | 'rounds'> {
  device: Device;
  dropInput?: number;
  dropHidden?: number;
  dropHeads?: number;
  dropRecurrent?: number;
  cluster?: string | true;
  shards?: number;
  roundSteps?: number;
  outerRate?: number;
  outerMomentum?: number;
  preset: string;
  resume?: string;
  cache: boolean;
  checkpointEvery: number;
  json?: boolean;
  quiet?: boolean;
}

const dropped = decimalNumber(0, 0.95);

/** `cadenza train`: learns from MIDI files into a run folder. */
export function trainCommand(): Command {
  const command = new Command('train')
    .description(
      'Train a model on MIDI files, into a run folder with its weights, losses and a plot of them.',
    )
    .argument('[paths...]', 'MIDI files, folders, globs, .zip archives, or a MAESTRO csv')
    .addOption(
      new Option(
        '--preset <name>',
        'which model; metrical is for songs with a steady beat, midi-like and note-tuples are for comparison ' +
          'and cannot play',
      )
        .choices(['tutorial', 'performance', 'metrical', 'midi-like', 'note-tuples'])
        .default('tutorial'),
    );
  for (const row of SIZE_ROWS) command.addOption(sizeOption(row));
  command
    .option('--files <count>', 'only this many files, chosen by seed', wholeNumber(1))
    .addOption(splitOption())
    .option('--epochs <count>', 'most passes over the data (default: 50; performance: 4)', wholeNumber(1))
    .option('--steps <count>', 'most steps in all (default: no limit)', wholeNumber(1))
    .option('--from <model>', 'begin with the weights of a model instead of fresh ones')
    .option(
      '--transpose <semitones>',
      'vary pieces by so many semitones up or down (performance: 6)',
      wholeNumber(0, 12),
    )
    .option('--stretch <part>', 'vary tempos by up to this part (performance: 0.1)', decimalNumber(0, 0.5))
    .option(
      '--batch-size <count>',
      'windows a step (default: 64), or pieces side by side (32)',
      wholeNumber(1, 65_536),
    )
    .option(
      '--learning-rate <rate>',
      'how far a step goes (default: 0.005; performance: 0.0015)',
      positiveNumber,
    )
    .addOption(
      new Option('--optimiser <name>', 'how weights are moved (default: adam)').choices(['adam', 'muon']),
    )
    .addOption(
      new Option(
        '--only <part>',
        'learn only to hear what is told of pieces, style and end (told), or only the rest, told nothing (untold); what is not learned stays as it is',
      ).choices(['told', 'untold']),
    )
    .option(
      '--drop-input <part>',
      'leave out this part of what the first layer of a performance model hears',
      dropped,
    )
    .option('--drop-hidden <part>', 'and of what every further layer hears', dropped)
    .option('--drop-heads <part>', 'and of what the heads hear', dropped)
    .option('--drop-recurrent <part>', 'and of the recurrent weights (default: 0 each)', dropped)
    .option(
      '--clip-norm <norm>',
      'largest norm of the gradient (default: none; performance: 1)',
      positiveNumber,
    )
    .option(
      '--patience <epochs>',
      'stop after so many without improvement (default: 5; performance: 3)',
      wholeNumber(1),
    )
    .addOption(
      new Option('--monitor <part>', 'whose loss decides (default: validation)').choices([
        'validation',
        'train',
      ]),
    )
    .option('--validation-stride <notes>', 'notes between validation windows (default: 1)', wholeNumber(1))
    .option('--seed <seed>', 'decides files, weights and order (default: 0)', seed)
    .option(
      '--threads <count>',
      'threads that share the work (default: one a core, at most 4)',
      wholeNumber(1, 64),
    )
    .addOption(deviceOption())
    .addOption(clusterOption())
    .option(
      '--shards <count>',
      'with --cluster: parts of the corpus that are learned from side by side (default: as many as workers)',
      wholeNumber(1, 1024),
    )
    .option(
      '--round-steps <count>',
      'with --cluster: steps of every part before all are joined (default: 100)',
      wholeNumber(1),
    )
    .option(
      '--outer-rate <rate>',
      'with --cluster: how far to go where a round went (default: 0.7)',
      positiveNumber,
    )
    .option(
      '--outer-momentum <part>',
      'with --cluster: how much of earlier rounds is kept (default: 0.9)',
      decimalNumber(0, 0.999),
    )
    .option('--out <folder>', 'the run folder to make (default: the next runs/PRESET-NNN)')
    .option('--resume <folder>', 'go on in a run folder; only --epochs and --steps may be changed')
    .option('--checkpoint-every <seconds>', 'seconds between checkpoints', positiveNumber, 60)
    .option('--no-cache', 'neither read nor keep parsed notes')
    .option('--json', 'progress as JSON lines on standard output')
    .option('--quiet', 'say nothing but warnings, errors and the folder')
    .action(trainAction);
  return addExamples(command, [
    ['cadenza train my-midi/', 'learn from a folder'],
    ['cadenza train maestro/ --files 10 --seed 1', 'from 10 files of it, chosen by seed'],
    ['cadenza train maestro-v2.0.0.zip --split train', 'from an archive, its training part'],
    ['cadenza train maestro/ --preset performance', 'a model of velocity, pedal and rubato'],
    ['cadenza train my-midi/ --preset performance --from maestro', 'teach a model that plays already'],
    ['cadenza train --resume runs/tutorial-001', 'go on where a run was stopped'],
    ['cadenza train maestro/ --preset performance --cluster redis://music.local', 'on many machines'],
  ]);
}

/** The option of a size. */
function sizeOption({ name, least, most, help }: SizeRow): Option {
  return new Option(`${flagOf(name)} <count>`, help).argParser(wholeNumber(least, most));
}

async function trainAction(paths: string[], options: TrainCliOptions, command: Command): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const { cluster: named, ...others } = options;
  requireCluster(options, command);
  await withCluster(named, (cluster) => trainWith(cluster, controller, paths, others, command), signal);
}

/** What is said of rounds is for clusters. */
const OF_ROUNDS = ['shards', 'roundSteps', 'outerRate', 'outerMomentum'] as const;

function requireCluster(options: TrainCliOptions, command: Command): void {
  const extra = OF_ROUNDS.find((name) => options[name] !== undefined);
  if (options.cluster === undefined && extra !== undefined)
    command.error(
      `error: ${flagOf(extra)} is for training by many machines; name where they meet, --cluster`,
    );
}

/** How the machines of a cluster share the training, unless told otherwise. */
async function roundsOf(cluster: Cluster, options: TrainCliOptions): Promise<Rounds> {
  const { shards, roundSteps: steps = 100, outerRate: rate = 0.7, outerMomentum: momentum = 0.9 } = options;
  const { packageVersion } = await import('../node/files/package-info.js');
  const version = packageVersion();
  const workers = (await cluster.workers()).filter((worker) => worker.version === version);
  const count = shards ?? Math.max(1, workers.length);
  if (!options.quiet && !options.json) {
    const hosts = [...new Set(workers.map(({ host }) => host))].join(', ');
    process.stderr.write(
      `${workers.length} workers${hosts && ` on ${hosts}`}; ${count} shards in rounds of ${steps} steps\n`,
    );
  }
  return { shards: count, steps, rate, momentum };
}

async function trainWith(
  cluster: Cluster | undefined,
  controller: AbortController,
  paths: string[],
  options: TrainCliOptions,
  command: Command,
): Promise<void> {
  const { json, quiet, checkpointEvery: checkpointSeconds, cache } = options;
  const { signal } = controller;
  const given = runOptions(paths, options, command);
  const isNew = cluster !== undefined && !('resume' in given);
  const run = isNew ? { ...given, rounds: await roundsOf(cluster, options) } : given;
  const trainer = cluster
    ? (await import('../node/cluster/by-cluster.js')).trainerBy(cluster, signal)
    : await trainerOn(options);
  const { trainRun } = await import('../node/run/train-run.js');
  const reading = createProgress({ label: 'Reading', unit: 'files', quiet: quiet || json });
  const onFile = (done: number) => reading.update(done);
  const control = { signal, checkpointSeconds, cache, onFile, trainer };
  const reporter = json
    ? new JsonReporter()
    : new TextReporter(reading, quiet === true, run, cluster !== undefined);
  signal.addEventListener('abort', () => reporter.stopping());
  try {
    for await (const progress of trainRun({ ...run, ...control })) {
      // Before training there is nothing to save, and an interrupt ends the process as it does any other.
      if (progress.type === 'start') abortOnInterrupt(controller);
      reporter.report(progress);
      if (progress.type === 'end' && progress.reason === 'interrupted') process.exitCode = 130;
    }
  } finally {
    reporter.finish();
  }
}

function runOptions(
  paths: string[],
  options: TrainCliOptions,
  command: Command,
): NewRunOptions | ResumeOptions {
  const { resume, checkpointEvery, json, quiet, cache, device, ...others } = options;
  const rest = resume === undefined ? withoutRounds(others) : others;
  if (resume === undefined) {
    if (paths.length === 0)
      command.error("error: missing argument 'paths'; name MIDI files or a folder of them");
    return { ...withDropout(rest), paths };
  }
  const { epochs, steps, preset: _, ...extras } = rest;
  const flags = command.options.filter((option) => option.attributeName() in extras);
  const extra = [...paths, ...flags.map((option) => option.long)];
  if (extra.length > 0) {
    command.error(`error: --resume goes on as the run began; leave out ${extra[0]}, or start a new run`);
  }
  return { resume, epochs, steps };
}

/** Whoever trains on another device than the processor. */
async function trainerOn({ device, threads }: TrainCliOptions): Promise<Trainer | undefined> {
  if (device === 'cpu') return undefined;
  return (await import('../node/run/trainer.js')).trainerHere(threads, device, warn);
}

/** What is left out in learning, if anything is. */
function withDropout({
  dropInput,
  dropHidden,
  dropHeads,
  dropRecurrent,
  ...options
}: Partial<TrainCliOptions>) {
  const dropout = { input: dropInput, hidden: dropHidden, heads: dropHeads, recurrent: dropRecurrent };
  return Object.values(dropout).some((part) => part !== undefined) ? { ...options, dropout } : options;
}

function withoutRounds<T extends Partial<TrainCliOptions>>(options: T) {
  const { shards, roundSteps, outerRate, outerMomentum, ...others } = options;
  return others;
}
