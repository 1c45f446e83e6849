/**
 * What a cluster costs, on one machine: the same rounds computed in one process, by one worker, by four, and by four of which
 * one is killed and one comes late; and what the simulation (src/node/cluster/simulation.ts) says of it beforehand.
 *
 *   node bench/cluster.js [--corpus FOLDER] [--files 500] [--steps 90] [--round-steps 30] [--only-overhead] [--json]
 *
 * Run it when nothing else does. Needs redis-server, or CADENZA_REDIS.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { trainerBy } from '../dist/node/cluster/by-cluster.js';
import { jobsHere } from '../dist/node/cluster/jobs-here.js';
import { simulate } from '../dist/node/cluster/simulation.js';
import { createOnnxEngine, trainRun } from '../dist/node/index.js';

const { values } = parseArgs({
  options: {
    corpus: { type: 'string', default: process.env.CADENZA_POP909 ?? '../shared/data/pop909' },
    files: { type: 'string', default: '500' },
    steps: { type: 'string', default: '90' },
    'round-steps': { type: 'string', default: '30' },
    'hidden-size': { type: 'string', default: '128' },
    'only-overhead': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const [files, steps, roundSteps, hiddenSize] = ['files', 'steps', 'round-steps', 'hidden-size'].map((name) =>
  Number(values[name]),
);
const SHARDS = 4;
const PATIENCE = 4;
const ROUNDS = { shards: SHARDS, steps: roundSteps, rate: 0.7, momentum: 0.9 };
const PROGRAM = fileURLToPath(new URL('../bin/cadenza.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cadenza-cluster-'));
const children = new Set();

function start(command, args, stdout = 'ignore') {
  const child = spawn(command, args, { stdio: ['ignore', stdout, 'inherit'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function startRedis() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  start(process.env.CADENZA_REDIS ?? 'redis-server', ['--port', String(port), '--save', '', '--dir', folder]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return `redis://127.0.0.1:${port}`;
}

/** Starts a worker; gives what it says, as it says it. */
async function startWorker(url) {
  const args = [PROGRAM, 'worker', url, '--threads', '1', '--patience', String(PATIENCE), '--json'];
  const child = start(process.execPath, args, 'pipe');
  const said = [];
  let text = '';
  let isReady;
  const ready = new Promise((resolve) => {
    isReady = resolve;
  });
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) said.push({ ...JSON.parse(line), at: performance.now() / 1000 });
    if (said.length > 0) isReady();
  });
  await ready;
  return { child, said };
}

const shared = {
  paths: [values.corpus],
  files,
  preset: 'performance',
  layers: 1,
  hiddenSize,
  steps,
  epochs: 1000,
  batchSize: 8,
  seed: 1,
  rounds: ROUNDS,
};

/** Seconds of the rounds, from the first step's beginning to the last one's end. */
async function trainBy(trainer, name) {
  let began;
  let seconds = 0;
  for await (const progress of trainRun({ ...shared, trainer, out: join(folder, name) })) {
    if (progress.type === 'start') began = performance.now();
    if (progress.type === 'step') seconds = (performance.now() - began) / 1000;
  }
  return seconds;
}

/** By workers, some of which come and go: seconds, and what the workers said. */
async function trainOn(name, plan) {
  const { openCluster } = await import('../dist/node/cluster/cluster.js');
  const url = await startRedis();
  const workers = await Promise.all(plan.filter(({ joins = 0 }) => joins === 0).map(() => startWorker(url)));
  const cluster = await openCluster(url);
  const began = performance.now() / 1000;
  const timers = [];
  for (const [i, { dies }] of plan.entries())
    if (dies !== undefined) timers.push(setTimeout(() => workers[i].child.kill('SIGKILL'), 1000 * dies));
  for (const { joins = 0 } of plan)
    if (joins > 0) timers.push(setTimeout(async () => workers.push(await startWorker(url)), 1000 * joins));
  const seconds = await trainBy(trainerBy(cluster), name);
  for (const timer of timers) clearTimeout(timer);
  await cluster.close();
  for (const child of children) child.kill('SIGKILL');
  return { seconds, began, said: workers.flatMap((worker) => worker.said) };
}

const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
const timesOf = (said, job) =>
  said.filter((each) => each.type === 'done' && each.job === job).map(({ seconds }) => seconds);

const engine = await createOnnxEngine({ threads: 1 });
await trainBy(trainerBy(jobsHere(engine)), 'warm');
const alone = await trainBy(trainerBy(jobsHere(engine)), 'alone');
const one = await trainOn('one', [{}]);
const rounds = Math.ceil(steps / roundSteps);
const [job, joining] = ['learn', 'join'].map((name) => mean(timesOf(one.said, name)));
const between = Math.max(0, (one.seconds - rounds * (SHARDS * job + joining)) / rounds);
const measured = { shards: SHARDS, rounds, job, overhead: 0, join: joining, between, patience: PATIENCE };
const cores = availableParallelism();
const predict = (workers) => simulate({ ...measured, workers, cores });

const results = [];
async function compare(name, plan) {
  const real = await trainOn(name, plan);
  const { seconds, lost } = predict(plan);
  results.push({ name, real: real.seconds, simulated: seconds, off: seconds / real.seconds - 1, lost });
}
if (!values['only-overhead']) {
  await compare('four workers', [{}, {}, {}, {}]);
  await compare('four, one killed', [{}, {}, {}, { dies: 0.4 * job * (SHARDS / cores) }]);
  await compare('three, one more later', [{}, {}, {}, { joins: 1.5 * job * (SHARDS / cores) }]);
}
for (const child of children) child.kill('SIGKILL');
rmSync(folder, { recursive: true });

const overhead = one.seconds / alone;
if (values.json)
  console.log(JSON.stringify({ alone, one: one.seconds, overhead, ...measured, results }, null, 2));
else {
  console.log(
    `${rounds} rounds of ${SHARDS} shards and ${roundSteps} steps, ${hiddenSize} units, ${cores} cores`,
  );
  console.log(
    `in one process ${alone.toFixed(1)} s, by one worker ${one.seconds.toFixed(1)} s: ${overhead.toFixed(3)}`,
  );
  console.log(
    `a shard's steps ${job.toFixed(2)} s, joining ${joining.toFixed(2)} s, between rounds ${between.toFixed(2)} s`,
  );
  for (const { name, real, simulated, off, lost } of results)
    console.log(
      `${name.padEnd(22)} ${real.toFixed(1).padStart(6)} s, simulated ${simulated.toFixed(1).padStart(6)} s ` +
        `(${(100 * off).toFixed(1)} %), jobs lost ${lost}`,
    );
}
process.exit(0);
