import { describe, expect, it } from 'vitest';
import { expectClose, randomValues } from '../../../test/helpers/tensors.js';
import { TOY, TOY_PIECES, TOY_WITH_MAPS } from '../../../test/helpers/toy-representation.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { adam, KERAS_ADAM } from '../../graph/optimisers/adam.js';
import { evaluationGraph, gradientGraph } from '../../model/graphs.js';
import { parameterCount } from '../../model/parameters.js';
import { compileEvaluation, compileTrainStep } from '../../model/sharding.js';
import { Random } from '../../random.js';
import type { EventRepresentation } from '../../representation/events.js';
import { EventBatch, EventRow } from './event-batch.js';
import { EventLstm, type EventLstmConfig } from './network.js';

const CONFIG: EventLstmConfig = {
  kind: 'events',
  formatVersion: 1,
  representation: TOY.name,
  layers: 2,
  hiddenSize: 3,
  headSize: 4,
  contextUnits: 3,
  keyFeatures: 2,
};
const B = 2;
const engine = plainEngine('float64');

/** Both toy pieces from their beginning, `steps` events of them a batch. */
function batchesOf(toy: EventRepresentation, steps: number) {
  const rows = TOY_PIECES.map((events) => {
    const row = new EventRow(toy);
    row.open(events);
    return row;
  });
  return Array.from({ length: Math.ceil(7 / steps) }, () => {
    const batch = new EventBatch(toy, steps, B);
    for (const [i, row] of rows.entries()) row.fill(batch, i);
    return batch.feeds;
  });
}

