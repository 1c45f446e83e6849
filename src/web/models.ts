/** Models in a page: those of the package by name, others by URL, file or bytes. */

import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint/checkpoint.js';
import { CadenzaError } from '../errors.js';
import type { LoadedModel } from '../kinds/kind.js';
import { modelFromCheckpoint } from '../kinds/load.js';
import { namedViews } from '../model/parameters.js';
import { assetUrl, here, notThere } from './assets.js';
import { type FetchOptions, fetchBytes } from './fetching.js';

/** The models that come with the package, and where they lie. */
const SHIPPED: Readonly<Record<ShippedModel, () => string>> = {
  maestro: () =>
    assetUrl(
      'maestro.safetensors',
      () => new URL('../../models/maestro/maestro.safetensors', import.meta.url),
    ),
  pop909: () =>
    assetUrl('pop909.safetensors', () => new URL('../../models/pop909/pop909.safetensors', import.meta.url)),
  tutorial: () =>
    assetUrl(
      'tutorial.safetensors',
      () => new URL('../../models/tutorial/tutorial.safetensors', import.meta.url),
    ),
};

export type ShippedModel = 'maestro' | 'pop909' | 'tutorial';

/** A shipped model's name, the URL of a `.safetensors` file (relative to the page), a file, or its bytes. */
export type ModelSource = ShippedModel | (string & {}) | URL | Blob | Uint8Array;

/** A model's file. */
export interface ModelFile {
  /** What to call it in messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Files of shipped models on their way, and once they are there: none is fetched twice. */
const fetched = new Map<string, Promise<Uint8Array>>();

/**
 * The bytes of a model.
 *
 * @throws CadenzaError in words if they cannot be had
 */
export async function modelFile(source: ModelSource, options: FetchOptions = {}): Promise<ModelFile> {
  if (source instanceof Uint8Array) return { name: 'the model', bytes: source };
  if (source instanceof Blob) {
    const name = source instanceof File ? source.name : 'the model';
    return { name, bytes: new Uint8Array(await source.arrayBuffer()) };
  }
  if (typeof source === 'string' && Object.hasOwn(SHIPPED, source)) {
    return {
      name: source,
      bytes: await shipped(SHIPPED[source as ShippedModel](), `the model ${source}`, options),
    };
  }
  const text = String(source);
  if (!/[./]/.test(text)) {
    const names = Object.keys(SHIPPED).join(', ');
    throw new CadenzaError(
      `there is no model ${text}; take one of ${names}, or the URL of a .safetensors file`,
    );
  }
  const url = new URL(text, here());
  const name = decodeURIComponent(url.pathname.split('/').pop() || url.href);
  return { name, bytes: await fetchBytes(url, `the model ${name}`, options) };
}

/** Fetched by whoever asks first. Another's call-off or failure is not ours: then it is fetched again. */
async function shipped(url: string, what: string, options: FetchOptions): Promise<Uint8Array> {
  const before = await fetched.get(url)?.catch(() => undefined);
  options.signal?.throwIfAborted();
  if (before !== undefined) return before;
  const coming = fetchBytes(url, what, options, notThere);
  fetched.set(url, coming);
  coming.catch(() => {
    if (fetched.get(url) === coming) fetched.delete(url);
  });
  return coming;
}

/**
 * A model with its weights, to train on, to measure, or for `createPerformer`.
 *
 * @throws CadenzaError in words if it cannot be had, or is none
 */
export async function loadModel(source: ModelSource, options: FetchOptions = {}): Promise<LoadedModel> {
  const { name, bytes } = await modelFile(source, options);
  return modelFromCheckpoint(decodeCheckpoint(bytes, name));
}

/** A model as the file that holds it: to be kept, downloaded, or loaded elsewhere. */
export function fileOfModel({ model, parameters }: Pick<LoadedModel, 'model' | 'parameters'>): Uint8Array {
  return encodeCheckpoint({ config: model.config, tensors: namedViews(parameters, model.parameters) });
}
