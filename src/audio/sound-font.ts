/**
 * The sounds of an instrument: a SoundFont (.sf2, .sf3) or DLS file, read once and used for any number of
 * pieces.
 */
import { BasicSoundBank, SoundBankLoader, SpessaLog } from 'spessasynth_core';
import { CadenzaError } from '../errors.js';
import { isOverdrawn, pointsBeyond } from './sound-font-checks.js';

/** A SoundFont, ready to play. Its samples are decoded as they are first needed, and then kept. */
export interface SoundFont {
  /** What it is called in messages. */
  readonly name: string;
  /** As the synthesiser knows it. */
  readonly bank: BasicSoundBank;
}

/**
 * Reads a SoundFont, such as the piano that comes with Cadenza, `sounds/piano.sf3`.
 *
 * @param name what to call it in messages
 * @throws CadenzaError when the bytes are no SoundFont, are damaged, or hold no instrument
 */
export async function readSoundFont(bytes: Uint8Array, name: string): Promise<SoundFont> {
  // What the library finds odd it would write to the console, which belongs to those who use us.
  SpessaLog.setLogLevel(false, false, false);
  await BasicSoundBank.isSF3DecoderReady;
  const bank = parse(bytes, name);
  if (!bank.presets.some((preset) => !preset.isDrum)) {
    throw new CadenzaError(`${name}: a SoundFont without an instrument in it; choose one with a piano`);
  }
  // The synthesiser would make room for what it takes of a sample of billions of numbers a second.
  const isPlayable = ({ sampleRate }: { readonly sampleRate: number }) =>
    sampleRate >= LEAST_RATE && sampleRate <= MOST_RATE;
  if (!bank.samples.every(isPlayable)) throw new CadenzaError(damagedFont(name));
  return { name, bank };
}

function parse(bytes: Uint8Array, name: string): BasicSoundBank {
  const isRiff = String.fromCharCode(...bytes.subarray(0, 4)) === 'RIFF';
  const damaged = damagedFont(name);
  // The library takes what is there of a file that was cut off, and then plays some keys only.
  if (isRiff && bytes.length < RIFF_HEADER + riffLength(bytes)) throw new CadenzaError(damaged);
  if (isRiff && (isOverdrawn(bytes) || pointsBeyond(bytes))) throw new CadenzaError(damaged);
  try {
    // The bytes may be part of a larger buffer. (The `slice` of a Node buffer would copy nothing.)
    const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
    return SoundBankLoader.fromArrayBuffer(
      isWhole ? (bytes.buffer as ArrayBuffer) : new Uint8Array(bytes).buffer,
    );
  } catch {
    throw new CadenzaError(isRiff ? damaged : `${name}: not a SoundFont; choose an .sf2, .sf3 or .dls file`);
  }
}

const damagedFont = (name: string) => `${name}: a damaged SoundFont; get a whole copy of it`;

/** Numbers a second of samples: the format allows 400 to 50,000, and some have more. */
const [LEAST_RATE, MOST_RATE] = [400, 192_000];

/** Bytes before those that a RIFF file counts. */
const RIFF_HEADER = 8;
function riffLength(bytes: Uint8Array): number {
  if (bytes.length < RIFF_HEADER) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
}
