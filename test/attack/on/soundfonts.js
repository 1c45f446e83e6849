/** SoundFonts, with a chord played. */
import { readFileSync } from 'node:fs';
import { renderNotes } from '../../../dist/audio/render.js';
import { readSoundFont } from '../../../dist/audio/sound-font.js';
import { mutated } from '../mutate.js';

/** The piano of the package: what is told of it stands before and after the samples. */
const piano = new Uint8Array(readFileSync(new URL('../../../sounds/piano.sf3', import.meta.url)));
const [TOLD_BEFORE, TOLD_AFTER] = [408, 3_947_704];
const chord = {
  length: 3,
  pitch: Uint8Array.of(36, 60, 96),
  velocity: Uint8Array.of(20, 90, 127),
  start: new Float64Array(3),
  end: new Float64Array(3).fill(0.05),
};

export function make(random) {
  const cuts = [0, TOLD_BEFORE, TOLD_AFTER, piano.length];
  const part = [0, 2, 2, 1][random.below(4)];
  const [from, to] = [cuts[part], cuts[part + 1]];
  const told = mutated([piano.subarray(from, to)], random);
  const bytes = new Uint8Array(piano.length - (to - from) + told.length);
  bytes.set(piano.subarray(0, from));
  bytes.set(told, from);
  bytes.set(piano.subarray(to), from + told.length);
  return bytes;
}

export async function use(bytes) {
  const font = await readSoundFont(bytes, 'a.sf3');
  for (const { left } of renderNotes(chord, font, { sampleRateHz: 8000, tailSeconds: 0.05 }).blocks())
    if (!left.every((value) => Math.abs(value) <= 1)) throw new Error('sound beyond full scale');
}
