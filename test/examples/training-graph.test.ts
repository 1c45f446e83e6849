/**
 * A training graph as data means the same to PyTorch (examples/pytorch-twin, test/oracle/training_graph.py) as
 * to Cadenza's engines.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { plainEngine } from '../../src/engine/plain/plain.js';
import { CadenzaError, exportTrainingGraph, modelFromCheckpoint, Random } from '../../src/index.js';
import { PERFORMANCE_KIND } from '../../src/kinds/performance/kind.js';
import { EventLstm, type EventLstmConfig } from '../../src/kinds/performance/network.js';
import { TUTORIAL_KIND } from '../../src/kinds/tutorial/kind.js';
import { gradientGraph } from '../../src/model/graphs.js';
import { carriedOn } from '../../src/model/model.js';
import { parameterCount } from '../../src/model/parameters.js';
import { REPRESENTATIONS } from '../../src/representation/representations.js';

interface Golden {
  /** Of every row, by attribute. */
  readonly losses: Readonly<Record<string, readonly number[]>>;
  /** Hidden state and cell of every layer. */
  readonly states: readonly (readonly (readonly number[])[])[];
  /** Some of the numbers, evenly from all over. */
  readonly gradient: readonly number[];
  readonly norm: number;
}

const FIXTURE = join(import.meta.dirname, '../fixtures/pytorch/training-graph.safetensors');
const golden: Golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../golden/training-graph.json'), 'utf8'),
);
const [STEPS, ROWS] = [4, 3];
const SIZES = { layers: 2, hiddenSize: 6, headSize: 5, contextUnits: 3, keyFeatures: 2 };
const config = PERFORMANCE_KIND.configure({ ...SIZES, styles: ['Clara', 'Erik'] }) as EventLstmConfig;
const model = new EventLstm(config, REPRESENTATIONS[config.representation], STEPS);
const random = new Random(12);
const parameters = Float32Array.from(
  { length: parameterCount(model.parameters) },
  () => Math.round((random.next() - 0.5) * 256) / 256,
);

const numbers = (length: number, less = 0) =>
  Float32Array.from({ length }, (_, i) => ((i * 37) % 101) / 101 - less);
const classes = (size: number, by: number, length: number) =>
  Int32Array.from({ length }, (_, i) => (i * by) % size);

/** The batch that the script makes too. */
function feeds(): Record<string, Float32Array | Int32Array> {
  const { attributes, contextSize } = model.representation;
  const places = STEPS * ROWS;
  const batch: Record<string, Float32Array | Int32Array> = { context: numbers(places * contextSize) };
  for (const { name, size } of attributes) {
    batch[`${name}Before`] = classes(size + 1, 5, places);
    batch[name] = classes(size, 7, places);
    batch[`${name}Weight`] = Float32Array.from(classes(4, 3, places), (each) => Number(each > 0));
  }
  const symbols = batch.symbol;
  const size = attributes.find(({ name }) => name === 'symbol')?.size ?? 0;
  const allowed = Float32Array.from(classes(3, 1, places * size), (each) => Number(each > 0));
  for (const [place, symbol] of symbols.entries()) allowed[place * size + symbol] = 1;
  batch.symbolAllowed = allowed;
  for (const name of model.carried)
    batch[name] = numbers(ROWS * config.hiddenSize, name.startsWith('hidden') ? 0.5 : 0.25);
  return batch;
}

function expectNear(found: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(found[i] - value), `${i}: ${found[i]} for ${value}`).toBeLessThan(tolerance);
}

test('it is the one that PyTorch was given, and a model file as any other', () => {
  const bytes = exportTrainingGraph({ model, parameters }, { steps: STEPS, license: 'CC0-1.0' });
  // To have it written anew, set the variable, and run the script.
  if (process.env.CADENZA_WRITE_FIXTURES) writeFileSync(FIXTURE, bytes);
  expect(Buffer.from(bytes).equals(readFileSync(FIXTURE))).toBe(true);
  const loaded = modelFromCheckpoint(decodeCheckpoint(bytes, 'graph'));
  expect(loaded.model.config).toEqual(config);
  expect(loaded.parameters).toEqual(parameters);
});

test('PyTorch computes the same losses, states and gradients', async () => {
  const program = await plainEngine('float64').compile(gradientGraph(model, ROWS));
  const results = await program.run({ ...feeds(), parameters });
  for (const [name, rows] of Object.entries(golden.losses)) {
    const mean = rows.reduce((sum, each) => sum + each, 0) / ROWS;
    expect(Math.abs(results[`${name}_loss`][0] - mean)).toBeLessThan(1e-5);
  }
  for (const [layer, states] of golden.states.entries())
    for (const [i, name] of ['hidden', 'cell'].entries())
      expectNear(results[carriedOn(`${name}${layer}`)], states[i], 1e-6);
  const every = Math.max(1, Math.floor(parameters.length / 400));
  const some = Array.from(results.gradient).filter((_, i) => i % every === 0);
  expectNear(some, golden.gradient, 1e-6);
  expect(Math.abs(Math.hypot(...results.gradient) - golden.norm)).toBeLessThan(1e-5);
});

test('other models have none', () => {
  const tutorial = TUTORIAL_KIND.network(TUTORIAL_KIND.configure({}));
  const weights = new Float32Array(parameterCount(tutorial.parameters));
  expect(() => exportTrainingGraph({ model: tutorial, parameters: weights })).toThrow(CadenzaError);
});
