import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../checkpoint/checkpoint.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { CadenzaError } from '../../errors.js';
import { runToEnd } from '../../generators.js';
import { initialParameters, namedViews } from '../../model/parameters.js';
import { createNoteTable, type NoteTable } from '../../notes/note-table.js';
import { Random } from '../../random.js';
import { ENDING_SIZE } from '../../representation/ending.js';
import { PERFORMANCE } from '../../representation/performance.js';
import { MOST_STYLES, PERFORMANCE_GUIDED } from '../../representation/performance-guided.js';
import { checkpointToSnapshot, snapshotToCheckpoint } from '../../run/snapshot-checkpoint.js';
import { PERFORMANCE_TRAIN_OPTIONS, type TrainOptions } from '../../training/options.js';
import type { EpochProgress, TrainingSnapshot } from '../../training/progress.js';
import { startFrom } from '../../training/start-from.js';
import { train } from '../../training/train.js';
import { EventDataLoader } from './data-loader.js';
import { EventLstm, type EventLstmConfig } from './network.js';

const CONFIG: EventLstmConfig = {
  kind: 'events',
  formatVersion: 1,
  representation: 'performance',
  layers: 1,
  hiddenSize: 4,
  headSize: 4,
  contextUnits: 3,
  keyFeatures: 2,
};
const OPTIONS: TrainOptions = {
  ...PERFORMANCE_TRAIN_OPTIONS,
  epochs: 3,
  batchSize: 2,
  learningRate: 0.02,
  schedule: { warmup: 3, decayFrom: 0.5 },
  augmentation: { transpose: 1, stretch: 0.05 },
};
const model = new EventLstm(CONFIG, PERFORMANCE, 6);
const engine = plainEngine();

function scale(length: number, pitch: number): NoteTable {
  const notes = createNoteTable(length);
  for (let i = 0; i < length; i++) {
    notes.pitch[i] = pitch + 2 * (i % 4);
    notes.velocity[i] = 60 + (i % 2) * 20;
    notes.start[i] = i / 5;
    notes.end[i] = i / 5 + 0.15;
  }
  return notes;
}

const DATA = { train: [scale(11, 50), scale(7, 60), scale(9, 70)], validation: [scale(8, 55)] };
const loader = () => new EventDataLoader(model, DATA, OPTIONS);

async function finish(resume?: TrainingSnapshot) {
  const epochs: EpochProgress[] = [];
  const snapshots: TrainingSnapshot[] = [];
  for await (const progress of train(loader(), engine, OPTIONS, resume)) {
    snapshots.push(progress.snapshot());
    if (progress.type === 'epoch') epochs.push(progress);
  }
  return { epochs, snapshots };
}

