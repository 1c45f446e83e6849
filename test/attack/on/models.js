/** Model files, as a page or a program loads them. */
import { readFileSync } from 'node:fs';
import { decodeCheckpoint, modelFromCheckpoint } from '../../../dist/index.js';
import { mutated } from '../mutate.js';
import { mutatedHeader } from '../mutate-json.js';

const models = ['performance', 'tutorial', 'metrical', 'training-graph'].map(
  (name) =>
    new Uint8Array(readFileSync(new URL(`../../fixtures/pytorch/${name}.safetensors`, import.meta.url))),
);

export const make = (random) =>
  random.below(2) === 0
    ? mutated(models, random)
    : mutatedHeader(models[random.below(models.length)], random);

export async function use(bytes) {
  modelFromCheckpoint(decodeCheckpoint(bytes, 'm.safetensors'));
}
