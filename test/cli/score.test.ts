import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evenBeats, midiFromNotes, midiOnBeats } from '../../src/index.js';
import { tableOf } from '../helpers/note-rows.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

const WALTZ = tableOf(Array.from({ length: 12 }, (_, i) => [60 + i, (i * 2) / 3, ((i + 1) * 2) / 3]));
/** At no times that make beats. */
const FREE = tableOf([0, 0.31, 1.77, 2.01, 4.9, 5.73].map((start, i) => [60 + i, start, start + 0.2]));

describe('cadenza score', () => {
  it('writes MusicXML beside what it says of it', async () => {
    const cwd = tempFolder({ 'waltz.mid': midiOnBeats(WALTZ, evenBeats(0, 90, 3)) });
    const { code, stdout } = await runCadenza(['score', 'waltz.mid'], { cwd });
    expect([code, stdout]).toEqual([0, 'waltz.musicxml: 12 notes in 4 bars\n']);
    const text = readFileSync(join(cwd, 'waltz.musicxml'), 'utf8');
    expect(text).toContain('<work-title>waltz</work-title>');
    expect(text).toContain('<beats>3</beats><beat-type>4</beat-type>');
    const again = await runCadenza(['score', 'waltz.mid', '--json', '--metre', '6/8', '--title', 'A jig'], {
      cwd,
    });
    const { output, notes, bars } = JSON.parse(again.stdout);
    expect(output).not.toBe('waltz.musicxml');
    expect([notes.length, bars[0].metre]).toEqual([12, { numerator: 6, denominator: 8 }]);
    expect(readFileSync(join(cwd, output), 'utf8')).toContain('A jig');
  });

  it('asks for a tempo where there are no beats, and overwrites nothing', async () => {
    const cwd = tempFolder({ 'free.mid': midiFromNotes(FREE), 'mine.musicxml': 'mine' });
    const run = (...args: string[]) => runCadenza(['score', 'free.mid', ...args], { cwd });
    const without = await run();
    if (without.code !== 0) expect(without.stderr).toContain('say its tempo with --bpm');
    expect(await run('--bpm', '100', '--metre', '3/4', '-o', 'x.musicxml', '--quiet')).toMatchObject({
      code: 0,
      stdout: 'x.musicxml\n',
    });
    expect(await run('--bpm', '100', '-o', 'mine.musicxml')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('mine.musicxml'),
    });
    expect(await run('--bpm', '100', '--metre', '3/8')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('whole number of quarters'),
    });
    expect((await runCadenza(['score', 'none.mid'], { cwd })).stderr).toContain('none.mid');
    expect((await runCadenza(['score'], { cwd })).code).toBe(2);
  });
});