describe('training on events', () => {
  it('learns, in bits a note of the averaged weights', async () => {
    const { epochs, snapshots } = await finish();
    const bits = epochs.map(({ validation }) => validation?.loss as number);
    expect(bits).toHaveLength(3);
    expect(bits[2]).toBeLessThan(bits[0] - 0.1);
    expect(epochs[0].train.loss).toBeGreaterThan(10);
    const { validation } = epochs[2];
    const { loss, ...attributes } = validation as Record<string, number>;
    expect(Object.values(attributes).reduce((sum, value) => sum + value, 0)).toBeCloseTo(loss, 6);
    const validator = await loader().validator(engine, []);
    const last = snapshots.at(-1) as TrainingSnapshot;
    const judged = await runToEnd(validator.validate(last.averageParameters as Float32Array));
    expect(judged?.loss).toBeCloseTo(bits[2], 6);
    expect(last.bestParameters).toEqual(last.averageParameters);
    expect(last.averageParameters).not.toEqual(last.parameters);
  });

  it('goes on from any moment, through a file, to the same bits', async () => {
    const { snapshots } = await finish();
    const end = snapshots.at(-1) as TrainingSnapshot;
    expect(snapshots.length).toBeGreaterThan(12);
    const random = new Random(2);
    for (let n = 0; n < 4; n++) {
      const from = snapshots[random.below(snapshots.length - 1)];
      const bytes = encodeCheckpoint(snapshotToCheckpoint(model, from, { lossRecords: 0, seconds: 1 }));
      const { snapshot } = checkpointToSnapshot(decodeCheckpoint(bytes, 'state.safetensors'));
      expect(snapshot.carried).toEqual(from.carried);
      const resumed = (await finish(snapshot)).snapshots.at(-1);
      expect(resumed).toEqual(end);
    }
  });

  it('tells how many of the held-out notes are judged, and can be left there', async () => {
    const whole = await finish();
    const notes: number[] = [];
    let left: TrainingSnapshot | undefined;
    for await (const progress of train(loader(), engine, OPTIONS)) {
      if (progress.type === 'epoch') break;
      if (progress.type !== 'validation') continue;
      expect([progress.epoch, progress.totalNotes]).toEqual([1, 8]);
      notes.push(progress.notes);
      left = progress.snapshot();
      if (progress.notes === progress.totalNotes) break;
    }
    // 16 events of 8 notes, 6 at a time.
    expect(notes).toEqual([3, 6, 8]);
    const { epochs } = await finish(left);
    expect(epochs.map(({ snapshot, ...told }) => told)).toEqual(
      whole.epochs.map(({ snapshot, ...told }) => told),
    );
  });

  it('carries its state through a piece, and begins each with silence', async () => {
    const one = loader();
    one.begin(1, 0, {});
    one.next();
    const first = one.next();
    expect(first.hidden0.every((value) => value === 0)).toBe(true);
    const states = { next_hidden0: new Float32Array(8).fill(0.5), next_cell0: new Float32Array(8).fill(1) };
    one.carryOn(states);
    const second = one.next();
    expect(Array.from(second.hidden0)).toContain(0.5);
    expect(one.carried().hidden0).toEqual(second.hidden0);
  });

  it('tells losses of what was played, not of the empty places of a batch', async () => {
    const still = { ...OPTIONS, learningRate: 0, epochs: 1 };
    const losses: number[] = [];
    for await (const progress of train(new EventDataLoader(model, DATA, still), engine, still)) {
      if (progress.type === 'step') losses.push(progress.losses.loss);
    }
    expect(losses.length).toBeGreaterThan(4);
    // Before it has learned anything, one event costs about as much as another.
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    for (const loss of losses) expect(Math.abs(loss / mean - 1)).toBeLessThan(0.2);
  });

  it('needs notes', () => {
    expect(
      () => new EventDataLoader(model, { train: [createNoteTable(0)], validation: [] }, OPTIONS),
    ).toThrow(CadenzaError);
  });

  it('does without held-out pieces', async () => {
    const validator = await new EventDataLoader(model, { ...DATA, validation: [] }, OPTIONS).validator(
      engine,
      [],
    );
    expect(await runToEnd(validator.validate(new Float32Array(model.parameterCount)))).toBeUndefined();
  });

  describe.each([3, 0])('of nothing but what is told, with %i units of context', (contextUnits) => {
    const config = { ...CONFIG, representation: 'performance-guided', contextUnits, styles: ['a', 'b'] };
    const guided = new EventLstm(config, PERFORMANCE_GUIDED, 6);
    const styled = DATA.train.map((piece, n) => ({ ...piece, style: n % 2 }));
    const data = { train: styled, validation: [{ ...DATA.validation[0], style: 0 }] };
    const only = { ...OPTIONS, only: 'told', epochs: 2 } as const;
    const telling = () => new EventDataLoader(guided, data, only);
    const before = initialParameters(guided.parameters, 1);

    it.each([0, 2])('moves no other weight, on %i engines beside', async (count) => {
      let after = before;
      const shards = Array.from({ length: count }, () => plainEngine());
      for await (const progress of train(telling(), engine, only, startFrom(before), shards))
        after = progress.snapshot().parameters;
      const [was, is] = [before, after].map((flat) => namedViews(flat, guided.parameters));
      const moved = [...is].filter(([name, { data }]) => String(data) !== String(was.get(name)?.data));
      const matrix = contextUnits > 0 ? 'context.weight' : 'lstm.weight_ih_l0';
      const heads = ['time', 'symbol', 'velocity'].map((name) => `${name}.hidden.weight`);
      expect(moved.map(([name]) => name)).toEqual([matrix, ...heads]);
      for (const [name, { shape, data }] of moved) {
        const columns = Array.from({ length: shape[1] }, (_, k) => k).filter((k) =>
          Array.from({ length: shape[0] }, (_, row) => row * shape[1] + k).some(
            (at) => data[at] !== was.get(name)?.data[at],
          ),
        );
        const { from, to } = guided.told?.[name] ?? { from: 0, to: 0 };
        expect(to - from).toBe(ENDING_SIZE + MOST_STYLES);
        expect(columns.length).toBeGreaterThan(2);
        for (const column of columns) expect(column >= from && column < to).toBe(true);
      }
    });

    it('moves all but that where it is told nothing', async () => {
      const untold = { ...OPTIONS, only: 'untold', epochs: 2 } as const;
      let after = before;
      const loader = new EventDataLoader(guided, data, untold);
      for await (const progress of train(loader, engine, untold, startFrom(before)))
        after = progress.snapshot().parameters;
      const [was, is] = [before, after].map((flat) => namedViews(flat, guided.parameters));
      for (const [name, { shape, data }] of is) {
        const { from, to } = guided.told?.[name] ?? { from: 0, to: 0 };
        const isTold = (at: number) => from <= at % shape[1] && at % shape[1] < to;
        const moved = Array.from(data.keys()).filter((at) => data[at] !== was.get(name)?.data[at]);
        expect(moved.length, name).toBeGreaterThan(0);
        expect(moved.filter(isTold), name).toEqual([]);
      }
    });

    it('is judged told', async () => {
      const validator = await telling().validator(engine, []);
      const told = await runToEnd(validator.validate(before));
      const untold = await runToEnd(
        (await new EventDataLoader(guided, data, OPTIONS).validator(engine, [])).validate(before),
      );
      expect(told?.loss).toBeGreaterThan(0);
      expect(told?.loss).not.toBe(untold?.loss);
    });
  });

  it('of nothing but what is told needs a model that is told something', () => {
    const only = { ...OPTIONS, only: 'told' } as const;
    expect(() => train(new EventDataLoader(model, DATA, only), engine, only)).toThrow(
      'told nothing of pieces',
    );
  });
});

it('refuses a training state of another training', () => {
  const begun = loader();
  const steps = begun.begin(1, 0, {});
  expect(begun.begin(1, steps, {})).toBe(steps);
  expect(() => begun.begin(1, steps + 1, {})).toThrow(
    `after step ${steps + 1} of ${steps}; it is of another training`,
  );
  const [name] = Object.keys(begun.carried());
  expect(() => begun.begin(1, 0, { [name]: new Float32Array(3) })).toThrow('carries 3 numbers');
  expect(() => begun.begin(1, 0, { other: new Float32Array(8) })).toThrow(CadenzaError);
});
