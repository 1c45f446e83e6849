/**
 * Where a training step's forward and backward pass spend their time. Arguments: the case, batch, threads.
 *
 * The same session twice, with ONNX Runtime's profiler and without, in turns: the profiler itself takes time,
 * for every node the same, so that many small nodes look slower than they are. Both totals are told.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import { onnxModelOf } from '../../dist/engine/onnx/runtime.js';
import { gradientGraph } from '../../dist/model/graphs.js';
import { median } from '../harness.js';
import { byKind, runsOf } from '../node-kinds.js';
import { trainingCase } from '../training-cases.js';

const WARM_UP = 2;
const ROUNDS = 7;
/** Threads of one session spin for a while after its work, when the other's turn has come. */
const PAUSE_MILLISECONDS = 200;

const [name, batch, threads] = process.argv.slice(2);
const { model, parameters, inputs } = trainingCase(name);
const { bytes, signature } = onnxModelOf(gradientGraph(model, Number(batch)));

/**
 * Of a smaller batch than the case's, as many numbers as it takes: what they are does not matter to the time.
 */
const feeds = Object.fromEntries(
  Object.entries(signature.inputs).map(([key, shape]) => {
    const data = key === 'parameters' ? parameters : inputs[key].data;
    const length = shape.reduce((product, each) => product * each, 1);
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    return [key, new ort.Tensor(type, data.slice(0, length), shape)];
  }),
);

const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
try {
  // As src/engine/onnx/runtime.ts has it.
  const options = { intraOpNumThreads: Number(threads), graphOptimizationLevel: 'all', logSeverityLevel: 3 };
  const profiling = { enableProfiling: true, profileFilePrefix: join(folder, 'profile') };
  const plain = await ort.InferenceSession.create(bytes, options);
  const profiled = await ort.InferenceSession.create(bytes, { ...options, ...profiling });
  const times = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const session of [plain, profiled]) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
      const start = performance.now();
      await session.run(feeds);
      if (session === plain && round >= WARM_UP) times.push(performance.now() - start);
    }
  }
  profiled.endProfiling();
  const [file] = readdirSync(folder);
  const runs = runsOf(JSON.parse(readFileSync(join(folder, file), 'utf8'))).slice(WARM_UP);
  // One whole run, so that the parts are parts of one sum.
  runs.sort((a, b) => a.run.dur - b.run.dur);
  const middle = runs[runs.length >> 1];
  console.log(
    JSON.stringify({
      milliseconds: median(times),
      profiledMilliseconds: middle.run.dur / 1000,
      rows: byKind(middle),
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
