import { describe, expect, it } from 'vitest';
import { pieceOf } from '../../../test/helpers/run-case.js';
import { plainEngine } from '../../engine/plain/plain.js';
import { kindNamed } from '../../kinds/kinds.js';
import type { TrainProgress } from '../../training/progress.js';
import { train } from '../../training/train.js';
import { jobsHere } from './jobs-here.js';
import { RoundsTraining } from './rounds.js';
import { shardsOf } from './shards.js';

const kind = kindNamed('performance');
const CONFIG = kind.configure({
  layers: 1,
  hiddenSize: 6,
  headSize: 4,
  contextUnits: 3,
  keyFeatures: 2,
  recall: false,
});
const PIECES = {
  train: [1, 2, 3, 4, 5, 6].map((seed) => kind.prepare(pieceOf(seed, 30))),
  validation: [kind.prepare(pieceOf(9, 30)), kind.prepare(pieceOf(10, 20))],
};
const OPTIONS = { ...kind.options, steps: 12, epochs: 50, batchSize: 2, sequenceLength: 8, seed: 3 };

async function trained(rounds: { shards: number; steps: number; rate: number; momentum: number }, some = {}) {
  const options = { ...OPTIONS, ...some, rounds };
  const loader = await kind.dataLoader(CONFIG, PIECES, options);
  const task = { kind, config: CONFIG, data: PIECES, loader, options };
  const training = await RoundsTraining.begin(jobsHere(plainEngine()), task);
  const all: TrainProgress[] = [];
  for await (const progress of training.run()) all.push(progress);
  return all;
}

describe('shardsOf', () => {
  it('cuts pieces into parts of about as many notes, each in one', () => {
    const pieces = Array.from({ length: 40 }, (_, i) => ({ notes: 10 + ((i * 37) % 90), i }));
    const parts = shardsOf(pieces, 3, 1);
    expect(
      parts
        .flat()
        .map(({ i }) => i)
        .sort((a, b) => a - b),
    ).toEqual(pieces.map(({ i }) => i));
    const notes = parts.map((part) => part.reduce((sum, piece) => sum + piece.notes, 0));
    expect(Math.max(...notes) - Math.min(...notes)).toBeLessThan(100);
    expect(shardsOf(pieces, 3, 1)).toEqual(parts);
    expect(shardsOf(pieces, 3, 2)).not.toEqual(parts);
    expect(() => shardsOf(pieces.slice(0, 2), 3, 1)).toThrow('2 pieces are too few for 3 shards');
  });
});

describe('training in rounds', () => {
  it('by one shard, joined by going all the way, is training', async () => {
    // Of one shard the mean is its own weights, which it then goes on from.
    const inRounds = await trained({ shards: 1, steps: 4, rate: 1, momentum: 0 });
    const options = { ...OPTIONS, ...(await optionsOfShard()) };
    const loader = await kind.dataLoader(CONFIG, PIECES, options);
    const alone: TrainProgress[] = [];
    const start = (await trainedStart()).parameters;
    for await (const progress of train(loader, plainEngine(), options, start)) alone.push(progress);
    const [here, there] = [inRounds, alone].map((all) => all[all.length - 1].snapshot().parameters);
    // What was joined is rounded once more.
    for (const [i, weight] of there.entries()) expect(Math.abs(here[i] - weight)).toBeLessThan(1e-5);
  });

  it('tells of every round, judges at the ends of epochs, and ends with the steps', async () => {
    const all = await trained({ shards: 3, steps: 5, rate: 0.7, momentum: 0.9 });
    const steps = all.filter((progress) => progress.type === 'step');
    const updates = steps.map((progress) => progress.updates);
    expect(updates.at(-1)).toBe(12);
    expect(steps.reduce((sum, progress) => sum + (progress.steps ?? 1), 0)).toBe(12);
    const epochs = all.filter((progress) => progress.type === 'epoch');
    expect(epochs.at(-1)?.end).toBe('steps');
    const [first, last] = [epochs[0], epochs[epochs.length - 1]].map(
      ({ validation }) => validation?.loss ?? 0,
    );
    expect(last).toBeGreaterThan(1);
    expect(last).toBeLessThan(first);
  });

  it('goes on from a snapshot to the same weights', async () => {
    const rounds = { shards: 2, steps: 3, rate: 0.7, momentum: 0.9 };
    const all = await trained(rounds);
    const whole = all[all.length - 1].snapshot();
    const options = { ...OPTIONS, rounds };
    const loader = await kind.dataLoader(CONFIG, PIECES, options);
    const task = { kind, config: CONFIG, data: PIECES, loader, options };
    for (const { snapshot } of all.slice(0, -1)) {
      const training = await RoundsTraining.begin(jobsHere(plainEngine()), task, snapshot());
      let last = snapshot();
      for await (const progress of training.run()) last = progress.snapshot();
      expect(last).toEqual(whole);
    }
    await expect(
      RoundsTraining.begin(
        jobsHere(plainEngine()),
        { ...task, options: { ...options, rounds: { ...rounds, shards: 3 } } },
        whole,
      ),
    ).rejects.toThrow('the training state is not one of 3 shards');
  });
});

/** By which chances the only shard learns, and how far in all. */
async function optionsOfShard() {
  const { Random } = await import('../../random.js');
  return { seed: new Random(OPTIONS.seed).fork('shard 0').below(2 ** 31) };
}

/** The weights with which the rounds begin. */
async function trainedStart() {
  const [{ initialParameters }, { startFrom }] = await Promise.all([
    import('../../model/parameters.js'),
    import('../../training/start-from.js'),
  ]);
  const { model } = await kind.dataLoader(CONFIG, PIECES, OPTIONS);
  return { parameters: startFrom(initialParameters(model.parameters, OPTIONS.seed)) };
}
