/**
 * The time of one training step of the tutorial model, batch 64 × 150, beside what the machine can do at most.
 *
 *   npm run bench            a table
 *   npm run bench -- --json  for programs
 *
 * Run it when nothing else does. The peak needs a C compiler (`cc`); without one it is left out.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adamStepSize, KERAS_ADAM } from '../dist/graph/adam.js';
import { input, matmul } from '../dist/graph/ops.js';
import { initialParameters, parameterCount, Random, TutorialLstm } from '../dist/index.js';
import { trainStepGraph } from '../dist/model/graphs.js';
import { createOnnxEngine } from '../dist/node/index.js';

const BATCH = 64;
const WARM_UP = 5;
const REPEATS = 30;
const GEMM_SIZE = 2048;

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** GFLOP/s of fused multiply-adds on one core. */
function fmaPeak() {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
  const program = join(folder, 'fma-peak');
  try {
    const source = fileURLToPath(new URL('fma-peak.c', import.meta.url));
    execFileSync('cc', ['-O3', '-march=native', '-ffp-contract=fast', source, '-o', program], {
      stdio: 'ignore',
    });
    return Number(execFileSync(program, { encoding: 'utf8' }));
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Median milliseconds of a program's run. */
async function time(program, feeds, after = () => {}) {
  const times = [];
  for (let i = 0; i < WARM_UP + REPEATS; i++) {
    const start = performance.now();
    const results = await program.run(feeds);
    if (i >= WARM_UP) times.push(performance.now() - start);
    after(results, i);
  }
  await program.release();
  return median(times);
}

async function gemmRate(engine) {
  const n = GEMM_SIZE;
  const inputs = { a: input('a', [n, n]), b: input('b', [n, n]) };
  const program = await engine.compile({ inputs, outputs: { c: matmul(inputs.a, inputs.b) } });
  const random = new Random(0);
  const data = Float32Array.from({ length: n * n }, () => random.next() - 0.5);
  return (2 * n ** 3) / (await time(program, { a: data, b: data.slice() })) / 1e6;
}

async function trainStep(engine) {
  const model = new TutorialLstm();
  const count = parameterCount(model.parameters);
  const random = new Random(0);
  const numbers = (length) => Float32Array.from({ length }, () => random.next());
  const feeds = {
    window: numbers(model.config.windowLength * BATCH * 3),
    pitch: Int32Array.from({ length: BATCH }, () => random.below(128)),
    step: numbers(BATCH),
    duration: numbers(BATCH),
    parameters: initialParameters(model.parameters, 0),
    firstMoment: new Float32Array(count),
    secondMoment: new Float32Array(count),
    stepSize: new Float32Array(1),
  };
  const program = await engine.compile(trainStepGraph(model, { batch: BATCH, adam: KERAS_ADAM }));
  feeds.stepSize[0] = adamStepSize(0.005, 1, KERAS_ADAM);
  return time(program, feeds, (next, i) => {
    feeds.parameters = next.nextParameters;
    feeds.firstMoment = next.nextFirstMoment;
    feeds.secondMoment = next.nextSecondMoment;
    feeds.stepSize[0] = adamStepSize(0.005, i + 2, KERAS_ADAM);
  });
}

/**
 * Multiply-adds of the matrix products of a step: forward, and twice that backward but for the input's gradient.
 * Legend: H hidden size, 4H gate rows.
 */
function stepFlops() {
  const { windowLength, hiddenSize: h } = new TutorialLstm().config;
  const rows = windowLength * BATCH;
  const product = (k, n) => 2 * rows * k * n;
  const first = 2 * product(3, 4 * h) + 3 * product(h, 4 * h);
  const second = 3 * product(h, 4 * h) + 3 * product(h, 4 * h);
  return first + second;
}

const results = { cpu: cpus()[0].model, cores: cpus().length, fmaPeakOneCore: fmaPeak(), threads: [] };
for (let threads = 1; threads <= Math.min(cpus().length, 4); threads++) {
  const engine = await createOnnxEngine({ threads });
  const milliseconds = await trainStep(engine);
  results.threads.push({
    threads,
    gemmGflops: await gemmRate(engine),
    trainStepMilliseconds: milliseconds,
    trainStepGflops: stepFlops() / milliseconds / 1e6,
  });
}
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
} else {
  const peak = results.fmaPeakOneCore;
  process.stdout.write(`${results.cpu}, ${results.cores} cores\n`);
  process.stdout.write(`FMA peak of one core: ${peak === null ? 'no C compiler' : `${peak} GFLOP/s`}\n`);
  for (const { threads, gemmGflops, trainStepMilliseconds, trainStepGflops } of results.threads) {
    const rates = `${trainStepGflops.toFixed(0)} GFLOP/s, largest product ${gemmGflops.toFixed(0)} GFLOP/s`;
    process.stdout.write(
      `${threads} threads: train step ${trainStepMilliseconds.toFixed(1)} ms = ${rates}\n`,
    );
  }
}
