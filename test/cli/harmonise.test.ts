import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chordsNamed } from '../../src/index.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

describe('cadenza harmonise', () => {
  it('plays the chords that are asked for, the same for a seed', async () => {
    const cwd = tempFolder();
    const chords = 'Eb Bb/D';
    const run = (name: string, ...options: string[]) =>
      runCadenza(['harmonise', '--chords', chords, '--bars', '4', '-o', name, ...options], { cwd });
    const { code, stdout } = await run('a.mid', '--json');
    expect(code).toBe(0);
    const { notes } = JSON.parse(stdout);
    const bar = 10 / 3;
    const isOf = ({ start, pitch }: { start: number; pitch: number }) =>
      chordsNamed(chords)[Math.floor(start / bar + 0.01) % 2].pitchClasses.includes(pitch % 12);
    expect(notes.length).toBeGreaterThan(10);
    expect(notes.filter(isOf).length / notes.length).toBeGreaterThan(0.75);
    for (const { end } of notes) expect(end).toBeLessThanOrEqual(4 * bar + 0.01);
    expect((await run('b.mid', '--quiet')).stdout).toBe('b.mid\n');
    expect(readFileSync(join(cwd, 'b.mid'))).toEqual(readFileSync(join(cwd, 'a.mid')));
  });

  it('closes with the last bar, in its chord', async () => {
    const line = 'F Gm7:0.5 C7:0.5 F';
    const options = ['--chords', line, '--bars', '3', '--end', '--json'];
    const { stdout } = await runCadenza(['harmonise', ...options], { cwd: tempFolder() });
    const { notes } = JSON.parse(stdout) as { notes: { start: number; end: number; pitch: number }[] };
    const end = 3 * (10 / 3);
    const last = Math.max(...notes.map(({ start }) => start));
    expect(last).toBeLessThan(end + 0.5);
    // What is struck last rings beyond the bar, and is of the chord.
    const ringing = notes.filter((note) => note.end > end);
    expect(ringing.length).toBeGreaterThan(0);
    const { pitchClasses } = chordsNamed('F')[0];
    const isOf = ({ pitch }: { pitch: number }) => pitchClasses.includes(pitch % 12);
    expect(ringing.filter(isOf).length / ringing.length).toBeGreaterThan(0.7);
  });

  it('says which chord it does not know, and which model follows none', async () => {
    const run = (...options: string[]) => runCadenza(['harmonise', ...options], { cwd: tempFolder() });
    expect(await run('--chords', 'C Hm')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no such chord: Hm'),
    });
    expect(await run('--chords', 'C', '--model', 'tutorial')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('follows no chords'),
    });
    expect((await run()).code).toBe(2);
  });
});
