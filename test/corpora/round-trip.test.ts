/** Every file of the real corpora, read, written and read again, says and sounds the same. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { copyTracks } from '../../src/midi/copy-track.js';
import { readMidi } from '../../src/midi/read.js';
import { writeMidiOfDivision } from '../../src/midi/write.js';
import { listen } from '../../src/notes/listen.js';
import { timeGridOf } from '../../src/notes/time-grid.js';

const CORPORA = { CADENZA_MAESTRO: 'maestro-v2.0.0', CADENZA_POP909: 'pop909' };

describe.each(Object.entries(CORPORA))('%s, else ../shared/data/%s', (variable, name) => {
  const folder =
    process.env[variable] ?? fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url));
  it.skipIf(!existsSync(folder))('is the same when it was written again', { timeout: 240_000 }, () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.midi?$/.test(path),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const midi = readMidi(readFileSync(join(folder, file)), file);
      const tracks = copyTracks(midi, { has: () => true, lastTick: Number.POSITIVE_INFINITY });
      for (const [t, track] of tracks.entries()) track.endAt(midi.tracks[t].endTick);
      const again = readMidi(writeMidiOfDivision(midi.division, tracks, midi.format === 0 ? 0 : 1), file);
      const [before, after] = [listen(midi), listen(again)];
      const isSame =
        JSON.stringify(timeGridOf(midi)) === JSON.stringify(timeGridOf(again)) &&
        (['pitch', 'velocity', 'start', 'end', 'released', 'track'] as const).every((column) =>
          same(before.notes[column], after.notes[column]),
        ) &&
        same(before.pedals.time, after.pedals.time) &&
        same(before.pedals.value, after.pedals.value);
      if (!isSame) expect.fail(`${file} is another when it was written again`);
    }
    console.log(`${name}: files written and read again: ${files.length}, differing: 0`);
  });
});

const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  a.length === b.length && Array.from(a).every((value, i) => value === b[i]);
