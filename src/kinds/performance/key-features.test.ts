import { describe, expect, it } from 'vitest';
import { expectClose, randomValues } from '../../../test/helpers/tensors.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { gradient } from '../../graph/gradient.js';
import * as ops from '../../graph/ops.js';
import { sizeOf } from '../../graph/tensor.js';
import { evaluationGraph, gradientGraph } from '../../model/graphs.js';
import { KEYS } from '../../notes/grid.js';
import { Random } from '../../random.js';
import { type EventRepresentation, NONE } from '../../representation/events.js';
import { METRICAL } from '../../representation/metrical.js';
import { PERFORMANCE } from '../../representation/performance.js';
import { PERFORMANCE_RECALL } from '../../representation/performance-recall.js';
import { REPRESENTATIONS } from '../../representation/representations.js';
import { EventBatch, EventRow } from './event-batch.js';
import { featuresOfChosen, keyFeatures, matchLogits } from './key-features.js';
import { EventLstm } from './network.js';

const [T, B, F, D, MAPS] = [2, 1, 2, 3, 2];
const S = 2 * KEYS - 1;
const random = new Random(1);
const values = (size: number) => randomValues(random, size);
const context = values(T * B * F * KEYS);
const weight = values(D * F * S);
const bias = values(D);
const wanted = values(T * B * MAPS * D);
const CHOSEN = [7, KEYS + 80]; // a key of either map

const inputs = {
  context: ops.input('context', [T, B, F * KEYS]),
  weight: ops.input('weight', [D, F * S]),
  bias: ops.input('bias', [D]),
  wanted: ops.input('wanted', [T, B, MAPS * D]),
  chosen: ops.input('chosen', [T, B], 'int32'),
};
const keys = keyFeatures(inputs.context, inputs.weight, inputs.bias);
const logits = matchLogits(keys, inputs.wanted, MAPS, KEYS);
const picked = featuresOfChosen(keys, ops.oneHot(inputs.chosen, MAPS * KEYS));
const feeds = { context, weight, bias, wanted, chosen: Int32Array.from(CHOSEN) };
const engine = plainEngine('float64');

/** Feature d of a key after event t, summed over all keys as the definition says. */
function feature(t: number, d: number, key: number): number {
  let sum = bias[d];
  for (let map = 0; map < F; map++) {
    for (let heard = 0; heard < KEYS; heard++) {
      const distance = key - heard + KEYS - 1;
      sum += context[(t * F + map) * KEYS + heard] * weight[(d * F + map) * S + distance];
    }
  }
  return Math.max(0, sum);
}

