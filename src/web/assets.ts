/**
 * The files of the package that a page fetches when it needs them: workers, the runtime that computes, the
 * synthesiser, the piano, models. Bundlers that know `new URL(…, import.meta.url)` copy them and know where
 * they went; for others `npx cadenza assets FOLDER` puts them into one folder, and
 * {@link configureAssets} says where that is. Every path here is right from `src/web`, from `dist/web` and
 * from `dist/browser`.
 */
import { CadenzaError } from '../errors.js';

export interface AssetOptions {
  /** The folder into which `npx cadenza assets` put them, relative to the page. */
  readonly base: string | URL;
}

let base: URL | undefined;

/**
 * Says where the package's files lie, where a bundler has not found them by itself; in a worker that uses
 * `cadenza/web` once more.
 */
export function configureAssets(options: AssetOptions): void {
  const url = new URL(options.base, here());
  base = url.pathname.endsWith('/') ? url : new URL(`${url.href}/`);
}

/** What relative URLs are relative to. */
export const here = (): string | undefined => globalThis.document?.baseURI ?? globalThis.location?.href;

/** Where a file is: in the configured folder by its name, else where it was found. */
export function assetUrl(name: string, found: () => URL): string {
  // Some bundlers give a URL without a host.
  return base === undefined ? new URL(found().href, here()).href : new URL(name, base).href;
}

export const playingWorkerUrl = () =>
  assetUrl('playing-worker.js', () => new URL('../../dist/assets/playing-worker.js', import.meta.url));

export const engineWorkerUrl = () =>
  assetUrl('engine-worker.js', () => new URL('../../dist/assets/engine-worker.js', import.meta.url));

export const renderingWorkerUrl = () =>
  assetUrl('rendering-worker.js', () => new URL('../../dist/assets/rendering-worker.js', import.meta.url));

/** What packs sound, by format. */
export const encoderUrls = {
  mp3: () => assetUrl('mp3.wasm', () => new URL('../../dist/assets/mp3.wasm', import.meta.url)),
  ogg: () => assetUrl('ogg.wasm', () => new URL('../../dist/assets/ogg.wasm', import.meta.url)),
};

/** The SoundFont of the package's piano. */
export const pianoUrl = () => assetUrl('piano.sf3', () => new URL('../../sounds/piano.sf3', import.meta.url));

/** The script of the AudioWorklet in which the synthesiser runs. */
export const synthWorkletUrl = () =>
  assetUrl('synth-worklet.js', () => new URL('../../dist/assets/synth-worklet.js', import.meta.url));

/** The module by which a thread computes itself. */
export const runtimeModuleUrl = () =>
  assetUrl('runtime.js', () => new URL('../../dist/assets/runtime.js', import.meta.url));

/** The two files of ONNX Runtime. */
export interface RuntimeUrls {
  readonly mjs: string;
  readonly wasm: string;
}

export const runtimeUrls = (): RuntimeUrls => ({
  mjs: assetUrl(
    'ort-wasm-simd-threaded.mjs',
    () => new URL('../../dist/assets/ort-wasm-simd-threaded.mjs', import.meta.url),
  ),
  wasm: assetUrl(
    'ort-wasm-simd-threaded.wasm',
    () => new URL('../../dist/assets/ort-wasm-simd-threaded.wasm', import.meta.url),
  ),
});

/** What an engine in a worker is made of. */
export const engineUrls = () => ({ worker: engineWorkerUrl(), runtime: runtimeUrls() });

/** What to say when a file of the package is not where it is looked for. */
export function notThere(what: string, url: string): CadenzaError {
  const remedy =
    "if the bundler did not copy it, put it there with `npx cadenza assets` and name the folder by configureAssets({ base: '…' })";
  return new CadenzaError(`${what} could not be loaded from ${url}; check the connection, and ${remedy}`);
}
