import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInOpening, listen, midiFromNotes, readMidi } from '../../src/index.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { constantModel } from '../helpers/tiny-model.js';

const OPENING = midiFromNotes(builtInOpening());

describe('cadenza fill', () => {
  const folder = (more: Record<string, Uint8Array | string> = {}) =>
    tempFolder({ 'piece.mid': OPENING, ...more });
  const fill = (cwd: string, ...options: string[]) => runCadenza(['fill', 'piece.mid', ...options], { cwd });
  const heardIn = (path: string) => {
    const { notes } = listen(readMidi(readFileSync(path), path));
    return Array.from(notes.start, (start, n) => [
      notes.pitch[n],
      Number(start.toFixed(3)),
      Number(notes.end[n].toFixed(3)),
    ]);
  };

  it('plays a span anew and leaves the rest as it is; the same seed plays the same', async () => {
    const cwd = folder();
    const options = ['--from', '20', '--to', '22.5', '--particles', '8', '--seed', '4'];
    const { code, stdout } = await fill(cwd, ...options, '-o', 'a.mid');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^a\.mid: \d+ notes from 20\.00 to 22\.50 s; what is given needs [\d.]+ bits\n$/),
    ]);
    expect((await fill(cwd, ...options, '-o', 'b.mid', '--quiet')).stdout).toBe('b.mid\n');
    expect(readFileSync(join(cwd, 'b.mid'))).toEqual(readFileSync(join(cwd, 'a.mid')));
    const isOutside = ([, start]: number[]) => start < 20 || start >= 22.5;
    const [before, after] = ['piece.mid', 'a.mid'].map((name) => heardIn(join(cwd, name)));
    expect(after.filter(isOutside)).toEqual(before.filter(isOutside));
    const within = after.filter((note) => !isOutside(note));
    expect(within.length).toBeGreaterThan(0);
    expect(within).not.toEqual(before.filter((note) => !isOutside(note)));
    for (const [, , end] of within) expect(end).toBeLessThanOrEqual(22.501);
  });

  it('fills bars, several ways, within limits, best first', async () => {
    const cwd = folder();
    const span = ['--from', '5:1', '--to', '6:1', '--model', 'pop909'];
    const asked = ['--candidates', '2', '--particles', '6', '--range', '60-72', '--json'];
    const { code, stdout } = await fill(cwd, ...span, ...asked);
    expect(code).toBe(0);
    const { from, to, candidates } = JSON.parse(stdout);
    expect(to - from).toBeGreaterThan(1);
    expect(candidates.map(({ output }: { output: string }) => output)).toEqual([
      'filled-1.mid',
      'filled-2.mid',
    ]);
    expect(candidates[0].bits).toBeLessThanOrEqual(candidates[1].bits);
    for (const { notes } of candidates)
      for (const { pitch } of notes) expect([pitch >= 60, pitch <= 72]).toEqual([true, true]);
  });

  it('keeps a part of the notes', async () => {
    const cwd = folder();
    const options = ['--from', '20', '--to', '24', '--keep', '0.5', '--particles', '4', '-o', 'kept.mid'];
    expect((await fill(cwd, ...options)).code).toBe(0);
    const before = heardIn(join(cwd, 'piece.mid')).filter(([, start]) => start >= 20 && start < 24);
    const after = new Set(heardIn(join(cwd, 'kept.mid')).map(String));
    const kept = before.filter((note) => after.has(String(note)));
    expect(kept.length).toBeGreaterThan(before.length / 4);
    expect(kept.length).toBeLessThan(before.length);
  });

  it.each<[string[], number, string]>([
    [['--from', '5'], 2, "required option '--to <place>'"],
    [['--from', '9', '--to', '8'], 1, 'before it begins'],
    [['--from', '50', '--to', '49'], 1, 'before it begins'],
    [['--from', '0:1', '--to', '4'], 2, 'counted from 1'],
    [['--from', 'x', '--to', '4'], 2, 'It must be a number'],
    [['--from', '5', '--to', '6', '--model', 'tutorial'], 1, 'a tutorial model cannot fill'],
    [['--from', '5', '--to', '6', '-o', 'piece.mid'], 1, 'piece.mid exists'],
  ])('%j ends in words', async (options, code, words) => {
    const cwd = folder({ 'mine.safetensors': constantModel() });
    expect(await fill(cwd, ...options)).toMatchObject({ code, stderr: expect.stringContaining(words) });
  });
});
