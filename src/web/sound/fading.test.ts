import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderNotes } from '../../audio/render.js';
import { readSoundFont, type SoundFont } from '../../audio/sound-font.js';
import { createNoteTable } from '../../notes/note-table.js';
import { fadedVelocity } from './fading.js';

/** Decibels of a fifth of a second of one note, from so many seconds on. */
function level(piano: SoundFont, pitch: number, velocity: number, from: number): number {
  const notes = createNoteTable(1);
  [notes.pitch[0], notes.velocity[0], notes.end[0]] = [pitch, velocity, 4];
  const rendering = renderNotes(notes, piano, { reverb: 0 });
  const [first, last] = [from, from + 0.2].map((seconds) => Math.round(seconds * rendering.sampleRateHz));
  let [at, sum] = [0, 0];
  for (const { left } of rendering.blocks()) {
    for (const sample of left) if (at++ >= first && at <= last) sum += sample ** 2;
    if (at > last) break;
  }
  return 10 * Math.log10(sum / (last - first));
}

describe('a string that fades', () => {
  it('is as loud as it was struck at first, and high strings fade sooner', () => {
    expect(fadedVelocity(80, 60, 0)).toBe(80);
    expect(fadedVelocity(80, 40, 2)).toBeGreaterThan(fadedVelocity(80, 80, 2));
    expect(fadedVelocity(80, 100, 10)).toBe(0);
  });

  it('is after two seconds as loud as the piano of the package, struck anew', async () => {
    const piano = await readSoundFont(readFileSync('sounds/piano.sf3'), 'piano.sf3');
    for (const pitch of [40, 50, 60, 70, 80]) {
      const still = level(piano, pitch, 100, 2);
      const anew = level(piano, pitch, fadedVelocity(100, pitch, 2), 0);
      expect(Math.abs(anew - still), `pitch ${pitch}: ${still}, ${anew}`).toBeLessThan(7);
    }
  });
});
