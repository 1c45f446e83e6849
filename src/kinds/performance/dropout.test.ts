import { describe, expect, it } from 'vitest';
import { pieceOf } from '../../../test/helpers/run-case.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { gradientGraph } from '../../model/graphs.js';
import { initialParameters } from '../../model/parameters.js';
import { compileTrainStep } from '../../model/sharding.js';
import { Random } from '../../random.js';
import { optimiserOf } from '../../training/optimisers.js';
import type { TrainOptions } from '../../training/options.js';
import type { TrainingSnapshot } from '../../training/progress.js';
import { train } from '../../training/train.js';
import { PERFORMANCE_KIND as kind } from './kind.js';
import { Masks } from './masks.js';
import type { EventLstm } from './network.js';

const SIZES = { layers: 2, hiddenSize: 5, headSize: 4, contextUnits: 3, keyFeatures: 2, recall: false };
const CONFIG = kind.configure(SIZES);
const DROPOUT = { input: 0.2, hidden: 0.3, heads: 0.4, recurrent: 0.5 };
const OPTIONS: TrainOptions = {
  ...kind.options,
  epochs: 9,
  steps: 8,
  batchSize: 3,
  sequenceLength: 6,
  dropout: DROPOUT,
};
const PIECES = {
  train: [1, 2, 3, 4].map((seed) => kind.prepare(pieceOf(seed, 20))),
  validation: [kind.prepare(pieceOf(5, 20))],
};
const loaderOf = (options = OPTIONS) => kind.dataLoader(CONFIG, PIECES, options);
const engine = plainEngine('float64');

describe('dropout', () => {
  it('leaves out as much as is asked for, and keeps sums as large in the mean', async () => {
    const { model } = await loaderOf();
    const masks = new Masks(model as EventLstm, 64);
    masks.draw(new Random(3));
    const rates = {
      inputMask: 0.2,
      hiddenMask1: 0.3,
      headsMask: 0.4,
      recurrentMask0: 0.5,
      recurrentMask1: 0.5,
    };
    expect(Object.keys(masks.feeds).sort()).toEqual(Object.keys(rates).sort());
    for (const [name, rate] of Object.entries(rates)) {
      const mask = masks.feeds[name];
      const left = mask.filter((each) => each === 0).length / mask.length;
      // Four standard deviations of a mean of so many.
      expect(Math.abs(left - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / mask.length));
      for (const each of mask) if (each !== 0) expect(each).toBeCloseTo(1 / (1 - rate), 5);
    }
    const before = masks.feeds.headsMask.slice();
    masks.draw(new Random(4));
    expect(masks.feeds.headsMask).not.toEqual(before);
    masks.draw(new Random(3));
    expect(masks.feeds.headsMask).toEqual(before);
  });

  it('with masks that leave out nothing is none', async () => {
    const [dropping, whole] = [await loaderOf(), await loaderOf({ ...OPTIONS, dropout: undefined })];
    for (const loader of [dropping, whole]) loader.begin(1, 0, {});
    const parameters = initialParameters(whole.model.parameters, 2);
    const feeds = dropping.next();
    for (const [name, mask] of Object.entries(feeds)) if (name.includes('Mask')) mask.fill(1);
    const program = await engine.compile(gradientGraph(dropping.model, 3));
    const found = await program.run({ ...feeds, parameters });
    const plain = await engine.compile(gradientGraph(whole.model, 3));
    expect(found).toEqual(await plain.run({ ...whole.next(), parameters }));
  });

  it('has the gradient of what is left', async () => {
    const loader = await loaderOf();
    loader.begin(1, 0, {});
    const feeds = structuredClone(loader.next());
    const program = await engine.compile(gradientGraph(loader.model, 3));
    const point = Float64Array.from(initialParameters(loader.model.parameters, 2));
    const lossAt = async (parameters: Float64Array) => (await program.run({ ...feeds, parameters })).loss[0];
    const { gradient } = await program.run({ ...feeds, parameters: point });
    const random = new Random(1);
    const heard = [...point.keys()].filter((i) => gradient[i] !== 0);
    expect(heard.length).toBeGreaterThan(200);
    for (let n = 0; n < 30; n++) {
      const i = heard[random.below(heard.length)];
      const [up, down] = [1e-5, -1e-5].map((step) => {
        const moved = point.slice();
        moved[i] += step;
        return moved;
      });
      const slope = ((await lossAt(up)) - (await lossAt(down))) / 2e-5;
      expect(Math.abs(gradient[i] - slope)).toBeLessThan(1e-7);
    }
  });

  it('is the same for a batch that several engines share', async () => {
    const loader = await loaderOf();
    loader.begin(1, 0, {});
    const feeds = structuredClone(loader.next());
    const optimiser = optimiserOf(OPTIONS);
    const parameters = initialParameters(loader.model.parameters, 2);
    const states = Object.fromEntries(
      optimiser.states.map((name) => [name, new Float32Array(parameters.length)]),
    );
    const scalars = Object.entries(optimiser.scalars(0.01, 1)).map(([name, value]) => [
      name,
      Float32Array.of(value),
    ]);
    const given = { ...feeds, parameters, ...states, ...Object.fromEntries(scalars) };
    const step = { batch: 3, optimiser };
    const whole = await (await compileTrainStep(loader.model, step, engine)).run(given);
    const shards = [plainEngine('float64'), plainEngine('float64')];
    const shared = await (await compileTrainStep(loader.model, step, engine, shards)).run(given);
    expect(shared.loss[0]).toBeCloseTo(whole.loss[0], 5);
    for (const [i, value] of whole.nextParameters.entries())
      expect(shared.nextParameters[i]).toBeCloseTo(value, 4);
  });

  it('goes on the same when a training is resumed, and judges with nothing left out', async () => {
    const snapshots: TrainingSnapshot[] = [];
    const losses: number[] = [];
    for await (const progress of train(await loaderOf(), plainEngine(), OPTIONS)) {
      snapshots.push(progress.snapshot());
      if (progress.type === 'epoch') losses.push(progress.validation?.loss ?? 0);
    }
    const last = snapshots[snapshots.length - 1];
    let resumed: TrainingSnapshot | undefined;
    for await (const progress of train(await loaderOf(), plainEngine(), OPTIONS, snapshots[3]))
      resumed = progress.snapshot();
    expect(resumed?.parameters).toEqual(last.parameters);
    const whole = await loaderOf({ ...OPTIONS, dropout: undefined });
    const validator = await whole.validator(plainEngine(), []);
    const judging = validator.validate(last.averageParameters ?? last.parameters);
    let judged = await judging.next();
    while (!judged.done) judged = await judging.next();
    expect(judged.value?.loss).toBe(losses[losses.length - 1]);
  });
});
