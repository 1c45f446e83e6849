/** Renders one piece to a sound file, and says how far it is. */

import { createEncoder } from 'wasm-media-encoders';
import { renderNotes } from '../../audio/render.js';
import {
  packingWriter,
  type SoundFormat,
  type SoundWriter,
  soundChunks,
  WAV_WRITER,
} from '../../audio/sound-file.js';
import { readSoundFont } from '../../audio/sound-font.js';
import { CadenzaError } from '../../errors.js';
import { FORMATS } from '../../formats/formats.js';
import { notThere } from '../assets.js';
import { fetchBytes } from '../fetching.js';
import type { FromRendering, ToRendering } from './rendering-messages.js';

const tell = (message: FromRendering) => postMessage(message);

addEventListener('message', async ({ data }: MessageEvent<ToRendering>) => {
  try {
    tell({ type: 'done', sound: await render(data) });
  } catch (error) {
    const isUsers = error instanceof CadenzaError;
    if (!isUsers) console.error(error);
    tell({ type: 'failed', message: error instanceof Error ? error.message : String(error), isUsers });
  }
});

/** Milliseconds between two words on progress. */
const TELL_EVERY = 100;

async function render({ notes, font, name, format, encoder, options }: ToRendering): Promise<Blob> {
  const writer = await writerOf(format, encoder);
  const rendering = renderNotes(notes, await readSoundFont(font, name), options);
  const chunks: Uint8Array[] = [];
  let made = 0;
  let told = performance.now();
  const onBlock = ({ left }: { readonly left: Float32Array }) => {
    made += left.length;
    if (performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    tell({ type: 'progress', part: made / rendering.frames });
  };
  for (const chunk of soundChunks(rendering, writer, onBlock)) chunks.push(chunk);
  return new Blob(chunks as BlobPart[], { type: FORMATS[format].mediaType });
}

async function writerOf(format: SoundFormat, encoder: string): Promise<SoundWriter> {
  if (format === 'wav') return WAV_WRITER;
  const wasm = await fetchBytes(encoder, 'what packs the sound', {}, notThere);
  const create = format === 'mp3' ? createEncoder('audio/mpeg', wasm) : createEncoder('audio/ogg', wasm);
  return packingWriter(await create);
}
