/** What writes sound files of a format. */
import { packingWriter, type SoundFormat, type SoundWriter, WAV_WRITER } from './sound-file.js';

/**
 * What writes files of a format; what packs, three quarters of a megabyte, is loaded when it is first needed.
 *
 * @example
 * import { writeFileSync } from 'node:fs';
 * import { builtInOpening, renderNotes, sliceNotes, soundChunks, soundWriter } from 'cadenza';
 * import { loadSoundFont } from 'cadenza/node';
 *
 * const rendering = renderNotes(sliceNotes(builtInOpening(), 0, 8), await loadSoundFont());
 * writeFileSync('opening.mp3', Buffer.concat([...soundChunks(rendering, await soundWriter('mp3'))]));
 * console.log('written');
 */
export async function soundWriter(format: SoundFormat): Promise<SoundWriter> {
  if (format === 'wav') return WAV_WRITER;
  const { createMp3Encoder, createOggEncoder } = await import('wasm-media-encoders');
  return packingWriter(format === 'mp3' ? await createMp3Encoder() : await createOggEncoder());
}
