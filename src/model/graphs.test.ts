import { describe, expect, it } from 'vitest';
import { expectClose } from '../../test/helpers/tensors.js';
import { TUTORIAL_CASES, tutorialBatch, tutorialWeights } from '../../test/helpers/tutorial-case.js';
import { plainEngine } from '../engine/plain/plain.js';
import { adam, adamStepSize, KERAS_ADAM } from '../graph/optimisers/adam.js';
import type { Graph } from '../graph/tensor.js';
import { TutorialLstm } from '../kinds/tutorial/network.js';
import { evaluationGraph, gradientGraph, trainStepGraph } from './graphs.js';

const SMALL = TUTORIAL_CASES.small;
const batch = SMALL.batch;
const model = new TutorialLstm(SMALL.config);
const engine = plainEngine('float64');
const parameters = tutorialWeights(SMALL);
const zeros = new Float32Array(parameters.length);
const feeds = { ...tutorialBatch(SMALL), parameters };

async function run(graph: Graph, extra: Record<string, Float32Array> = {}) {
  const program = await engine.compile(graph);
  return program.run({ ...feeds, ...extra });
}

const step = (clipNorm?: number) =>
  run(trainStepGraph(model, { batch, optimiser: adam(KERAS_ADAM), clipNorm }), {
    firstMoment: zeros,
    secondMoment: zeros,
    stepSize: Float32Array.of(adamStepSize(0.005, 1, KERAS_ADAM)),
  });

const normOf = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

describe('the graphs of a model', () => {
  it('tell the same losses: of each example, and their means with and without an update', async () => {
    const each = await run(evaluationGraph(model, batch));
    const { gradient, ...means } = await run(gradientGraph(model, batch));
    const { nextParameters, nextFirstMoment, nextSecondMoment, ...trained } = await step();
    const names = ['duration_loss', 'loss', 'pitch_loss', 'step_loss'];
    for (const losses of [each, means, trained]) expect(Object.keys(losses).sort()).toEqual(names);
    for (const name of names) {
      const mean = Array.from(each[name]).reduce((sum, value) => sum + value, 0) / batch;
      expect(each[name]).toHaveLength(batch);
      expectClose(means[name], [mean], 1e-7, name);
      expect(trained[name]).toEqual(means[name]);
    }
  });

  it('the training step moves by Adam with the gradient', async () => {
    const { gradient } = await run(gradientGraph(model, batch));
    const { nextParameters, nextFirstMoment, nextSecondMoment } = await step();
    expectClose(
      nextFirstMoment,
      gradient.map((g) => 0.1 * g),
      1e-6,
      'first moment',
    );
    expectClose(
      nextSecondMoment,
      gradient.map((g) => 0.001 * g * g),
      1e-6,
      'second moment',
    );
    expect(nextParameters.some((value, i) => Math.abs(value - parameters[i]) > 0.004)).toBe(true);
    expect(nextParameters.every((value, i) => Math.abs(value - parameters[i]) < 0.0051)).toBe(true);
  });

  it('the training step clips the norm of the whole gradient where it is asked to', async () => {
    const { gradient } = await run(gradientGraph(model, batch));
    const norm = normOf(gradient);
    const moment = async (clipNorm?: number) => normOf((await step(clipNorm)).nextFirstMoment) / 0.1;
    expect(await moment()).toBeCloseTo(norm, 5);
    expect(await moment(norm * 2)).toBeCloseTo(norm, 5);
    expect(await moment(norm / 2)).toBeCloseTo(norm / 2, 5);
  });
});
