/** Renderings as sound files: WAV, or packed as MP3 or Ogg Vorbis by LAME and libvorbis in WebAssembly. */
import type { createMp3Encoder, createOggEncoder } from 'wasm-media-encoders';
import { CadenzaError } from '../errors.js';
import type { Rendering, SoundBlock } from './render.js';
import { pcm16, wavHeader } from './wav.js';

/** The kinds of sound files that are written, by their ending. */
export const SOUND_FORMATS = ['wav', 'mp3', 'ogg'] as const;

export type SoundFormat = (typeof SOUND_FORMATS)[number];

/** Makes the bytes of one file, part by part. */
export interface SoundWriter {
  /** @throws CadenzaError when the format cannot hold such a rendering */
  begin(rendering: Rendering): Uint8Array;
  /** Whatever is ready by then. */
  block(block: SoundBlock): Uint8Array;
  end(): Uint8Array;
}

/** What packs as MP3 or as Ogg Vorbis. */
export type SoundEncoder = Awaited<ReturnType<typeof createMp3Encoder> | ReturnType<typeof createOggEncoder>>;

/** Kilobits a second: hardly anybody hears a difference. */
const MP3_BITRATE = 192;
/** Of −1 to 10; about 160 kilobits a second. */
const OGG_QUALITY = 5;
/** Samples a second that MP3 knows. */
const MP3_RATES = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000];
const NOTHING = new Uint8Array(0);

/** The format of a file by its name; WAV where that says none. */
export function soundFormatOf(path: string): SoundFormat {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return SOUND_FORMATS.find((format) => format === ending) ?? 'wav';
}

/** What writes WAV files. */
export const WAV_WRITER: SoundWriter = {
  begin: ({ frames, sampleRateHz }) => wavHeader(frames, sampleRateHz),
  block: pcm16,
  end: () => NOTHING,
};

/** What writes files that are packed. */
export function packingWriter(encoder: SoundEncoder): SoundWriter {
  return {
    begin({ sampleRateHz: sampleRate }) {
      if (encoder.mimeType === 'audio/ogg') {
        encoder.configure({ channels: 2, sampleRate, vbrQuality: OGG_QUALITY });
      } else if (MP3_RATES.includes(sampleRate)) {
        encoder.configure({ channels: 2, sampleRate, bitrate: MP3_BITRATE });
      } else {
        throw new CadenzaError(
          `an MP3 file has one of ${MP3_RATES.join(', ')} samples a second, not ${sampleRate}; choose one, or another format`,
        );
      }
      return NOTHING;
    },
    // The encoder's own memory is used again.
    block: ({ left, right }) => encoder.encode([left, right]).slice(),
    end: () => encoder.finalize().slice(),
  };
}

/** A rendering as the parts of a file, to be written one after the other as they come. */
export function* soundChunks(
  rendering: Rendering,
  writer: SoundWriter,
  onBlock: (block: SoundBlock) => void = () => {},
): Generator<Uint8Array, void, void> {
  yield writer.begin(rendering);
  for (const block of rendering.blocks()) {
    yield writer.block(block);
    onBlock(block);
  }
  yield writer.end();
}
