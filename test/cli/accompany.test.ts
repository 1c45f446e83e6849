import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInOpening, listen, midiFromNotes, readMidi, sliceNotes } from '../../src/index.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

describe('cadenza accompany', () => {
  it('plays to a tune, every note of which stays', async () => {
    const cwd = tempFolder({ 'tune.mid': midiFromNotes(sliceNotes(builtInOpening(), 0, 20)) });
    const options = ['--particles', '4', '--model', 'maestro', '--json'];
    const { code, stdout } = await runCadenza(['accompany', 'tune.mid', ...options], { cwd });
    expect(code).toBe(0);
    const { output, notes } = JSON.parse(stdout);
    expect(output).toBe('accompanied.mid');
    // Below the tune, where there is room.
    for (const { pitch } of notes) expect(pitch).toBeLessThan(60);
    const heard = (name: string) => {
      const { notes } = listen(readMidi(readFileSync(join(cwd, name)), name));
      return Array.from(notes.start, (start, n) => `${notes.pitch[n]} ${start} ${notes.end[n]}`);
    };
    const after = heard(output);
    expect(after).toEqual(expect.arrayContaining(heard('tune.mid')));
    expect(after.length).toBe(20 + notes.length);
  });

  it('follows chords, which need bars', async () => {
    const cwd = tempFolder({ 'tune.mid': midiFromNotes(sliceNotes(builtInOpening(), 0, 16)) });
    const options = ['--particles', '2', '--chords', 'C', '--range', '21-108', '--json'];
    const { code, stdout } = await runCadenza(['accompany', 'tune.mid', ...options], { cwd });
    expect(code).toBe(0);
    const { notes } = JSON.parse(stdout) as { notes: { pitch: number }[] };
    const foreign = notes.filter(({ pitch }) => ![0, 4, 7].includes(pitch % 12));
    expect(foreign.length).toBeLessThanOrEqual(notes.length / 4);
  });

  it('says what it cannot do', async () => {
    const cwd = tempFolder({ 'tune.mid': 'no tune' });
    const run = (...args: string[]) => runCadenza(['accompany', ...args], { cwd });
    expect(await run('tune.mid')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not a MIDI file'),
    });
    expect(await run('none.mid')).toMatchObject({ code: 1, stderr: expect.stringContaining('none.mid') });
    expect((await run()).code).toBe(2);
  });
});
