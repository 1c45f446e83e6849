/** What the machine can do at most: the limits that every result is a fraction of. */
import { cpus, totalmem } from 'node:os';
import { input, matmul } from '../dist/graph/ops.js';
import { Random } from '../dist/index.js';
import { createOnnxEngine } from '../dist/node/index.js';
import { numbersFromC } from './c-program.js';
import { median } from './harness.js';

/** A product large enough that nothing but arithmetic counts. */
const GEMM_SIZE = 2048;
const REPEATS = 15;

/** GFLOP/s of ONNX Runtime's matrix product, shared by some threads. */
export async function gemmRate(threads) {
  const n = GEMM_SIZE;
  const engine = await createOnnxEngine({ threads });
  const inputs = { a: input('a', [n, n]), b: input('b', [n, n]) };
  const program = await engine.compile({ inputs, outputs: { c: matmul(inputs.a, inputs.b) } });
  const random = new Random(0);
  const a = Float32Array.from({ length: n * n }, () => random.next() - 0.5);
  const times = [];
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now();
    await program.run({ a, b: a.slice() });
    times.push(performance.now() - start);
  }
  await program.release();
  return (2 * n ** 3) / median(times) / 1e6;
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
