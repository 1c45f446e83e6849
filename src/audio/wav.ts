/** WAV files: 16-bit stereo PCM, the one that everything plays. */
import { CadenzaError } from '../errors.js';
import type { Rendering, SoundBlock } from './render.js';

const CHANNELS = 2;
const BYTES_PER_SAMPLE = 2;
const BYTES_PER_FRAME = CHANNELS * BYTES_PER_SAMPLE;
/** The chunks of a WAV file count their bytes in 32 bits. */
const MAX_DATA_BYTES = 0xffffffff - 36;

/** Bytes of the header that stands before the samples. */
export const WAV_HEADER_BYTES = 44;

/**
 * The 44 bytes before the samples.
 *
 * @param frames samples a side
 * @throws CadenzaError when they are more than fit into a WAV file, 4 GiB
 */
export function wavHeader(frames: number, sampleRateHz: number): Uint8Array {
  const dataBytes = frames * BYTES_PER_FRAME;
  if (dataBytes > MAX_DATA_BYTES) {
    const hours = Math.floor(MAX_DATA_BYTES / BYTES_PER_FRAME / sampleRateHz / 360) / 10;
    throw new CadenzaError(
      `the sound is longer than the ${hours} hours that fit into a WAV file of ${sampleRateHz} Hz`,
    );
  }
  const view = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
  const tag = (offset: number, text: string) => {
    for (let i = 0; i < 4; i++) view.setUint8(offset + i, text.charCodeAt(i));
  };
  tag(0, 'RIFF');
  view.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes, true);
  tag(8, 'WAVE');
  tag(12, 'fmt ');
  view.setUint32(16, 16, true); // bytes of this chunk
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * BYTES_PER_FRAME, true);
  view.setUint16(32, BYTES_PER_FRAME, true);
  view.setUint16(34, 8 * BYTES_PER_SAMPLE, true);
  tag(36, 'data');
  view.setUint32(40, dataBytes, true);
  return new Uint8Array(view.buffer);
}

/** Samples as a WAV file has them: left and right in turn, −1 … 1 as 16-bit little-endian numbers. */
export function pcm16({ left, right }: SoundBlock): Uint8Array {
  const view = new DataView(new ArrayBuffer(left.length * BYTES_PER_FRAME));
  for (let i = 0; i < left.length; i++) {
    view.setInt16(BYTES_PER_FRAME * i, int16(left[i]), true);
    view.setInt16(BYTES_PER_FRAME * i + BYTES_PER_SAMPLE, int16(right[i]), true);
  }
  return new Uint8Array(view.buffer);
}

function int16(sample: number): number {
  return Math.max(-32768, Math.min(32767, Math.round(sample * 32767)));
}

/** A rendering as the pieces of a WAV file, to be written one after the other as they come. */
export function* wavChunks(rendering: Rendering): Generator<Uint8Array, void, void> {
  yield wavHeader(rendering.frames, rendering.sampleRateHz);
  for (const block of rendering.blocks()) yield pcm16(block);
}

/**
 * A rendering as a whole WAV file: ten megabytes a minute.
 *
 * @example
 * import { writeFileSync } from 'node:fs';
 * import { builtInOpening, renderNotes, sliceNotes, wavOf } from 'cadenza';
 * import { loadSoundFont } from 'cadenza/node';
 *
 * const notes = sliceNotes(builtInOpening(), 0, 8);
 * writeFileSync('opening.wav', wavOf(renderNotes(notes, await loadSoundFont())));
 * console.log('written');
 */
export function wavOf(rendering: Rendering): Uint8Array {
  const bytes = new Uint8Array(WAV_HEADER_BYTES + rendering.frames * BYTES_PER_FRAME);
  let offset = 0;
  for (const chunk of wavChunks(rendering)) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
