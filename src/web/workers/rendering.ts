/** Renders one piece to a WAV file, and says how far it is. */

import { renderNotes } from '../../audio/render.js';
import { readSoundFont } from '../../audio/sound-font.js';
import { WAV_HEADER_BYTES, wavChunks } from '../../audio/wav.js';
import { CadenzaError } from '../../errors.js';
import type { FromRendering, ToRendering } from './rendering-messages.js';

const tell = (message: FromRendering) => postMessage(message);

addEventListener('message', async ({ data }: MessageEvent<ToRendering>) => {
  try {
    tell({ type: 'done', wav: await render(data) });
  } catch (error) {
    const isUsers = error instanceof CadenzaError;
    if (!isUsers) console.error(error);
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error), isUsers });
  }
});

/** Milliseconds between two words on progress. */
const TELL_EVERY = 100;

async function render({ notes, font, name, options }: ToRendering): Promise<Blob> {
  const rendering = renderNotes(notes, await readSoundFont(font, name), options);
  const total = WAV_HEADER_BYTES + rendering.frames * 4;
  const chunks: Uint8Array[] = [];
  let written = 0;
  let told = performance.now();
  for (const chunk of wavChunks(rendering)) {
    chunks.push(chunk);
    written += chunk.length;
    if (performance.now() - told < TELL_EVERY) continue;
    told = performance.now();
    tell({ type: 'progress', part: written / total });
  }
  return new Blob(chunks as BlobPart[], { type: 'audio/wav' });
}
