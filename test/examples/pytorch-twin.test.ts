/** Training in Cadenza and in examples/pytorch-twin is the same: batches, losses, weights and bits a note. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import runtime from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { onnxEngine } from '../../src/engine/onnx/runtime.js';
import { EventDataLoader } from '../../src/kinds/performance/data-loader.js';
import type { TrainingSnapshot } from '../../src/training/progress.js';
import { startFrom } from '../../src/training/start-from.js';
import { train } from '../../src/training/train.js';
import { DATA, initialWeights, MODELS, OPTIONS } from './pytorch-twin-case.js';

interface TenSteps {
  readonly batches: readonly Record<string, string>[];
  /** Of every step, nats: loss, time, symbol, velocity. */
  readonly losses: readonly (readonly number[])[];
  /** After every epoch, bits a note: total, time, symbol, velocity. */
  readonly bits: readonly (readonly number[])[];
  /** Sum and norm of the weights, and of their running mean. */
  readonly sums: { readonly parameters: readonly number[]; readonly average: readonly number[] };
}

const golden: Record<string, TenSteps> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../golden/pytorch-twin.json'), 'utf8'),
);

/** Notes digests of all that is fed, but for the states. */
class Overheard extends EventDataLoader {
  readonly batches: Record<string, string>[] = [];

  override next() {
    const feeds = super.next();
    const digests = Object.entries(feeds)
      .filter(([name]) => !this.model.carried.includes(name))
      .map(([name, data]) => {
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        return [name, createHash('sha256').update(bytes).digest('hex').slice(0, 16)];
      });
    this.batches.push(Object.fromEntries(digests));
    return feeds;
  }
}

const sumAndNorm = (vector: Float32Array) => [
  vector.reduce((sum, value) => sum + value, 0),
  Math.hypot(...vector),
];

function expectNear(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of found.entries()) {
    expect(Math.abs(value - expected[i]), `${value} for ${expected[i]}`).toBeLessThan(tolerance);
  }
}

test.each(MODELS)('ten steps of $config.representation give what the twin gives', async (model) => {
  const expected = golden[model.config.representation];
  const loader = new Overheard(model, DATA, OPTIONS);
  const losses: number[][] = [];
  const bits: number[][] = [];
  let last: TrainingSnapshot | undefined;
  const inOrder = (told: Readonly<Record<string, number>>, scale = 1) =>
    model.lossNames.map((name) => told[name] / scale);
  const engine = onnxEngine(runtime, { threads: 1 });
  for await (const progress of train(loader, engine, OPTIONS, startFrom(initialWeights(model)))) {
    if (progress.type === 'step') losses.push(inOrder(progress.losses, loader.lossScale));
    else if (progress.type === 'epoch') bits.push(inOrder(progress.validation ?? {}));
    last = progress.snapshot();
  }
  expect(loader.batches).toEqual(expected.batches);
  expect(losses).toHaveLength(expected.losses.length);
  for (const [i, step] of losses.entries()) expectNear(step, expected.losses[i], 1e-5);
  expect(bits).toHaveLength(expected.bits.length);
  for (const [i, epoch] of bits.entries()) expectNear(epoch, expected.bits[i], 1e-4);
  expectNear(sumAndNorm(last?.parameters ?? new Float32Array()), expected.sums.parameters, 1e-3);
  expectNear(sumAndNorm(last?.averageParameters ?? new Float32Array()), expected.sums.average, 1e-3);
});
