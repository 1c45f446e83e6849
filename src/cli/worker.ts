import { Command } from 'commander';
import type { WorkerProgress } from '../node/cluster/worker.js';
import type { Device } from '../node/engine/devices.js';
import { clusterAddress } from './cluster-option.js';
import { addExamples } from './examples.js';
import { abortOnInterrupt } from './interrupt.js';
import { deviceOption, positiveNumber, wholeNumber } from './options.js';
import { formatTime } from './progress.js';

interface WorkerCliOptions {
  threads?: number;
  device: Device;
  patience: number;
  json?: boolean;
  quiet?: boolean;
}

/** `cadenza worker`: works for a cluster. */
export function workerCommand(): Command {
  const command = new Command('worker')
    .description(
      'Do what other machines ask for with --cluster: read, train, judge and play. As many workers as there are computers share the work; each may come and go.',
    )
    .argument(
      '[url]',
      'the Redis server where they meet, redis://[[user]:password@]host[:port], rediss:// with TLS (default: CADENZA_CLUSTER)',
    )
    .option(
      '--threads <count>',
      'threads that share the work (default: one a core, at most 4)',
      wholeNumber(1, 64),
    )
    .addOption(deviceOption())
    .option(
      '--patience <seconds>',
      'how long a worker may show no sign of life before another one does its job',
      positiveNumber,
      60,
    )
    .option('--json', 'what is done as JSON lines on standard output')
    .option('--quiet', 'say nothing but warnings and errors')
    .action(workerAction);
  return addExamples(command, [
    ['cadenza worker redis://music.local', 'work until it is interrupted'],
    [
      'CADENZA_CLUSTER=rediss://:PASSWORD@host cadenza worker',
      'with a password that no list of processes shows',
    ],
    [
      'cadenza train maestro/ --preset performance --cluster redis://music.local',
      'what is asked for, elsewhere',
    ],
  ]);
}

async function workerAction(url: string | undefined, options: WorkerCliOptions): Promise<void> {
  const [{ runWorker }, { defaultThreads }, { warn }] = await Promise.all([
    import('../node/cluster/worker.js'),
    import('../node/engine/onnx-engine.js'),
    import('./warnings.js'),
  ]);
  const controller = new AbortController();
  abortOnInterrupt(controller);
  const { threads = defaultThreads(), device, patience, json, quiet } = options;
  const tell = (entry: object, text: string) => {
    if (json) process.stdout.write(`${JSON.stringify(entry)}\n`);
    else if (!quiet) process.stderr.write(`${text}\n`);
  };
  await runWorker(await clusterAddress(url), {
    threads,
    device,
    patience,
    signal: controller.signal,
    onReady: (server) => tell({ type: 'ready', server, threads }, `Working for ${server}`),
    onWait: warn,
    onProgress: (progress) => tell(progress, describe(progress)),
  });
}

function describe({ type, job, seconds, reason }: WorkerProgress): string {
  switch (type) {
    case 'begun':
      return `${job}: begun`;
    case 'done':
      return `${job}: done in ${formatTime(seconds)}`;
    case 'lost':
      return 'A job was given to another worker, since this one had shown no sign of life';
    case 'failed':
      return `${job}: failed: ${reason}`;
  }
}
