import { describe, expect, it } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../checkpoint/checkpoint.js';
import { CadenzaError } from '../errors.js';
import { initialParameters, namedViews } from '../model/parameters.js';
import { modelFromCheckpoint } from './load.js';
import { TUTORIAL_CONFIG, type TutorialConfig, TutorialLstm } from './tutorial/network.js';

const config: TutorialConfig = { ...TUTORIAL_CONFIG, windowLength: 8, hiddenSize: 3, denseSize: 4 };
const model = new TutorialLstm(config);
const parameters = initialParameters(model.parameters, 1);
const checkpoint: Checkpoint = { config, tensors: namedViews(parameters, model.parameters) };

/** The checkpoint with another configuration, as a file might hold it. */
const configured = (change: object): Checkpoint => ({
  ...checkpoint,
  name: 'model.safetensors',
  config: { ...config, ...change } as TutorialConfig,
});

describe('modelFromCheckpoint', () => {
  it('rebuilds a model and its weights from a file', () => {
    const loaded = modelFromCheckpoint(decodeCheckpoint(encodeCheckpoint(checkpoint), 'model.safetensors'));
    expect(loaded.model.config).toEqual(config);
    expect(loaded.parameters).toEqual(parameters);
  });

  it('finds weights by name, whatever their order', () => {
    const tensors = new Map([...checkpoint.tensors].reverse());
    expect(modelFromCheckpoint({ ...checkpoint, tensors }).parameters).toEqual(parameters);
  });

  it('gives weights of its own', () => {
    const loaded = modelFromCheckpoint(checkpoint);
    loaded.parameters.fill(0);
    expect(parameters.some((value) => value !== 0)).toBe(true);
  });

  const refused: Record<string, [change: object, message: RegExp]> = {
    'another kind of model': [{ kind: 'performance' }, /is a performance, expected a tutorial/],
    'a newer format': [{ formatVersion: 2 }, /format version 2 is newer than 1.*update Cadenza/],
    'no window length': [{ windowLength: undefined }, /windowLength is undefined, expected a whole number/],
    'a window of 0 notes': [{ windowLength: 0 }, /windowLength is 0/],
    'half a unit': [{ hiddenSize: 2.5 }, /hiddenSize is 2.5/],
    'a size as text': [{ hiddenSize: '3' }, /hiddenSize is "3"/],
    'a size of gigabytes': [
      { denseSize: 1e9 },
      /denseSize is 1000000000, expected a whole number from 1 to 16384/,
    ],
    'no loss weights': [{ lossWeights: undefined }, /lossWeights.pitch/],
    'a loss weight missing': [{ lossWeights: { pitch: 1, step: 1 } }, /lossWeights.duration/],
    'a negative loss weight': [{ lossWeights: { pitch: 1, step: -1, duration: 1 } }, /lossWeights.step/],
    'sizes that are not those of the weights': [
      { hiddenSize: 4 },
      /lstm.weight_ih_l0 has shape \[12,3\], expected \[16,3\]/,
    ],
  };
  it.each(Object.entries(refused))('refuses %s', (_, [change, message]) => {
    const load = () => modelFromCheckpoint(configured(change));
    expect(load).toThrow(CadenzaError);
    expect(load).toThrow(message);
    expect(load).toThrow(/^model\.safetensors: [^\n]*; [^\n]*$/);
  });

  it('refuses weights that are missing or too many', () => {
    const fewer = new Map(checkpoint.tensors);
    fewer.delete('step.bias');
    const more = new Map(checkpoint.tensors).set('extra', { shape: [1], data: new Float32Array(1) });
    expect(() => modelFromCheckpoint({ ...checkpoint, tensors: fewer })).toThrow(
      /step.bias of shape \[1\] is missing/,
    );
    expect(() => modelFromCheckpoint({ ...checkpoint, tensors: more })).toThrow(
      /extra is not part of the model/,
    );
  });
});
