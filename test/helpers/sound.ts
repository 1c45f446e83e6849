/**
 * For tests of sound: the shipped piano, notes in a line, whole renderings, and what can be measured of them.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  createNoteTable,
  type NoteTable,
  type RenderOptions,
  readSoundFont,
  renderNotes,
  type SoundFont,
} from '../../src/index.js';

export const PIANO = fileURLToPath(new URL('../../sounds/piano.sf3', import.meta.url));

let piano: Promise<SoundFont> | undefined;

/** The piano that comes with the package, read once. */
export function shippedPiano(): Promise<SoundFont> {
  piano ??= readSoundFont(readFileSync(PIANO), 'piano.sf3');
  return piano;
}

/** A table of notes, each `[pitch, velocity, start, end]`. */
export function notesOf(...rows: readonly (readonly [number, number, number, number])[]): NoteTable {
  const notes = createNoteTable(rows.length);
  rows.forEach((row, i) => {
    [notes.pitch[i], notes.velocity[i], notes.start[i], notes.end[i]] = row;
  });
  return notes;
}

/** A whole sound. */
export interface Sound {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly sampleRateHz: number;
}

/** All of a rendering with the shipped piano. */
export async function soundOf(notes: NoteTable, options?: RenderOptions): Promise<Sound> {
  const { frames, sampleRateHz, blocks } = renderNotes(notes, await shippedPiano(), options);
  const [left, right] = [new Float32Array(frames), new Float32Array(frames)];
  let at = 0;
  for (const block of blocks()) {
    left.set(block.left, at);
    right.set(block.right, at);
    at += block.left.length;
  }
  if (at !== frames) throw new Error(`the blocks hold ${at} of ${frames} samples`);
  return { left, right, sampleRateHz };
}

/** Highest level of both sides. */
export function peakOf({ left, right }: Sound): number {
  return [left, right].reduce((peak, side) => side.reduce((most, x) => Math.max(most, Math.abs(x)), peak), 0);
}

/** Mean level between two times, in dB of full scale. */
export function levelDb({ left, right, sampleRateHz }: Sound, from: number, to: number): number {
  let sum = 0;
  const [first, last] = [from, to].map((time) => Math.round(time * sampleRateHz));
  for (let i = first; i < last; i++) sum += (left[i] ** 2 + right[i] ** 2) / 2;
  return 10 * Math.log10(sum / (last - first) + 1e-20);
}

/**
 * By how many cents the partial that is strongest within a tone of a frequency lies above it, shortly after
 * `from`.
 */
export function centsFrom(sound: Sound, frequencyHz: number, from = 0.05): number {
  const { left, right, sampleRateHz } = sound;
  const first = Math.round(from * sampleRateHz);
  const length = Math.round(0.6 * sampleRateHz);
  const windowed = Float64Array.from({ length }, (_, i) => {
    return (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length)) * (left[first + i] + right[first + i]);
  });
  let best = { cents: 0, power: 0 };
  for (let cents = -200; cents <= 200; cents += 4) {
    const power = powerAt(windowed, (2 * Math.PI * frequencyHz * 2 ** (cents / 1200)) / sampleRateHz);
    if (power > best.power) best = { cents, power };
  }
  return best.cents;
}

/** Power at a frequency, in radians a sample (Goertzel). */
function powerAt(samples: Float64Array, step: number): number {
  const coefficient = 2 * Math.cos(step);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample + coefficient * last - before, last];
  return last ** 2 + before ** 2 - coefficient * last * before;
}
