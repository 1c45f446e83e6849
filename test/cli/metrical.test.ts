/** Models in musical time, from files to files that open on the bars. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beatsOfFile, type MidiFile, readMidi, timeGridOf } from '../../src/index.js';
import { heardTempoMapOf } from '../../src/midi/tempo-map.js';
import { barsOf, beatAt } from '../../src/notes/beats.js';
import { soundingNotes } from '../../src/notes/sounding.js';
import { pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { songFile } from '../helpers/songs.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { tinyEventModel } from '../helpers/tiny-event-model.js';

/** Its bars begin beside its ticks, and it says 1/4. */
const SONG = { bars: 16, beatsPerBar: 3, beatsPerMinute: 90, lead: 1.71 };
const FILES = {
  'model.safetensors': tinyEventModel('metrical'),
  'song.mid': songFile(SONG),
  'free.mid': pieceBytes(4, 200),
};
const MODEL = ['--model', 'model.safetensors', '--quiet'];

async function generate(folder: string, ...args: string[]): Promise<MidiFile> {
  const output = join(folder, 'played.mid');
  const { code, stderr } = await runCadenza(['generate', ...MODEL, ...args, '-o', output, '--force'], {
    cwd: folder,
  });
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return readMidi(readFileSync(output));
}

/** Where strikes lie in their beats, in 24ths, as the file counts them. */
function placesOf(midi: MidiFile): number[] {
  const map = heardTempoMapOf(midi);
  return Array.from(soundingNotes(midi).start, (time) => ((map.tickAt(time) / midi.ticksPerBeat) * 24) % 24);
}

/** Whether all strikes are on ticks of beats. */
const areOnGrid = (places: number[]) => places.every((place) => Math.abs(place - Math.round(place)) < 0.03);

describe('a model in musical time', () => {
  it('plays on the beats of the primer, into a file of its tempo and metre that begins with a bar', async () => {
    const folder = tempFolder(FILES);
    const played = await generate(
      folder,
      '--primer',
      'song.mid',
      '--primer-end',
      '20',
      '--seconds',
      '10',
      '--max-step',
      '0.5',
    );
    const grid = timeGridOf(played);
    expect(grid.metres).toMatchObject([{ numerator: 3, denominator: 4 }]);
    expect(grid.tempos.map(({ microsecondsPerBeat }) => Math.round(6e7 / microsecondsPerBeat))).toEqual([90]);
    const places = placesOf(played);
    expect(places.length).toBeGreaterThan(5);
    expect(areOnGrid(places)).toBe(true);
    // 20 s are 30 beats; the bar line before them is 1.71 + 27 beats in, so that the file begins there.
    const [first] = soundingNotes(played).start;
    expect(first).toBeGreaterThanOrEqual((30 - 28.71) * (60 / 90) - 0.02);
  });

  it('goes on behind the primer on the beats that were found in it', async () => {
    const folder = tempFolder(FILES);
    const args = [
      '--primer',
      'song.mid',
      '--primer-end',
      '20',
      '--seconds',
      '10',
      '--max-step',
      '0.5',
      '--with-primer',
    ];
    const whole = await generate(folder, ...args);
    const beats = beatsOfFile(readMidi(FILES['song.mid']));
    if (beats === undefined) throw new Error('the song has beats');
    const late = soundingNotes(whole).start.filter((time) => time > 20.1);
    expect(late.length).toBeGreaterThan(5);
    const places = Array.from(late, (time) => (beatAt(beats, time) + 100) * 24);
    expect(areOnGrid(places)).toBe(true);
    expect(barsOf(beats).line[1] - barsOf(beats).line[0]).toBe(3);
  });

  it('plays on from music that has no beats, and from the built-in opening', async () => {
    const folder = tempFolder(FILES);
    expect(soundingNotes(await generate(folder, '--primer', 'free.mid', '--notes', '20')).length).toBe(20);
    expect(soundingNotes(await generate(folder, '--notes', '20', '--seed', '2')).length).toBe(20);
  });

  it('can be asked to end', async () => {
    const folder = tempFolder(FILES);
    const played = await generate(folder, '--primer', 'song.mid', '--seconds', '8', '--end');
    expect(Math.max(...soundingNotes(played).start)).toBeLessThan(8 + 0.5 + 2.1);
    const without = await runCadenza(['generate', ...MODEL, '--end', '--notes', '9', '-o', 'x.mid'], {
      cwd: folder,
    });
    expect(without.code).toBe(0);
  });

  it('learns from songs, and leaves out what has no beats', async () => {
    const songs = Object.fromEntries(
      [1, 2, 3, 4].map((seed) => [`songs/${seed}.mid`, songFile({ ...SONG, lead: seed / 7 }, seed)]),
    );
    const folder = tempFolder({ ...songs, 'songs/free.mid': FILES['free.mid'] });
    const args = ['train', 'songs', '--preset', 'metrical', '--layers', '1', '--hidden-size', '8'];
    const more = [
      '--steps',
      '3',
      '--batch-size',
      '2',
      '--out',
      'run',
      '--no-cache',
      '--threads',
      '1',
      '--quiet',
    ];
    const trained = await runCadenza([...args, ...more], { cwd: folder });
    expect(trained).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/free\.mid: its notes lie on no grid of beats/),
    });
    expect(existsSync(join(folder, 'run', 'best.safetensors'))).toBe(true);
    const evaluated = await runCadenza(['evaluate', 'run', 'songs', '--json', '--no-cache'], { cwd: folder });
    const { bitsPerNote, files } = JSON.parse(evaluated.stdout);
    expect(files).toBe(4);
    expect(Object.keys(bitsPerNote.attributes)).toEqual(['beats', 'place', 'symbol', 'velocity']);
    const none = await runCadenza(['evaluate', 'run', 'songs/free.mid', '--no-cache'], { cwd: folder });
    expect(none).toMatchObject({ code: 1, stderr: expect.stringMatching(/no grid of beats/) });
  });
});
