import { describe, expect, it } from 'vitest';
import {
  collect,
  DATA,
  ENGINES,
  epochsOf,
  model,
  noise,
  OPTIONS,
  STEPS_PER_EPOCH,
  scale,
  stepsOf,
  T,
  told,
} from '../../test/helpers/training-case.js';
import type { Engine } from '../engine/engine.js';
import { plainEngine } from '../engine/plain/plain.js';
import { CadenzaError } from '../errors.js';
import { adam, adamStepSize, KERAS_ADAM } from '../graph/optimisers/adam.js';
import { LossEvaluator } from '../kinds/tutorial/loss-evaluator.js';
import { WindowBatch } from '../kinds/tutorial/window-batch.js';
import { windowsOf } from '../kinds/tutorial/windows.js';
import { trainStepGraph } from '../model/graphs.js';
import { initialParameters } from '../model/parameters.js';
import { seededPermutation } from '../random.js';
import { startFrom } from './start-from.js';

describe.each(ENGINES.map((engine) => [engine.name, engine] as const))('training on %s', (_, engine) => {
  it('learns', async () => {
    const data = { ...DATA, validation: [DATA.train[0]] };
    const epochs = epochsOf(await collect(engine, { data, epochs: 40, patience: 40, learningRate: 0.01 }));
    expect(epochs).toHaveLength(40);
    const [first, last] = [epochs[0], epochs[39]];
    for (const name of ['loss', 'pitch_loss']) {
      expect(last.train[name]).toBeLessThan(0.7 * first.train[name]);
      expect(last.validation?.[name]).toBeLessThan(0.7 * (first.validation?.[name] ?? 0));
    }
  }, 120_000);

  it('tells of every step and every epoch', async () => {
    const events = await collect(engine);
    expect(events.map(({ type }) => type).join(' ')).toBe(
      Array(OPTIONS.epochs).fill('step step step epoch').join(' '),
    );
    const steps = stepsOf(events);
    expect(steps.map(({ epoch, step, updates }) => [epoch, step, updates])).toEqual(
      steps.map((_, i) => [Math.floor(i / STEPS_PER_EPOCH) + 1, (i % STEPS_PER_EPOCH) + 1, i + 1]),
    );
    expect(new Set(steps.map(({ stepsPerEpoch }) => stepsPerEpoch))).toEqual(new Set([STEPS_PER_EPOCH]));
    const names = ['duration_loss', 'loss', 'pitch_loss', 'step_loss'];
    for (const epoch of epochsOf(events)) {
      const own = steps.filter((step) => step.epoch === epoch.epoch);
      expect(Object.keys(epoch.train).sort()).toEqual(names);
      for (const name of names) {
        expect(epoch.train[name]).toBeCloseTo(
          own.reduce((sum, step) => sum + step.losses[name], 0) / own.length,
          12,
        );
      }
      expect(own.at(-1)?.meanLosses).toEqual(epoch.train);
      expect(epoch.updates).toBe(epoch.epoch * STEPS_PER_EPOCH);
    }
    expect(epochsOf(events).map(({ end }) => end)).toEqual([undefined, undefined, 'epochs']);
  });

  it('takes the steps of a loop written out, with each epoch in an order of its own', async () => {
    const clipNorm = 0.5;
    const events = stepsOf(await collect(engine, { epochs: 2, clipNorm }));
    const graph = trainStepGraph(model, { batch: OPTIONS.batchSize, optimiser: adam(KERAS_ADAM), clipNorm });
    const program = await engine.compile(graph);
    const windows = windowsOf([24, T, 20], T);
    const batch = new WindowBatch(OPTIONS.batchSize, T);
    let parameters: Float32Array = initialParameters(model.parameters, OPTIONS.seed);
    let firstMoment: Float32Array = new Float32Array(parameters.length);
    let secondMoment: Float32Array = new Float32Array(parameters.length);
    for (const [i, event] of events.entries()) {
      const order = seededPermutation(windows.count, OPTIONS.seed, event.epoch);
      for (let slot = 0; slot < OPTIONS.batchSize; slot++) {
        const window = order[(i % STEPS_PER_EPOCH) * OPTIONS.batchSize + slot];
        batch.set(slot, DATA.train[windows.piece[window]], windows.first[window]);
      }
      const stepSize = Float32Array.of(adamStepSize(OPTIONS.learningRate, i + 1, KERAS_ADAM));
      const next = await program.run({ ...batch.feeds, parameters, firstMoment, secondMoment, stepSize });
      parameters = next.nextParameters as Float32Array;
      firstMoment = next.nextFirstMoment as Float32Array;
      secondMoment = next.nextSecondMoment as Float32Array;
      expect(event.losses.loss, `loss of step ${i + 1}`).toBe(next.loss[0]);
      expect(event.taken.parameters, `parameters after step ${i + 1}`).toEqual(parameters);
      expect(event.taken.optimiser.firstMoment).toEqual(firstMoment);
      expect(event.taken.optimiser.secondMoment).toEqual(secondMoment);
    }
    await program.release();
  });

  it('learns by another optimiser too, and goes on by it to the same weights', async () => {
    const options = { epochs: 4, optimiser: 'muon', learningRate: 0.02 } as const;
    const events = await collect(engine, options);
    const losses = epochsOf(events).map(({ train }) => train.loss);
    expect(losses[3]).toBeLessThan(losses[0]);
    const steps = stepsOf(events);
    const middle = steps[4].taken;
    expect(Object.keys(middle.optimiser)).toEqual(['momentum', 'firstMoment', 'secondMoment']);
    const resumed = stepsOf(await collect(engine, { ...options, resume: middle }));
    expect(resumed.at(-1)?.taken.parameters).toEqual(steps.at(-1)?.taken.parameters);
    const [byAdam] = stepsOf(await collect(engine, { epochs: 1 }));
    const wrong = collect(engine, { ...options, resume: byAdam.taken });
    await expect(wrong).rejects.toThrow(/training state lacks momentum; .* not muon/);
  });

  it('validates on the held-out pieces after each epoch', async () => {
    for (const validationStride of [1, 3]) {
      for (const { validation, taken } of epochsOf(await collect(engine, { epochs: 2, validationStride }))) {
        const evaluator = await LossEvaluator.create(model, engine, taken.parameters);
        await evaluator.addPiece(DATA.validation[0], validationStride);
        expect(validation).toEqual(await evaluator.means());
        await evaluator.release();
      }
    }
  });

  it('gives the same bits for the same seed, and others for another', async () => {
    const [once, again, other] = [
      await collect(engine, { epochs: 2 }),
      await collect(engine, { epochs: 2 }),
      await collect(engine, { epochs: 2, seed: 2 }),
    ];
    expect(again.map(told)).toEqual(once.map(told));
    expect(other.at(-1)?.taken.parameters).not.toEqual(once.at(-1)?.taken.parameters);
  });

  it('takes a corpus smaller than a batch as one batch', async () => {
    const data = { train: [scale(T + 5)], validation: [] };
    const events = await collect(engine, { data, batchSize: 64, epochs: 2 });
    expect(events.map(({ type }) => type)).toEqual(['step', 'epoch', 'step', 'epoch']);
    const bySize = await collect(engine, { data, batchSize: 5, epochs: 2 });
    expect(events.map(told)).toEqual(bySize.map(told));
  });

  it('refuses pieces that are all too short for a window', async () => {
    for (const pieces of [[], [scale(T), scale(3)]]) {
      const started = async () => collect(engine, { data: { train: pieces, validation: [scale(20)] } });
      await expect(started()).rejects.toThrow(CadenzaError);
      await expect(started()).rejects.toThrow(
        /no piece has more than the 8 notes of a window; add longer pieces$/,
      );
    }
  });

  it('stops where the loss is no number any more', async () => {
    const endless = scale(24);
    endless[3 * 20 + 1] = Number.POSITIVE_INFINITY;
    const cases: [Parameters<typeof collect>[1], RegExp][] = [
      [
        { learningRate: 1e30 },
        /^the loss became \S+ in epoch 1, step 2; start again with a smaller learning rate than 1e\+30/,
      ],
      [{ data: { ...DATA, train: [endless] } }, /^the loss became \S+ in epoch 1, step \d;/],
      // The only step of the epoch diverges: its own loss is still good.
      [
        { learningRate: 1e30, batchSize: 64, epochs: 1 },
        /^the loss became \S+ on the validation pieces after epoch 1; start again/,
      ],
    ];
    for (const [options, message] of cases) {
      await expect(collect(engine, options)).rejects.toThrow(message);
      await expect(collect(engine, options)).rejects.toThrow(CadenzaError);
    }
  });
});

