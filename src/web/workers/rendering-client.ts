/** The page's side of the worker that renders sound files. */

import type { RenderOptions } from '../../audio/render.js';
import type { SoundFormat } from '../../audio/sound-file.js';
import { CadenzaError } from '../../errors.js';
import type { NoteTable } from '../../notes/note-table.js';
import { encoderUrls, notThere, pianoUrl, renderingWorkerUrl } from '../assets.js';
import { fetchBytes } from '../fetching.js';
import { endedWith, openWorker } from './open-worker.js';
import type { FromRendering, ToRendering } from './rendering-messages.js';

export interface RenderSoundOptions extends RenderOptions {
  /** URL or bytes of the SoundFont to play on; the piano of the package where not said. */
  readonly soundFont?: string | URL | Uint8Array;
  /** WAV by default; what packs the others is fetched for them. */
  readonly format?: SoundFormat;
  /** Calls it off; the promise is then refused with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with how much of the sound is there, 0 to 1. */
  readonly onProgress?: (part: number) => void;
}

/**
 * Renders notes, as they sound, to a sound file, in a worker.
 *
 * @throws CadenzaError when SoundFont or worker cannot be had, or the options make no sense
 */
export async function renderSound(notes: NoteTable, options: RenderSoundOptions = {}): Promise<Blob> {
  const { soundFont = pianoUrl(), format = 'wav', signal, onProgress, ...rendering } = options;
  const [name, font] =
    soundFont instanceof Uint8Array
      ? ['the SoundFont', soundFont]
      : [String(soundFont), await fetchBytes(soundFont, 'the sound of the piano', { signal }, notThere)];
  signal?.throwIfAborted();
  const url = renderingWorkerUrl();
  const worker = openWorker(url, 'rendering');
  try {
    return await new Promise<Blob>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      worker.addEventListener('message', ({ data }: MessageEvent<FromRendering>) => {
        if (data.type === 'progress') onProgress?.(data.part);
        else if (data.type === 'done') resolve(data.sound);
        else reject(data.isUsers ? new CadenzaError(data.message) : new Error(data.message));
      });
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        reject(endedWith(event.message) ?? notThere('what renders', url));
      });
      const encoder = encoderUrls[format === 'ogg' ? 'ogg' : 'mp3']();
      worker.postMessage({ notes, font, name, format, encoder, options: rendering } satisfies ToRendering);
    });
  } finally {
    worker.terminate();
  }
}
