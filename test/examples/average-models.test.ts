/** A mean of models is the mean of their weights, by their shares. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { encodeCheckpoint, namedViews } from '../../src/index.js';
import { EventLstm, type EventLstmConfig } from '../../src/kinds/performance/network.js';
import { loadModel } from '../../src/node/index.js';
import { Random } from '../../src/random.js';
import { PERFORMANCE } from '../../src/representation/performance.js';
import { tempFolder } from '../helpers/temp-folder.js';

function modelOf(seed: number, hiddenSize = 4) {
  const config: EventLstmConfig = {
    kind: 'events',
    formatVersion: 1,
    representation: PERFORMANCE.name,
    layers: 1,
    hiddenSize,
    headSize: 3,
    contextUnits: 2,
    keyFeatures: 1,
  };
  const { parameters, parameterCount } = new EventLstm(config, PERFORMANCE, 1);
  const random = new Random(seed);
  const weights = Float32Array.from({ length: parameterCount }, () => random.next() - 0.5);
  return { weights, bytes: encodeCheckpoint({ config, tensors: namedViews(weights, parameters) }) };
}

const average = (...args: string[]) =>
  promisify(execFile)(process.execPath, [
    join(import.meta.dirname, '../../scripts/average-models.js'),
    ...args,
  ]);

it('averages weights by their shares, and only those of one shape', async () => {
  const [one, two] = [modelOf(1), modelOf(2)];
  const folder = tempFolder({
    'one.safetensors': one.bytes,
    'two.safetensors': two.bytes,
    'wider.safetensors': modelOf(1, 5).bytes,
  });
  const [first, second, wider, out] = ['one', 'two', 'wider', 'mean'].map((name) =>
    join(folder, `${name}.safetensors`),
  );
  await average(out, `${first}=1`, `${second}=3`);
  const { parameters } = await loadModel(out);
  expect(parameters).toEqual(one.weights.map((weight, i) => weight / 4 + (3 * two.weights[i]) / 4));
  await average(out, first);
  expect((await loadModel(out)).parameters).toEqual(one.weights);
  await expect(average(out, first, wider)).rejects.toThrow(/wider\.safetensors: tensor .* has shape/);
});
