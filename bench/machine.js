/** What the machine can do at most: the limits that every result is a fraction of. */
import { cpus, totalmem } from 'node:os';
import { input, matmul } from '../dist/graph/ops.js';
import { Random } from '../dist/index.js';
import { createOnnxEngine } from '../dist/node/index.js';
import { numbersFromC } from './c-program.js';
import { median } from './harness.js';

/**
 * Products large enough that little but arithmetic counts, as (m, k) · (k, n): some fit a cache better than
 * others.
 */
const GEMM_SIZES = [
  [2048, 2048, 2048],
  [1024, 1024, 1024],
  [512, 4096, 512],
  [4096, 512, 2048],
];
const REPEATS = 15;

async function productRate([m, k, n], engine) {
  const inputs = { a: input('a', [m, k]), b: input('b', [k, n]) };
  const program = await engine.compile({ inputs, outputs: { c: matmul(inputs.a, inputs.b) } });
  const random = new Random(0);
  const numbers = (length) => Float32Array.from({ length }, () => random.next() - 0.5);
  const [feeds, into] = [{ a: numbers(m * k), b: numbers(k * n) }, { c: new Float32Array(m * n) }];
  const times = [];
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    await program.run(feeds, into);
    times.push(performance.now() - start);
  }
  await program.release();
  return (2 * m * k * n) / median(times) / 1e6;
}

/** GFLOP/s of ONNX Runtime's fastest large matrix product, shared by some threads. */
export async function gemmRate(threads) {
  const engine = await createOnnxEngine({ threads });
  let best = 0;
  for (const sizes of GEMM_SIZES) best = Math.max(best, await productRate(sizes, engine));
  return best;
}

export async function measureMachine() {
  return {
    cpu: cpus()[0].model,
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    fmaGflopsOneCore: numbersFromC('fma-peak.c')?.[0] ?? null,
    gemmGflops: await gemmRate(cpus().length),
  };
}
