import { describe, expect, it } from 'vitest';
import { expectClose } from '../../../test/helpers/tensors.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { evaluationGraph } from '../../model/graphs.js';
import type { Losses } from '../../model/losses.js';
import { initialParameters } from '../../model/parameters.js';
import { Random } from '../../random.js';
import { LossEvaluator } from './loss-evaluator.js';
import { TUTORIAL_CONFIG, TutorialLstm } from './network.js';
import { WindowBatch } from './window-batch.js';

const T = 5;
const model = new TutorialLstm({ ...TUTORIAL_CONFIG, windowLength: T, hiddenSize: 4, denseSize: 6 });
const engine = plainEngine('float64');
const parameters = initialParameters(model.parameters, 1);
const NAMES = ['loss', 'duration_loss', 'pitch_loss', 'step_loss'];

function piece(seed: number, length: number): Float32Array {
  const random = new Random(seed);
  const note = () => [random.below(128) / 128, random.next(), random.next()];
  return Float32Array.from(Array.from({ length }, note).flat());
}

/** Every window run by itself. */
async function oneByOne(
  pieces: readonly Float32Array[],
  stride: number,
): Promise<{ means: Losses; count: number }> {
  const program = await engine.compile(evaluationGraph(model, 1));
  const batch = new WindowBatch(1, T);
  const sums = Object.fromEntries(NAMES.map((name) => [name, 0]));
  let count = 0;
  for (const features of pieces) {
    for (let first = 0; first + T < features.length / 3; first += stride) {
      batch.set(0, features, first);
      const losses = await program.run({ ...batch.feeds, parameters });
      for (const name of NAMES) sums[name] += losses[name][0];
      count++;
    }
  }
  return { means: Object.fromEntries(NAMES.map((name) => [name, sums[name] / count])), count };
}

const PIECES = [piece(1, 12), piece(2, T), piece(3, T + 1), piece(4, 0), piece(5, 9)]; // 7 + 0 + 1 + 0 + 4 windows

describe('LossEvaluator', () => {
  // 12 windows: batches that are never full, that leave a remainder, and that come out even.
  const cases = [1, 4, 5, 12, 64].flatMap((batchSize) => [1, 2].map((stride) => ({ batchSize, stride })));
  it.each(cases)(
    'means as one by one: batches of $batchSize, stride $stride',
    async ({ batchSize, stride }) => {
      const expected = await oneByOne(PIECES, stride);
      const evaluator = await LossEvaluator.create(model, engine, parameters, batchSize);
      const counts: number[] = [];
      for (const features of PIECES) counts.push(await evaluator.addPiece(features, stride));
      expect(counts).toEqual(stride === 1 ? [7, 0, 1, 0, 4] : [4, 0, 1, 0, 2]);
      expect(evaluator.windows).toBe(expected.count);
      const means = await evaluator.means();
      expect(Object.keys(means)).toEqual(NAMES);
      for (const name of NAMES) expectClose([means[name]], [expected.means[name]], 1e-12, name);
      expect(await evaluator.means()).toEqual(means);
      expect(evaluator.windows).toBe(expected.count);
    },
  );

  it('goes on after telling the means so far', async () => {
    const evaluator = await LossEvaluator.create(model, engine, parameters, 5);
    await evaluator.addPiece(PIECES[0]);
    const first = await evaluator.means();
    expectClose([first.loss], [(await oneByOne([PIECES[0]], 1)).means.loss], 1e-12);
    await evaluator.addPiece(PIECES[4]);
    expectClose(
      [(await evaluator.means()).loss],
      [(await oneByOne([PIECES[0], PIECES[4]], 1)).means.loss],
      1e-12,
    );
  });

  it('starts anew after a reset, with the weights as they then are', async () => {
    const weights = new Float32Array(parameters.length);
    const evaluator = await LossEvaluator.create(model, engine, weights, 5);
    await evaluator.addPiece(PIECES[0]);
    const before = await evaluator.means();
    expect(before.pitch_loss).toBeCloseTo(Math.log(128), 6); // zero weights: all pitches alike
    await evaluator.addPiece(PIECES[4]); // 4 windows, left pending
    evaluator.reset();
    expect(evaluator.windows).toBe(0);
    weights.set(parameters);
    await evaluator.addPiece(PIECES[0]);
    expectClose([(await evaluator.means()).loss], [(await oneByOne([PIECES[0]], 1)).means.loss], 1e-12);
  });

  it('has no means of no windows', async () => {
    const none = Object.fromEntries(NAMES.map((name) => [name, Number.NaN]));
    const evaluator = await LossEvaluator.create(model, engine, parameters);
    expect(await evaluator.addPiece(piece(1, T))).toBe(0);
    expect(evaluator.windows).toBe(0);
    expect(await evaluator.means()).toEqual(none);
    evaluator.reset();
    expect(await evaluator.means()).toEqual(none);
  });
});
