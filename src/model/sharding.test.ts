import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/helpers/tensors.js';
import { TUTORIAL_CASES, tutorialBatch, tutorialWeights } from '../../test/helpers/tutorial-case.js';
import { plainEngine } from '../engine/plain/plain.js';
import { adam, KERAS_ADAM } from '../graph/optimisers/adam.js';
import { TutorialLstm } from '../kinds/tutorial/network.js';
import { compileEvaluation, compileTrainStep, shardSizes } from './sharding.js';

const SMALL = TUTORIAL_CASES.small;
const { batch } = SMALL;
const model = new TutorialLstm(SMALL.config);
const engine = plainEngine('float64');
const parameters = tutorialWeights(SMALL);
const feeds = { ...tutorialBatch(SMALL), parameters };

describe('shardSizes', () => {
  it.each([
    [64, 2, [32, 32]],
    [7, 3, [3, 2, 2]],
    [2, 4, [1, 1]],
    [5, 1, [5]],
    [5, 0, []],
  ])('cuts %d examples for %d engines', (batch, count, sizes) => {
    expect(shardSizes(batch, count)).toEqual(sizes);
  });
});

describe.each([2, 3, batch, batch + 2])('over %d engines', (count) => {
  const shards = Array.from({ length: count }, () => plainEngine('float64'));

  it('a training step is that of the whole batch', async () => {
    const firstMoment = parameters.map((value) => value / 3);
    const secondMoment = parameters.map((value) => value * value);
    const state = { firstMoment, secondMoment, stepSize: Float32Array.of(0.01) };
    const options = { batch, optimiser: adam(KERAS_ADAM), clipNorm: 0.01 };
    const whole = await (await compileTrainStep(model, options, engine)).run({ ...feeds, ...state });
    const sharded = await (await compileTrainStep(model, options, engine, shards)).run({
      ...feeds,
      ...state,
    });
    expect(Object.keys(sharded).sort()).toEqual(Object.keys(whole).sort());
    for (const [name, values] of Object.entries(whole)) expectClose(sharded[name], values, 1e-6, name);
  });

  it('every example has the loss it has in the whole batch', async () => {
    const whole = await (await compileEvaluation(model, batch, engine)).run(feeds);
    const sharded = await (await compileEvaluation(model, batch, engine, shards)).run(feeds);
    expect(Object.keys(sharded)).toEqual(model.lossNames);
    for (const [name, values] of Object.entries(whole)) expectClose(sharded[name], values, 1e-7, name);
  });
});
