/**
 * Sound in files: the SoundFont that comes with the package, a MIDI file's notes as they sound, a WAV file of
 * them.
 */
import { fileURLToPath } from 'node:url';
import type { Rendering } from '../audio/render.js';
import { type SoundWriter, soundChunks, soundFormatOf } from '../audio/sound-file.js';
import { readSoundFont, type SoundFont } from '../audio/sound-font.js';
import { soundWriter } from '../audio/sound-writer.js';
import { MAX_FILE_BYTES } from '../dataset/file-kind.js';
import { CadenzaError } from '../errors.js';
import type { MidiFile } from '../midi/midi-file.js';
import { readMidi } from '../midi/read.js';
import { listen, listeningRemarks } from '../notes/listen.js';
import type { NoteTable } from '../notes/note-table.js';
import { type ChunksOptions, writeChunksAtomic } from './files/atomic-file.js';
import { readFileBytes } from './files/files.js';

/** The package's piano; the same place seen from `src/node` and from `dist/node`. */
const SHIPPED_PIANO = fileURLToPath(new URL('../../sounds/piano.sf3', import.meta.url));
const MAX_SOUND_FONT_BYTES = 2 ** 31 - 1;

/**
 * Reads a SoundFont from disk, the piano that comes with the package unless told otherwise.
 *
 * @throws CadenzaError when there is no such file, or it is no SoundFont
 */
export async function loadSoundFont(path = SHIPPED_PIANO): Promise<SoundFont> {
  return readSoundFont(await readFileBytes(path, MAX_SOUND_FONT_BYTES), path);
}

/**
 * Reads a MIDI file and the notes of it that a piano plays: of all instruments but drums, held by the pedal.
 *
 * @returns with `remarks` in words on what is odd about them
 * @throws CadenzaError when the file cannot be read, or nothing in it is for a piano
 */
export async function readSoundingNotes(
  path: string,
): Promise<{ midi: MidiFile; notes: NoteTable; remarks: readonly string[] }> {
  const midi = readMidi(await readFileBytes(path, MAX_FILE_BYTES), path);
  const heard = listen(midi);
  const { notes, drums } = heard;
  if (notes.length > 0) return { midi, notes, remarks: listeningRemarks(heard) };
  throw new CadenzaError(
    drums > 0
      ? `${path}: only drums play in it, which a piano leaves out; choose another file`
      : `${path}: there are no notes in it to play; choose another file`,
  );
}

/** What is told while a sound file is made. */
export interface SoundProgress {
  /** Called with the seconds of sound made so far. */
  readonly onProgress?: (seconds: number) => void;
  /** Called with the highest level so far, 0 … 1. */
  readonly onPeak?: (peak: number) => void;
}

/**
 * A rendering as pieces of a sound file, telling how far it has come.
 *
 * @param path what to call the file in messages
 * @throws CadenzaError when the format cannot hold it
 */
export function* soundPieces(
  path: string,
  rendering: Rendering,
  writer: SoundWriter,
  progress: SoundProgress = {},
): Generator<Uint8Array> {
  let made = 0;
  let peak = 0;
  const chunks = soundChunks(rendering, writer, ({ left, right }) => {
    for (const side of [left, right]) {
      for (let i = 0; i < side.length; i++) peak = Math.max(peak, Math.abs(side[i]));
    }
    made += left.length;
    progress.onPeak?.(peak);
    progress.onProgress?.(made / rendering.sampleRateHz);
  });
  try {
    yield* chunks;
  } catch (error) {
    // Formats know what they hold, and not for which file.
    throw error instanceof CadenzaError ? new CadenzaError(`${path}: ${error.message}`) : error;
  }
}

/**
 * Writes a rendering into a sound file, WAV, MP3 or Ogg Vorbis by the ending of its name, all or nothing, in
 * memory that doesn't grow with its length.
 *
 * @returns false when `isNew` was asked for and the file exists
 * @throws CadenzaError when it cannot be written, or the format cannot hold it
 */
export async function writeSound(
  path: string,
  rendering: Rendering,
  options: ChunksOptions & SoundProgress = {},
): Promise<boolean> {
  const writer = await soundWriter(soundFormatOf(path));
  return writeChunksAtomic(path, soundPieces(path, rendering, writer, options), options);
}