describe('features of keys', () => {
  it('see every map at every distance', async () => {
    const program = await engine.compile({ inputs, outputs: { keys } });
    const found = (await program.run(feeds)).keys;
    const expected = Array.from({ length: T * D * KEYS }, (_, i) =>
      feature(Math.floor(i / (D * KEYS)), Math.floor(i / KEYS) % D, i % KEYS),
    );
    expectClose(found, expected, 1e-6);
    expect(expected.filter((value) => value > 0).length).toBeGreaterThan(100);
  });

  it('move with what is on the maps', async () => {
    const program = await engine.compile({ inputs, outputs: { keys } });
    const at = async (key: number) => {
      const one = new Float64Array(T * F * KEYS);
      one[key] = 1;
      return (await program.run({ ...feeds, context: one })).keys.slice(0, D * KEYS);
    };
    const [low, high] = [await at(20), await at(27)];
    for (let d = 0; d < D; d++) {
      const pattern = (from: readonly number[] | ArrayLike<number>, shift: number) =>
        Array.from({ length: KEYS - 7 }, (_, key) => from[d * KEYS + key + shift]);
      expect(pattern(high, 7)).toEqual(pattern(low, 0));
    }
  });

  it('are matched with what is wanted, and given of the chosen key', async () => {
    const program = await engine.compile({ inputs, outputs: { logits, picked } });
    const found = await program.run(feeds);
    const expected = Array.from({ length: T * MAPS * KEYS }, (_, i) => {
      const [t, map, key] = [Math.floor(i / (MAPS * KEYS)), Math.floor(i / KEYS) % MAPS, i % KEYS];
      return [0, 1, 2].reduce((sum, d) => sum + wanted[(t * MAPS + map) * D + d] * feature(t, d, key), 0);
    });
    expectClose(found.logits, expected, 1e-6);
    const ofChosen = CHOSEN.flatMap((symbol, t) => [0, 1, 2].map((d) => feature(t, d, symbol % KEYS)));
    expectClose(found.picked, ofChosen, 1e-6);
  });

  it('have true gradients', async () => {
    const weights = { ones: values(T * MAPS * KEYS), others: values(T * D) };
    const loss = ops.add(
      ops.sum(ops.multiply(logits, ops.constant(Float32Array.from(weights.ones), logits.shape))),
      ops.sum(ops.multiply(picked, ops.constant(Float32Array.from(weights.others), picked.shape))),
    );
    const names = ['weight', 'bias', 'wanted'] as const;
    const gradients = gradient(
      loss,
      names.map((name) => inputs[name]),
    );
    const outputs = { loss, ...Object.fromEntries(names.map((name, i) => [name, gradients[i]])) };
    const found = await (await engine.compile({ inputs, outputs })).run(feeds);
    const forward = await engine.compile({ inputs, outputs: { loss } });
    for (const name of names) {
      // Every parameter of the small ones, every 61st of the many weights.
      const places = Array.from({ length: feeds[name].length }, (_, i) => i).filter(
        (i) => name !== 'weight' || i % 61 === 0,
      );
      for (const i of places) {
        const at = async (step: number) => {
          const moved = feeds[name].slice();
          moved[i] += step;
          return (await forward.run({ ...feeds, [name]: moved })).loss[0];
        };
        const difference = ((await at(1e-5)) - (await at(-1e-5))) / 2e-5;
        expectClose([found[name][i]], [difference], 1e-5, `${name} ${i}`, 1e-6);
      }
    }
  });

  // A motif that returns, so that something is recalled.
  const MOTIF = [30, KEYS + 30, 40, KEYS + 40, 50, KEYS + 50, 30, KEYS + 30, 40, KEYS + 40, 50];
  const symbols = Int32Array.from(MOTIF);
  const same = (value: number) => Int32Array.from(MOTIF, () => value);
  const velocities = Int32Array.from(MOTIF, (value) => (value < KEYS ? 9 : NONE));
  const CASES: [EventRepresentation, Int32Array[]][] = [
    [PERFORMANCE_RECALL, [same(4), symbols, velocities]],
    // A beat from event to event, in bars of two: what was there a bar before is heard, and when.
    [METRICAL, [same(1), same(6), symbols, velocities, same(2), same(90), same(30)]],
  ];

  it.each(CASES)('of a whole model have true gradients: $name', async (representation, columns) => {
    const sizes = { layers: 1, hiddenSize: 3, headSize: 4, contextUnits: 2, keyFeatures: 2 };
    const { name } = representation;
    const config = { kind: 'events', formatVersion: 1, representation: name, ...sizes } as const;
    const model = new EventLstm(config, representation, 6);
    const row = new EventRow(representation);
    row.open({ length: MOTIF.length, columns });
    const batch = new EventBatch(representation, 6, 1);
    row.skip(5);
    row.fill(batch, 0);
    const states = Object.fromEntries(model.carried.map((name) => [name, new Float32Array(3)]));
    const feeds = { ...batch.feeds, ...states };
    const parameters = randomValues(random, model.parameterCount).map((value) => value / 4);
    const found = await (await engine.compile(gradientGraph(model, 1))).run({ ...feeds, parameters });
    const forward = await engine.compile(evaluationGraph(model, 1));
    const at = async (i: number, step: number) => {
      const moved = parameters.slice();
      moved[i] += step;
      return (await forward.run({ ...feeds, parameters: moved })).loss[0];
    };
    let moving = 0;
    let from = 0;
    for (const { name, shape } of model.parameters) {
      const to = from + sizeOf(shape);
      // Some two dozen places of each.
      for (let i = from; i < to; i += Math.ceil((to - from) / 24)) {
        const difference = ((await at(i, 1e-5)) - (await at(i, -1e-5))) / 2e-5;
        expectClose([found.gradient[i]], [difference], 1e-5, `${name} ${i - from}`, 1e-8);
        if (/maps|keys/.test(name)) moving += Number(difference !== 0);
      }
      from = to;
    }
    expect(moving).toBeGreaterThan(15);
  });

  it('are there only where the context is maps over the keys', () => {
    const sizes = { layers: 1, hiddenSize: 4, headSize: 4, contextUnits: 0, keyFeatures: 2 };
    const namesOf = (representation: string) =>
      new EventLstm(
        { kind: 'events', formatVersion: 1, representation, ...sizes },
        REPRESENTATIONS[representation],
        4,
      ).parameters.map(({ name }) => name);
    expect(namesOf(PERFORMANCE.name)).toContain('symbol.keys.weight');
    expect(namesOf('midi-like').filter((name) => name.includes('keys'))).toEqual([]);
  });
});
