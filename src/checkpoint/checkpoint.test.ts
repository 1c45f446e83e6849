import { describe, expect, it } from 'vitest';
import { CadenzaError } from '../errors.js';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  expectKind,
  expectTensors,
} from './checkpoint.js';
import { writeSafetensors } from './safetensors.js';

const CONFIG = { kind: 'tutorial-lstm', formatVersion: 1, hiddenSize: 2 };
const CHECKPOINT: Checkpoint = {
  config: CONFIG,
  tensors: new Map([
    ['lstm.weight', { shape: [2, 2], data: Float32Array.of(1, -2, 0.1, 1e-40) }],
    ['lstm.bias', { shape: [2], data: Float32Array.of(0, 1) }],
  ]),
};
const TRAINING = {
  state: { epoch: 3, random: [1, 2], note: 'é' },
  tensors: new Map([['adam.m.lstm.bias', { shape: [2], data: Float32Array.of(0.1, 70000) }]]),
};

function withMetadata(metadata: Record<string, string>): Uint8Array {
  return writeSafetensors([], { cadenza_format: '1', cadenza_config: JSON.stringify(CONFIG), ...metadata });
}

function withWeights(...weights: number[]): Checkpoint {
  return {
    config: CONFIG,
    tensors: new Map([['w', { shape: [weights.length], data: Float32Array.from(weights) }]]),
  };
}

describe('checkpoint', () => {
  it('comes back as it was', () => {
    const full = { ...CHECKPOINT, training: TRAINING, license: 'MIT', credit: 'Jane "J" Doe' };
    expect(decodeCheckpoint(encodeCheckpoint(CHECKPOINT), 'a')).toEqual({ name: 'a', ...CHECKPOINT });
    expect(decodeCheckpoint(encodeCheckpoint(full), 'a')).toEqual({ name: 'a', ...full });
  });

  it('halves the weights, but not the training state, as F16', () => {
    const half = encodeCheckpoint({ ...CHECKPOINT, training: TRAINING }, { weights: 'F16' });
    const { tensors, training } = decodeCheckpoint(half, 'a');
    expect(tensors.get('lstm.weight')!.data).toEqual(Float32Array.of(1, -2, 0.0999755859375, 0));
    expect(training).toEqual(TRAINING);
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'a foreign file',
      writeSafetensors([], { format: 'pt' }),
      /not a Cadenza model: .* no cadenza_format; use/,
    ],
    ['a newer format', withMetadata({ cadenza_format: '2' }), /format 2 is newer than 1, .*; update Cadenza/],
    ['a strange format', withMetadata({ cadenza_format: '1\n' }), /cadenza_format is 1\\n, expected 1;/],
    ['no config', writeSafetensors([], { cadenza_format: '1' }), /no cadenza_config/],
    ['a broken config', withMetadata({ cadenza_config: '{' }), /cadenza_config is not a JSON object;/],
    ['a config of null', withMetadata({ cadenza_config: 'null' }), /cadenza_config is not a JSON object;/],
    ['no kind', withMetadata({ cadenza_config: '{"formatVersion":1}' }), /lacks a kind/],
    ['version 0', withMetadata({ cadenza_config: '{"kind":"a","formatVersion":0}' }), /formatVersion/],
    ['a broken training state', withMetadata({ cadenza_training: '[]' }), /cadenza_training is not a JSON/],
    [
      'whole-number weights',
      writeSafetensors([{ name: 'w', shape: [1], data: Int32Array.of(1) }], {
        cadenza_format: '1',
        cadenza_config: JSON.stringify(CONFIG),
      }),
      /tensor w is I32, expected F32, F16 or BF16;/,
    ],
    [
      'infinite weights',
      writeSafetensors([{ name: 'w', shape: [2], data: Float32Array.of(1, Number.NEGATIVE_INFINITY) }], {
        cadenza_format: '1',
        cadenza_config: JSON.stringify(CONFIG),
      }),
      /tensor w has -Infinity at position 1, expected finite numbers;/,
    ],
    [
      'training tensors without a state',
      writeSafetensors([{ name: 'training.m', shape: [1], data: Float32Array.of(1) }], {
        cadenza_format: '1',
        cadenza_config: JSON.stringify(CONFIG),
      }),
      /tensor training\.m belongs to a training state/,
    ],
    ['a damaged file', encodeCheckpoint(CHECKPOINT).subarray(0, -1), /cut short/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeCheckpoint(bytes, 'm.safetensors')).toThrow(CadenzaError);
    expect(() => decodeCheckpoint(bytes, 'm.safetensors')).toThrow(message);
    expect(() => decodeCheckpoint(bytes, 'm.safetensors')).toThrow(/^m\.safetensors: [^\n]+; [^\n]+$/);
  });

  it('refuses to write weights that are no numbers, or too large for F16', () => {
    expect(() => encodeCheckpoint(withWeights(0, Number.NaN))).toThrow(
      'checkpoint: tensor w has NaN at position 1, expected finite numbers; the training diverged',
    );
    expect(() => encodeCheckpoint(withWeights(65505), { weights: 'F16' })).toThrow(
      /w has 65505 at position 0/,
    );
    expect(() => encodeCheckpoint(withWeights(65504), { weights: 'F16' })).not.toThrow();
    const diverged = { state: {}, tensors: withWeights(Number.NaN).tensors };
    expect(() => encodeCheckpoint({ ...CHECKPOINT, training: diverged })).toThrow(/training\.w has NaN/);
  });

  it('expects a kind and a version', () => {
    expect(() => expectKind(CHECKPOINT, 'tutorial-lstm', 1)).not.toThrow();
    expect(() => expectKind(CHECKPOINT, 'performance-lstm', 1)).toThrow(
      /is a tutorial-lstm, expected a performance-lstm;/,
    );
    const newer = { ...CHECKPOINT, name: 'm', config: { ...CONFIG, formatVersion: 2 } };
    expect(() => expectKind(newer, 'tutorial-lstm', 1)).toThrow(
      /^m: tutorial-lstm of format version 2 is newer/,
    );
  });

  it('expects exactly the weights of a model', () => {
    const shapes = { 'lstm.weight': [2, 2], 'lstm.bias': [2] };
    const check = (expected: Record<string, number[]>) => () =>
      expectTensors({ ...CHECKPOINT, name: 'm' }, Object.entries(expected));
    expect(check(shapes)).not.toThrow();
    expect(check({ ...shapes, 'dense.bias': [3] })).toThrow('m: tensor dense.bias of shape [3] is missing;');
    expect(check({ ...shapes, 'lstm.bias': [1, 2] })).toThrow('lstm.bias has shape [2], expected [1,2];');
    expect(check({ ...shapes, 'lstm.weight': [2, 3] })).toThrow(
      'lstm.weight has shape [2,2], expected [2,3];',
    );
    expect(check({ 'lstm.weight': [2, 2] })).toThrow('tensor lstm.bias is not part of the model;');
    expect(check({ 'lstm.weight': [2, 2] })).toThrow(CadenzaError);
  });
});
