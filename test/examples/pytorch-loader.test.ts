/**
 * The loader of examples/pytorch-loader computes what Cadenza does: its answers are in the golden file
 * (test/oracle/pytorch_loader.py), about the exported files in test/fixtures/pytorch.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeCheckpoint } from '../../src/checkpoint/checkpoint.js';
import { plainEngine } from '../../src/engine/plain/plain.js';
import { exportPytorch, type Loaded, modelFromCheckpoint, Random } from '../../src/index.js';
import { METRICAL_KIND, PERFORMANCE_KIND } from '../../src/kinds/performance/kind.js';
import { EventLstm } from '../../src/kinds/performance/network.js';
import { TUTORIAL_KIND } from '../../src/kinds/tutorial/kind.js';
import { TutorialLstm } from '../../src/kinds/tutorial/network.js';
import { parameterCount } from '../../src/model/parameters.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/pytorch');
const golden: Record<string, Record<string, number[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../golden/pytorch-loader.json'), 'utf8'),
);

const SIZES = { layers: 2, hiddenSize: 6, headSize: 5, contextUnits: 3, keyFeatures: 2 };
const MODELS = {
  tutorial: TUTORIAL_KIND.network({
    ...TUTORIAL_KIND.configure({}),
    ...{ windowLength: 4, hiddenSize: 5, denseSize: 6 },
  }),
  performance: PERFORMANCE_KIND.network(PERFORMANCE_KIND.configure(SIZES)),
  metrical: METRICAL_KIND.network(METRICAL_KIND.configure(SIZES)),
};

/** What is heard: numbers that the script makes too. */
const numbers = (length: number) => Float32Array.from({ length }, (_, i) => ((i * 37) % 101) / 101);

describe.each(Object.entries(MODELS))('%s', (name, model) => {
  const random = new Random(8);
  const parameters = Float32Array.from(
    { length: parameterCount(model.parameters) },
    () => Math.round((random.next() - 0.5) * 256) / 256,
  );
  const path = join(FIXTURES, `${name}.safetensors`);

  test('its export is the one that PyTorch was given, and Cadenza reads it', () => {
    const bytes = exportPytorch({ model, parameters }, { license: 'CC0-1.0' });
    // To have it written anew, set the variable, and run the script.
    if (process.env.CADENZA_WRITE_FIXTURES) writeFileSync(path, bytes);
    expect(Buffer.from(bytes).equals(readFileSync(path))).toBe(true);
    const loaded = modelFromCheckpoint(decodeCheckpoint(bytes, path));
    expect(loaded.model.config).toEqual(model.config);
    expect(loaded.parameters).toEqual(parameters);
  });

  test('PyTorch computes the same', async () => {
    const found = await answers({ model, parameters });
    expect(Object.keys(found).sort()).toEqual(Object.keys(golden[name]).sort());
    for (const [key, values] of Object.entries(found)) {
      expect(values).toHaveLength(golden[name][key].length);
      for (const [i, value] of values.entries())
        expect(Math.abs(value - golden[name][key][i]), `${key} ${i}`).toBeLessThan(1e-4);
    }
  });
});

/** Logits of everything after two steps. */
async function answers({ model, parameters }: Loaded): Promise<Record<string, number[]>> {
  const engine = plainEngine();
  if (model instanceof TutorialLstm) {
    const program = await engine.compile(model.predictionGraph(1, parameters));
    const { logits, step, duration } = await program.run({ window: numbers(12) });
    return { pitch: [...logits], step: [...step], duration: [...duration] };
  }
  if (!(model instanceof EventLstm)) throw new Error('a model of a kind that is not known here');
  const { attributes, contextSize } = model.representation;
  const listen = await engine.compile(model.predictionGraph(1, parameters));
  const before = Object.fromEntries(attributes.map(({ name }, k) => [`${name}Before`, Int32Array.of(3 + k)]));
  let carried: Record<string, Float32Array> = Object.fromEntries(
    model.carried.map((name) => [name, new Float32Array(model.config.hiddenSize)]),
  );
  let state = new Float32Array();
  for (let step = 0; step < 2; step++) {
    const context = numbers(2 * contextSize).subarray(step * contextSize, (step + 1) * contextSize);
    const result = await listen.run({ ...before, context, ...carried });
    carried = Object.fromEntries(model.carried.map((name) => [name, result[`next_${name}`] as Float32Array]));
    state = result.state as Float32Array<ArrayBuffer>;
  }
  const said: Record<string, Int32Array> = {};
  const found: Record<string, number[]> = {};
  for (const [k, { name }] of attributes.entries()) {
    const head = await engine.compile(model.attributeGraph(k, 1, parameters));
    found[name] = [...(await head.run({ state, ...said })).logits];
    said[name] = Int32Array.of(5 + k);
  }
  return found;
}