describe('training', () => {
  const engine = plainEngine();
  /** What holds for the held-out noise gets worse while the scale is being learnt. */
  const overfit = { data: { train: [scale(24)], validation: [noise(20, 1)] }, epochs: 25, patience: 100 };

  it('keeps the weights of the best epoch by the loss it watches', async () => {
    const best = new Set<number>();
    for (const monitor of ['train', 'validation'] as const) {
      const epochs = epochsOf(await collect(engine, { ...overfit, monitor }));
      const losses = epochs.map((epoch) => epoch[monitor]?.loss ?? Number.NaN);
      let lowest = Number.POSITIVE_INFINITY;
      let weights: Float32Array | undefined;
      for (const [i, { improved, stopping, taken }] of epochs.entries()) {
        expect(improved).toBe(losses[i] < lowest);
        if (improved) weights = taken.parameters;
        lowest = Math.min(lowest, losses[i]);
        expect(stopping.bestLoss).toBe(lowest);
        expect(stopping.bestEpoch).toBe(losses.indexOf(lowest) + 1);
        expect(taken.bestParameters).toEqual(weights);
      }
      best.add(losses.indexOf(lowest) + 1);
    }
    expect(best.size, 'the case tells the two losses apart').toBe(2);
  });

  it('stops when the loss it watches has not improved for as long as patience lasts', async () => {
    const undisturbed = epochsOf(await collect(engine, { ...overfit, monitor: 'validation' }));
    const patience = 3;
    const expected = undisturbed.findIndex(({ stopping }) => stopping.epochsSinceBest >= patience) + 1;
    expect(expected).toBeGreaterThan(0);
    const epochs = epochsOf(await collect(engine, { ...overfit, monitor: 'validation', patience }));
    expect(epochs).toHaveLength(expected);
    expect(epochs.at(-1)?.end).toBe('early stopping');
    expect(epochs.at(-1)?.stopping.bestEpoch).toBe(expected - patience);
    const stopped = epochs.at(-1)?.taken;
    expect(stopped?.bestParameters).toEqual(undisturbed[expected - patience - 1].taken.parameters);
    // It is over: a resumed run has nothing left to do.
    expect(await collect(engine, { ...overfit, monitor: 'validation', patience, resume: stopped })).toEqual(
      [],
    );
  });

  it('ends within an epoch when all steps are done, judged and resumable', async () => {
    const whole = await collect(engine);
    const events = await collect(engine, { steps: STEPS_PER_EPOCH + 1 });
    expect(events.map(({ type }) => type).join(' ')).toBe('step step step epoch step epoch');
    expect(epochsOf(events).map(({ end }) => end)).toEqual([undefined, 'steps']);
    expect(events[4].taken.parameters).toEqual(whole[4].taken.parameters);
    const [, last] = epochsOf(events);
    expect(last.train).toEqual(stepsOf(events).at(-1)?.losses);
    const options = { steps: STEPS_PER_EPOCH + 1 };
    const judged = await collect(engine, { ...options, resume: events[4].taken });
    expect(judged.map(({ type }) => type)).toEqual(['epoch']);
    expect(await collect(engine, { ...options, resume: last.taken })).toEqual([]);
    // With more steps the epoch goes on where it was cut.
    const more = await collect(engine, { resume: last.taken });
    expect(more.map(({ type }) => type).join(' ')).toBe('step step epoch step step step epoch');
    const end = whole.at(-1);
    expect(more.at(-1)?.taken.parameters).toEqual(end?.taken.parameters);
    expect(epochsOf(more).map(({ train, at, end }) => ({ train, at, end }))).toEqual(
      epochsOf(whole)
        .slice(1)
        .map(({ train, at, end }) => ({ train, at, end })),
    );
    expect([last.at, last.epoch]).toEqual([1 + 1 / STEPS_PER_EPOCH, 2]);
    // Of the only epoch too.
    const only = epochsOf(await collect(engine, { epochs: 1, steps: 1 }));
    expect(only.map(({ end }) => end)).toEqual(['steps']);
    const aligned = epochsOf(await collect(engine, { steps: STEPS_PER_EPOCH }));
    expect(aligned.map(({ end }) => end)).toEqual(['steps']);
  });

  it('learns on from weights learned elsewhere', async () => {
    const first = (await collect(engine)).at(-1)?.taken.parameters as Float32Array;
    const [step] = stepsOf(await collect(engine, { resume: startFrom(first) }));
    const [fresh] = stepsOf(await collect(engine));
    expect([step.epoch, step.step, step.updates]).toEqual([1, 1, 1]);
    expect(step.losses.loss).toBeLessThan(fresh.losses.loss);
  });

  it('does not move with a learning rate of 0, and stops after the first epoch and patience', async () => {
    const events = await collect(engine, { learningRate: 0, epochs: 50, patience: 2 });
    const initial = initialParameters(model.parameters, OPTIONS.seed);
    for (const { taken } of events) expect(taken.parameters).toEqual(initial);
    expect(epochsOf(events)).toHaveLength(3);
    expect(epochsOf(events).at(-1)).toMatchObject({ end: 'early stopping', stopping: { bestEpoch: 1 } });
  });

  it('watches the training loss where there is nothing to validate on', async () => {
    // Held-out pieces, but none with a window.
    for (const validation of [[], [scale(T)]]) {
      const epochs = epochsOf(
        await collect(engine, { data: { ...DATA, validation }, monitor: 'validation' }),
      );
      const losses = epochs.map((epoch) => epoch.train.loss);
      expect(epochs.every((epoch) => epoch.validation === undefined)).toBe(true);
      expect(epochs.at(-1)?.stopping.bestLoss).toBe(Math.min(...losses));
    }
  });

  it('has no best weights before an epoch’s end', async () => {
    const events = await collect(engine, { epochs: 1 });
    const best = events.map(({ taken }) => taken.bestParameters);
    expect(best).toEqual([undefined, undefined, undefined, events[3].taken.parameters]);
  });

  it('gives its programs back when it ends, when it is left and when it fails', async () => {
    let open = 0;
    const counting: Engine = {
      name: 'counting',
      async compile(graph) {
        const program = await engine.compile(graph);
        open++;
        return {
          bind: (feeds) => program.bind(feeds),
          run: (...feeds) => program.run(...feeds),
          release: async () => {
            open--;
          },
        };
      },
    };
    await collect(counting, { epochs: 1 });
    expect(open).toBe(0);
    await collect(counting, { events: 2 });
    expect(open).toBe(0);
    await expect(collect(counting, { learningRate: 1e30 })).rejects.toThrow(CadenzaError);
    expect(open).toBe(0);
  });
});
