import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, randomValues } from '../../../test/helpers/tensors.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { Random } from '../../random.js';
import * as ops from '../ops.js';
import { adamStep, adamStepSize, clipByNorm, KERAS_ADAM } from './adam.js';

const P = 5;

function optimiser() {
  const inputs = {
    parameters: ops.input('parameters', [P]),
    firstMoment: ops.input('firstMoment', [P]),
    secondMoment: ops.input('secondMoment', [P]),
    gradient: ops.input('gradient', [P]),
    stepSize: ops.input('stepSize', []),
  };
  return plainEngine('float64').compile({
    inputs,
    outputs: { ...adamStep(inputs, inputs.gradient, inputs.stepSize, KERAS_ADAM) },
  });
}

describe('adam', () => {
  it('follows Kingma & Ba, with ε beside √v before its correction', async () => {
    const program = await optimiser();
    const random = new Random(1);
    const { beta1, beta2, epsilon } = KERAS_ADAM;
    const learningRate = 0.01;
    let state = {
      parameters: randomValues(random, P),
      firstMoment: new Float64Array(P),
      secondMoment: new Float64Array(P),
    };
    const expected = {
      parameters: state.parameters.slice(),
      firstMoment: new Float64Array(P),
      secondMoment: new Float64Array(P),
    };
    for (let t = 1; t <= 5; t++) {
      // The last is so small that ε decides.
      const gradient = randomValues(random, P);
      gradient[P - 1] *= 1e-7;
      const stepSize = Float64Array.of(adamStepSize(learningRate, t, KERAS_ADAM));
      state = (await program.run({ ...state, gradient, stepSize })) as typeof state;
      for (let i = 0; i < P; i++) {
        const m = beta1 * expected.firstMoment[i] + (1 - beta1) * gradient[i];
        const v = beta2 * expected.secondMoment[i] + (1 - beta2) * gradient[i] ** 2;
        expected.firstMoment[i] = m;
        expected.secondMoment[i] = v;
        const corrected = m / (1 - beta1 ** t);
        const deviation = (Math.sqrt(v) + epsilon) / Math.sqrt(1 - beta2 ** t);
        expected.parameters[i] -= (learningRate * corrected) / deviation;
      }
      // β and ε are constants of the graph, in single precision.
      expectClose(state.parameters, expected.parameters, 1e-7, `parameters after step ${t}`);
      expectClose(state.firstMoment, expected.firstMoment, 1e-6, `first moment after step ${t}`);
      expectClose(state.secondMoment, expected.secondMoment, 1e-6, `second moment after step ${t}`);
    }
  });

  it('goes the learning rate against the sign of the first gradient, however large', async () => {
    const program = await optimiser();
    const gradient = Float64Array.of(1, -1, 1e-2, -1e3, 1e6);
    const { parameters } = await program.run({
      parameters: new Float64Array(P),
      firstMoment: new Float64Array(P),
      secondMoment: new Float64Array(P),
      gradient,
      stepSize: Float64Array.of(adamStepSize(0.005, 1, KERAS_ADAM)),
    });
    expectClose(
      parameters,
      gradient.map((g) => -0.005 * Math.sign(g)),
      1e-3,
    );
  });

  it('leaves parameters without a gradient where they are', async () => {
    const program = await optimiser();
    const parameters = Float64Array.of(1, 2, 3, 4, 5);
    const zeros = new Float64Array(P);
    const found = await program.run({
      parameters,
      firstMoment: zeros,
      secondMoment: zeros,
      gradient: zeros,
      stepSize: Float64Array.of(0.1),
    });
    expect(found).toEqual({ parameters, firstMoment: zeros, secondMoment: zeros });
  });
});

describe('adamStepSize', () => {
  it('corrects both moments and tends to the learning rate', () => {
    expect(adamStepSize(0.005, 1, KERAS_ADAM)).toBeCloseTo((0.005 * Math.sqrt(0.001)) / 0.1, 15);
    expect(adamStepSize(0.005, 100_000, KERAS_ADAM)).toBeCloseTo(0.005, 15);
  });
});

describe('clipByNorm', () => {
  it('shortens what is longer than the limit to it, keeps the direction, and leaves the rest alone', async () => {
    const gradient = ops.input('gradient', [3]);
    const program = await plainEngine('float64').compile({
      inputs: { gradient },
      outputs: { clipped: clipByNorm(gradient, 2) },
    });
    const component = fc.double({ min: -10, max: 10, noNaN: true });
    await fc.assert(
      fc.asyncProperty(component, component, component, async (...values) => {
        const { clipped } = await program.run({ gradient: Float64Array.from(values) });
        const factor = Math.min(1, 2 / Math.hypot(...values));
        expectClose(
          clipped,
          values.map((value) => value * factor),
          1e-9,
        );
      }),
    );
    expect((await program.run({ gradient: new Float64Array(3) })).clipped).toEqual(new Float64Array(3));
    const short = Float64Array.of(0.5, -1, 1.5);
    expect((await program.run({ gradient: short })).clipped).toEqual(short);
  });
});