describe.each([
  ['without maps over classes', TOY],
  ['with maps over classes', TOY_WITH_MAPS],
])('the event model, %s', (_, toy) => {
  const model = new EventLstm(CONFIG, toy, 7);
  const P = parameterCount(model.parameters);
  const parameters = randomValues(new Random(1), P).map((value) => value / 2);
  const batches = (steps: number) => batchesOf(toy, steps);
  const states = () =>
    Object.fromEntries(model.carried.map((name) => [name, new Float32Array(B * CONFIG.hiddenSize)]));

  it('has the parameters that its layers call for', () => {
    const context = 3 * toy.contextSize; // brought to 3 numbers
    const maps = toy === TOY ? 0 : 3 * 4; // a weight of each map for every unit of its head
    const inputs = 4 + 4 + 3 + 3; // classes and one more for none, and the context
    const lstm = context + 12 * (inputs + 3 + 1) + 12 * (3 + 3 + 1);
    const heads = 4 * (3 + 1) + 3 * 5 + 4 * (3 + 3 + 1) + 3 * 5 + 4 * (3 + 3 + 3 + 1) + 2 * 5;
    expect(P).toBe(lstm + heads + maps);
  });

  it('has true gradients', async () => {
    const feeds = { ...batches(7)[0], ...states() };
    const found = (await (await engine.compile(gradientGraph(model, B))).run({ ...feeds, parameters }))
      .gradient;
    const forward = await engine.compile(evaluationGraph(model, B));
    const at = async (i: number, step: number) => {
      const moved = parameters.slice();
      moved[i] += step;
      const { loss } = await forward.run({ ...feeds, parameters: moved });
      return (loss[0] + loss[1]) / B;
    };
    const differences = new Float64Array(P);
    for (let i = 0; i < P; i++) differences[i] = ((await at(i, 1e-5)) - (await at(i, -1e-5))) / 2e-5;
    expectClose(found, differences, 1e-6, 'gradient', 1e-9);
  });

  it('without weights finds all that is allowed equally likely: its bits are the size of the grid', async () => {
    const program = await engine.compile(evaluationGraph(model, B));
    const result = await program.run({ ...batches(7)[0], ...states(), parameters: new Float64Array(P) });
    // Of 3 classes each, the third 4 = 2² values wide and the second 2.
    const logWidths = [0, 1, 1, 2, 0, 2, 2].reduce((a, b) => a + b) * Math.LN2;
    const otherWidths = [0, 2, 1, 1].reduce((a, b) => a + b) * Math.LN2;
    expectClose(
      result.time_loss,
      [(7 * Math.log(3) + logWidths) / 7, (4 * Math.log(3) + otherWidths) / 7],
      1e-7,
    );
    // Three sides for the first event of a piece, two for all others.
    expectClose(result.side_loss, [(Math.log(3) + 6 * Math.LN2) / 7, (Math.log(3) + 3 * Math.LN2) / 7], 1e-7);
    expectClose(result.force_loss, [(3 * Math.LN2) / 7, (2 * Math.LN2) / 7], 1e-7);
    const sum = (i: number) => result.time_loss[i] + result.side_loss[i] + result.force_loss[i];
    expectClose(result.loss, [sum(0), sum(1)], 1e-7);
  });

  it('hears in pieces what it hears in one, with its state carried along', async () => {
    const whole = await (await engine.compile(evaluationGraph(model, B))).run({
      ...batches(7)[0],
      ...states(),
      parameters,
    });
    const short = new EventLstm(CONFIG, toy, 3);
    const program = await engine.compile(evaluationGraph(short, B));
    let carried: Record<string, Float32Array> = states();
    const sums = new Float64Array(B);
    for (const feeds of batches(3)) {
      const result = await program.run({ ...feeds, ...carried, parameters });
      for (let i = 0; i < B; i++) sums[i] += result.loss[i] * 3;
      carried = Object.fromEntries(
        model.carried.map((name) => [name, Float32Array.from(result[`next_${name}`])]),
      );
    }
    expectClose(
      sums,
      Array.from(whole.loss, (loss) => loss * 7),
      1e-6,
    );
  });

  it('predicts, event by event, what it is judged by', async () => {
    const whole = await (await engine.compile(evaluationGraph(model, B))).run({
      ...batches(7)[0],
      ...states(),
      parameters,
    });
    const single = Float32Array.from(parameters);
    const listen = await engine.compile(model.predictionGraph(B, single));
    const heads = await Promise.all(
      TOY.attributes.map((_, k) => engine.compile(model.attributeGraph(k, B, single))),
    );
    let carried: Record<string, Float32Array> = states();
    const nats = TOY.attributes.map(() => new Float64Array(B));
    for (const feeds of batches(1)) {
      const { state, ...next } = await listen.run({ ...feeds, ...carried });
      for (const [k, { name, size, widthOf = () => 1 }] of TOY.attributes.entries()) {
        const { logits } = await heads[k].run({ ...feeds, state });
        for (let row = 0; row < B; row++) {
          const allowed = feeds[`${name}Allowed`];
          const odds = Array.from({ length: size }, (_, i) =>
            allowed?.[row * size + i] === 0 ? 0 : Math.exp(logits[row * size + i]),
          );
          const chosen = feeds[name][row];
          const likely = odds[chosen] / odds.reduce((a, b) => a + b) / widthOf(chosen);
          nats[k][row] -= feeds[`${name}Weight`][row] * Math.log(likely);
        }
      }
      carried = Object.fromEntries(
        model.carried.map((name) => [name, Float32Array.from(next[`next_${name}`])]),
      );
    }
    for (const [k, { name }] of TOY.attributes.entries()) {
      expectClose(
        nats[k],
        Array.from(whole[`${name}_loss`], (loss) => loss * 7),
        1e-5,
        name,
      );
    }
  });

  it('is the same spread over two engines, states included', async () => {
    const feeds = { ...batches(7)[0], ...states(), parameters };
    const shards = [plainEngine('float64'), plainEngine('float64')];
    const evaluation = await (await compileEvaluation(model, B, engine)).run(feeds);
    const sharded = await (await compileEvaluation(model, B, engine, shards)).run(feeds);
    const zeros = new Float64Array(P);
    const state = { firstMoment: zeros, secondMoment: zeros, stepSize: Float32Array.of(0.01) };
    const options = { batch: B, optimiser: adam(KERAS_ADAM), clipNorm: 1 };
    const step = await (await compileTrainStep(model, options, engine)).run({ ...feeds, ...state });
    const shardedStep = await (await compileTrainStep(model, options, engine, shards)).run({
      ...feeds,
      ...state,
    });
    for (const [whole, parts] of [
      [evaluation, sharded],
      [step, shardedStep],
    ]) {
      expect(Object.keys(parts).sort()).toEqual(Object.keys(whole).sort());
      for (const [name, values] of Object.entries(whole)) expectClose(parts[name], values, 1e-6, name, 1e-9);
    }
  });
});
