import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createNoteTable, midiFromNotes, notesFromMidi, readMidi } from '../../src/index.js';
import { midiBytes } from '../helpers/midi-bytes.js';
import { pieceBytes } from '../helpers/pieces.js';
import { type RunResult, runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { constantModel } from '../helpers/tiny-model.js';

/** With the tutorial model, unless another is named; test/cli/performance.test.ts has the others. */
function generate(folder: string, ...args: string[]): Promise<RunResult> {
  const model = args.includes('--model') || args.includes('--help') ? [] : ['--model', 'tutorial'];
  return runCadenza(['generate', ...model, ...args], { cwd: folder });
}

/** The notes that `generate --json` printed have to be those of the file, to the last bit. */
function expectPlayed(folder: string, stdout: string, count: number): void {
  const { output, notes } = JSON.parse(stdout);
  const read = notesFromMidi(readMidi(readFileSync(join(folder, output)), output));
  expect([notes.length, read.length]).toEqual([count, count]);
  for (const column of ['pitch', 'velocity', 'start', 'end'] as const) {
    expect(notes.map((note: Record<string, number>) => note[column])).toEqual([...read[column]]);
  }
  expect(new Set(read.velocity)).toEqual(new Set([100]));
}

describe('cadenza generate', () => {
  it('plays 100 notes into output.mid, and into the next free name after that', async () => {
    const folder = tempFolder();
    const first = await generate(folder);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const lines = first.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(12);
    expect(lines[0]).toMatch(/^ +pitch +name +step +duration +start +end$/);
    expect(lines[11]).toMatch(/^100 notes, \d+\.\d s, written to output\.mid$/);
    const written = readFileSync(join(folder, 'output.mid'));
    expect(notesFromMidi(readMidi(written)).length).toBe(100);

    const second = await generate(folder, '--seed', '1', '--quiet');
    expect(second).toEqual({ code: 0, stderr: '', stdout: 'output-2.mid\n' });
    expect(readFileSync(join(folder, 'output.mid')).equals(written)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['output-2.mid', 'output.mid']);
  });

  it('gives each of several processes at once a file of its own', async () => {
    const folder = tempFolder();
    const seeds = ['1', '2', '3'];
    const all = await Promise.all(
      seeds.map((seed) => generate(folder, '--notes', '9', '--seed', seed, '--quiet')),
    );
    const names = all.map(({ stdout }) => stdout.trim());
    expect([...names].sort()).toEqual(['output-2.mid', 'output-3.mid', 'output.mid']);
    const alone = await generate(folder, '--notes', '9', '--seed', '2', '-o', 'alone.mid');
    expect(alone.code).toBe(0);
    expect(readFileSync(join(folder, names[1])).equals(readFileSync(join(folder, 'alone.mid')))).toBe(true);
  });

  it('plays the same by the same seed and something else by another', async () => {
    const folder = tempFolder();
    for (const [seed, name] of ['7', '7', '8'].map((seed, i) => [seed, `${i}.mid`])) {
      expect((await generate(folder, '--seed', seed, '-o', name, '--quiet')).code).toBe(0);
    }
    const [a, b, c] = [0, 1, 2].map((i) => readFileSync(join(folder, `${i}.mid`)));
    expect(a.equals(b)).toBe(true);
    expect(a.equals(c)).toBe(false);
  });

  it.each([
    ['one note', ['--notes', '1'], 1],
    ['the likeliest notes', ['--temperature', '0', '--notes', '40'], 40],
    ['more notes than the window', ['--notes', '300', '--seed', '5'], 300],
    ['daring notes after a primer', ['--temperature', '3', '--notes', '30', '--primer', 'primer.mid'], 30],
  ])('--json prints exactly the notes of the file: %s', async (_, args, count) => {
    const folder = tempFolder({ 'primer.mid': pieceBytes(1, 160) });
    const { code, stdout, stderr } = await generate(folder, ...args, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expectPlayed(folder, stdout, count);
    const { notes, primer, model } = JSON.parse(stdout);
    expect([primer, model]).toEqual([args.includes('--primer') ? 'primer.mid' : null, 'tutorial']);
    notes.forEach(({ start, end, step, duration }: Record<string, number>, i: number) => {
      expect(step).toBe(i === 0 ? start : start - notes[i - 1].start);
      expect(duration).toBe(end - start);
    });
  });

  it('keeps every note of a model that plays all of them at once, or on one key', async () => {
    const folder = tempFolder({ 'silent.safetensors': constantModel() });
    for (const temperature of ['0', '1']) {
      const args = [
        '--model',
        'silent.safetensors',
        '--notes',
        '300',
        '--temperature',
        temperature,
        '--json',
      ];
      const { code, stdout } = await generate(folder, ...args);
      expect(code).toBe(0);
      expectPlayed(folder, stdout, 300);
    }
  });

  it('never plays a negative step or duration', async () => {
    const folder = tempFolder({ 'm.safetensors': constantModel({ step: -2, duration: -3 }) });
    const { code, stdout } = await generate(folder, '--model', 'm.safetensors', '--json', '--notes', '50');
    expect(code).toBe(0);
    expectPlayed(folder, stdout, 50);
  });

  it('prints as many rows as asked for', async () => {
    const folder = tempFolder();
    const { stdout } = await generate(folder, '--notes', '5', '--head', '2');
    expect(stdout.split('\n')).toHaveLength(5);
  });
});

describe('the output', () => {
  it('is not overwritten without --force', async () => {
    const folder = tempFolder({ 'mine.mid': 'precious' });
    // Refused before any work: nothing is said of the model that is missing as well.
    const refused = await generate(folder, '-o', 'mine.mid', '--model', 'gone');
    expect(refused).toEqual({
      code: 1,
      stdout: '',
      stderr: 'cadenza: mine.mid exists; choose another name, or overwrite it with --force\n',
    });
    expect(readFileSync(join(folder, 'mine.mid'), 'utf8')).toBe('precious');
    const forced = await generate(folder, '-o', 'mine.mid', '--force', '--notes', '3');
    expect(forced.code).toBe(0);
    expect(notesFromMidi(readMidi(readFileSync(join(folder, 'mine.mid')))).length).toBe(3);
  });

  it('--force without a name overwrites output.mid', async () => {
    const folder = tempFolder({ 'output.mid': 'old' });
    expect((await generate(folder, '--force', '--notes', '3', '--quiet')).stdout).toBe('output.mid\n');
    expect(readdirSync(folder)).toEqual(['output.mid']);
    expect(readFileSync(join(folder, 'output.mid'), 'utf8')).not.toBe('old');
  });

  it.each([
    ['a missing folder', ['-o', 'gone/x.mid'], /gone\/x\.mid: its folder does not exist; create gone first/],
    ['a folder', ['-o', 'folder'], /cannot write folder: it is a folder/],
    ['a folder, with --force', ['-o', 'folder', '--force'], /cannot write folder: it is a folder/],
    ['a path through a file', ['-o', 'file/x.mid'], /part of its path is a file/],
    ['a link to nowhere', ['-o', 'link.mid'], /link\.mid exists/],
  ])('%s: one line, exit code 1, nothing touched', async (_, args, message) => {
    const folder = tempFolder({ file: 'precious' });
    mkdirSync(join(folder, 'folder'));
    symlinkSync('nowhere.mid', join(folder, 'link.mid'));
    const { code, stdout, stderr } = await generate(folder, ...args, '--notes', '2');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cadenza: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder', 'link.mid']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('precious');
  });

  it('that no file system takes: one line, exit code 1', async () => {
    const { code, stdout, stderr } = await generate(
      tempFolder(),
      '-o',
      `${'x'.repeat(300)}.mid`,
      '--notes',
      '2',
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cadenza: cannot write x+\.mid: the name is too long\n$/);
  });
});

describe('--primer', () => {
  it('that is short is repeated, with a warning', async () => {
    const folder = tempFolder({ 'short.mid': midiBytes([60, 64, 67]) });
    const { code, stdout, stderr } = await generate(
      folder,
      '--primer',
      'short.mid',
      '--notes',
      '4',
      '--json',
    );
    expect([code, JSON.parse(stdout).notes.length]).toEqual([0, 4]);
    expect(stderr).toMatch(
      /^cadenza: warning: short\.mid: the primer has 3 notes, fewer than the window of 150; [^\n]+\n$/,
    );
  });

  it('that is damaged is played on from as far as it can be read, with warnings', async () => {
    const folder = tempFolder({ 'cut.mid': pieceBytes(1, 200).subarray(0, -9) });
    const { code, stderr } = await generate(folder, '--primer', 'cut.mid', '--notes', '2');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^(cadenza: warning: cut\.mid: [^\n]+\n)+$/)]);
  });

  it('decides what is played', async () => {
    const folder = tempFolder({ 'a.mid': pieceBytes(1, 200), 'b.mid': pieceBytes(2, 200) });
    const outputs = ['a', 'b'].map(async (name) => {
      const args = [
        '--primer',
        `${name}.mid`,
        '--temperature',
        '0',
        '--notes',
        '5',
        '--json',
        '-o',
        `${name}-out.mid`,
      ];
      return JSON.parse((await generate(folder, ...args)).stdout).notes;
    });
    const [a, b] = await Promise.all(outputs);
    expect(a).not.toEqual(b);
  });

  it.each([
    ['missing', 'gone.mid', /gone\.mid: no such file/],
    ['empty', 'empty.mid', /empty\.mid: .*empty/],
    ['truncated', 'header.mid', /header\.mid: .*whole copy/],
    ['no MIDI file', 'text.mid', /text\.mid: .*not a MIDI file/],
    ['without notes', 'silent.mid', /silent\.mid: holds no notes to play on from/],
    ['a folder', 'folder', /folder: it is a folder/],
  ])('%s: one line, exit code 1, nothing written', async (_, primer, message) => {
    const folder = tempFolder({
      'empty.mid': '',
      'header.mid': midiBytes([60]).subarray(0, 12),
      'text.mid': 'this is no MIDI file',
      'silent.mid': midiFromNotes(createNoteTable(0)),
      'folder/file': '',
    });
    const { code, stdout, stderr } = await generate(folder, '--primer', primer);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cadenza: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(existsSync(join(folder, 'output.mid'))).toBe(false);
  });
});

describe('wrong usage', () => {
  it.each([
    ['--notes', '0', /from 1 to 1000000/],
    ['--notes', '1000001', /from 1 to 1000000/],
    ['--temperature', '-0.1', /number of at least 0/],
    ['--temperature', '1e999', /number of at least 0/],
    ['--seed', '9007199254740992', /whole number/],
    ['--instruments', 'drums', /choices are first, all/],
  ])('%s %s: exit code 2 and a hint at the help', async (option, value, message) => {
    const folder = tempFolder();
    const { code, stdout, stderr } = await generate(folder, option, value);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^cadenza: [^\n]+\nTry "cadenza generate --help"\.\n$/);
    expect(stderr).toMatch(message);
    expect(readdirSync(folder)).toEqual([]);
  });
});
