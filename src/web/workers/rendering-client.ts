/** The page's side of the worker that renders WAV files. */
import { CadenzaError, type NoteTable } from '../../index.js';
import type { FromRendering, ToRendering } from './rendering-messages.js';

/**
 * Renders sounding notes to a WAV file.
 *
 * @returns the file, undefined where it was called off, and how to call it off
 */
export function renderWav(
  notes: NoteTable,
  onProgress: (part: number) => void,
): { readonly result: Promise<Blob | undefined>; readonly cancel: () => void } {
  const worker = new Worker(new URL('./rendering.ts', import.meta.url), {
    type: 'module',
    name: 'rendering',
  });
  let cancel = () => {};
  const result = new Promise<Blob | undefined>((resolve, reject) => {
    cancel = () => resolve(undefined);
    worker.addEventListener('message', ({ data }: MessageEvent<FromRendering>) => {
      if (data.type === 'progress') onProgress(data.part);
      else if (data.type === 'done') resolve(data.wav);
      else reject(data.isUsers ? new CadenzaError(data.message) : new Error(data.message));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      reject(new Error(event.message || 'the part of the studio that renders could not be loaded'));
    });
    const soundFont = new URL('sounds/piano.sf3', document.baseURI).href;
    worker.postMessage({ notes, soundFont } satisfies ToRendering);
  }).finally(() => worker.terminate());
  return { result, cancel: () => cancel() };
}
