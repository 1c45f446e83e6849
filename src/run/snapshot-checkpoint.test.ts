import { describe, expect, it } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../checkpoint/checkpoint.js';
import { CadenzaError } from '../errors.js';
import { TUTORIAL_CONFIG, TutorialLstm } from '../kinds/tutorial/network.js';
import { initialParameters } from '../model/parameters.js';
import type { TrainingSnapshot } from '../training/progress.js';
import { checkpointToSnapshot, snapshotToCheckpoint } from './snapshot-checkpoint.js';

const model = new TutorialLstm({ ...TUTORIAL_CONFIG, windowLength: 8, hiddenSize: 3, denseSize: 4 });
const vector = (seed: number) => initialParameters(model.parameters, seed);
const notes = { lossRecords: 7, seconds: 12.75 };
const snapshot: TrainingSnapshot = {
  parameters: vector(1),
  optimiser: { firstMoment: vector(2), secondMoment: vector(3) },
  bestParameters: vector(4),
  averageParameters: vector(5),
  carried: { hidden0: Float32Array.of(1, 2, 3), cell0: Float32Array.of(4, 5) },
  position: {
    epoch: 3,
    step: 2,
    updates: 10,
    lossSums: { loss: 0.1 + 0.2, pitch_loss: 1 / 3 },
    stopping: { bestEpoch: 2, bestLoss: Math.PI, epochsSinceBest: 0 },
  },
};

function throughFile(value: TrainingSnapshot): Checkpoint {
  return decodeCheckpoint(encodeCheckpoint(snapshotToCheckpoint(model, value, notes)), 'state.safetensors');
}

describe('a training snapshot in a checkpoint', () => {
  it('comes back to the bit, with and without best weights', () => {
    expect(checkpointToSnapshot(throughFile(snapshot))).toEqual({ snapshot, notes });
    const early: TrainingSnapshot = {
      ...snapshot,
      bestParameters: undefined,
      position: { ...snapshot.position, stopping: { bestEpoch: 0, bestLoss: null, epochsSinceBest: 0 } },
    };
    expect(checkpointToSnapshot(throughFile(early))).toEqual({ snapshot: early, notes });
  });

  it('is a model that can be played, of the present weights', () => {
    const { config, tensors } = throughFile(snapshot);
    expect(config).toEqual(model.config);
    expect([...tensors.keys()].sort()).toEqual(model.parameters.map(({ name }) => name).sort());
  });

  const whole = throughFile(snapshot);
  const training = whole.training!;
  const withState = (change: object) => ({ ...training, state: { ...training.state, ...change } });
  const short = { shape: [1], data: new Float32Array(1) };
  const refused: Record<string, [training: Checkpoint['training'], message: RegExp]> = {
    'no training state': [undefined, /holds no training state/],
    'a moment of another size': [
      { ...training, tensors: new Map(training.tensors).set('secondMoment', short) },
      /secondMoment has 1 numbers, not/,
    ],
    'best weights of another size': [
      { ...training, tensors: new Map(training.tensors).set('bestParameters', short) },
      /bestParameters has 1 numbers, not/,
    ],
    'no position': [withState({ position: undefined }), /no position/],
    'half a step': [withState({ position: { ...snapshot.position, step: 0.5 } }), /no position/],
    'a step before the first': [withState({ position: { ...snapshot.position, step: -1 } }), /no position/],
    'losses that are text': [
      withState({ position: { ...snapshot.position, lossSums: { loss: '1' } } }),
      /no position/,
    ],
    'no word on early stopping': [
      withState({ position: { ...snapshot.position, stopping: undefined } }),
      /no position/,
    ],
    'no notes': [withState({ lossRecords: undefined }), /no position/],
    'a time that is none': [withState({ seconds: 'long' }), /no position/],
  };
  it.each(Object.entries(refused))('is refused with %s', (_, [state, message]) => {
    const read = () => checkpointToSnapshot({ ...whole, training: state });
    expect(read).toThrow(CadenzaError);
    expect(read).toThrow(message);
    expect(read).toThrow(/^state\.safetensors: [^\n]*; training cannot be resumed from it$/);
  });
});
