/** What the machine can do at most: the limits that every result is a fraction of. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { input, matmul } from '../dist/graph/ops.js';
import { Random } from '../dist/index.js';
import { createOnnxEngine } from '../dist/node/index.js';
import { median } from './harness.js';

/** A product large enough that nothing but arithmetic counts. */
const GEMM_SIZE = 2048;
const REPEATS = 15;

/** GFLOP/s of fused multiply-adds on one core; null without a C compiler. */
function fmaPeak() {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
  const program = join(folder, 'fma-peak');
  try {
    const source = fileURLToPath(new URL('fma-peak.c', import.meta.url));
    const flags = ['-O3', '-march=native', '-ffp-contract=fast'];
    execFileSync('cc', [...flags, source, '-o', program], { stdio: 'ignore' });
    return Number(execFileSync(program, { encoding: 'utf8' }));
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** GFLOP/s of ONNX Runtime's matrix product with as many threads as there are cores. */
async function gemmRate() {
  const n = GEMM_SIZE;
  const engine = await createOnnxEngine({ threads: cpus().length });
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
    fmaGflopsOneCore: fmaPeak(),
    gemmGflops: await gemmRate(),
  };
}
