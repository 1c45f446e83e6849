import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { midiBytes } from '../helpers/midi-bytes.js';
import { control, fileOf, key, program, strike } from '../helpers/midi-tracks.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

const MAESTRO =
  process.env.CADENZA_MAESTRO ??
  fileURLToPath(new URL('../../../shared/data/maestro-v2.0.0', import.meta.url));

const SONG = midiBytes([60, 61]);

describe('cadenza notes', () => {
  it('prints a table with six decimals', async () => {
    const file = join(tempFolder({ 'song.mid': SONG }), 'song.mid');
    expect(await runCadenza(['notes', file])).toEqual({
      code: 0,
      stderr: `cadenza: ${file}: instrument 1 of 1, program 0 on channel 1, track 0\n`,
      stdout: [
        '   pitch  name     start       end      step  duration  velocity',
        '0     60    C4  0.000000  0.250000  0.000000  0.250000        64',
        '1     61   C#4  0.500000  0.750000  0.500000  0.250000        64',
        '',
      ].join('\n'),
    });
  });

  it('prints csv and JSON with every digit, from standard input as well', async () => {
    const args = ['notes', '-', '--format'];
    const csv = await runCadenza([...args, 'csv', '--head', '1'], { input: SONG });
    expect(csv.stdout).toBe('pitch,name,start,end,step,duration,velocity\n60,C4,0,0.25,0,0.25,64\n');
    const json = await runCadenza([...args, 'json'], { input: SONG });
    expect(JSON.parse(json.stdout)).toEqual([
      { pitch: 60, name: 'C4', start: 0, end: 0.25, step: 0, duration: 0.25, velocity: 64 },
      { pitch: 61, name: 'C#4', start: 0.5, end: 0.75, step: 0.5, duration: 0.25, velocity: 64 },
    ]);
    const none = await runCadenza([...args, 'json', '--head', '0'], { input: SONG });
    expect(JSON.parse(none.stdout)).toEqual([]);
  });

  it('prints notes as they are heard, with channel and track, in every format', async () => {
    const tracks = [
      [...key(0, 240, 60), ...key(0, 240, 40, 80, 9)],
      [control(0, 64, 127), control(960, 64, 0)],
    ];
    const input = fileOf([...tracks, [strike(480, 64, 70, 1)]], [240, 960, 1440]);
    const args = ['notes', '-', '--sounding', '--format'];
    const rows = [
      { pitch: 60, name: 'C4', start: 0, end: 1, step: 0, duration: 1, velocity: 80, channel: 1, track: 0 },
      {
        pitch: 64,
        name: 'E4',
        start: 0.5,
        end: 1.5,
        step: 0.5,
        duration: 1,
        velocity: 70,
        channel: 2,
        track: 2,
      },
    ];
    const json = await runCadenza([...args, 'json'], { input });
    expect(JSON.parse(json.stdout)).toEqual(rows);
    expect(json.stderr).toBe(
      'cadenza: warning: standard input: 1 key is never released: it sounds until its track ends\n',
    );
    const csv = await runCadenza([...args, 'csv', '--head', '1'], { input });
    expect(csv.stdout).toBe(`${Object.keys(rows[0]).join()}\n${Object.values(rows[0]).join()}\n`);
    const table = await runCadenza([...args, 'table'], { input });
    expect(table.stdout.split('\n')[0].trim().split(/ +/)).toEqual(Object.keys(rows[0]));
    expect(table.stdout.split('\n')[2].trim().split(/ +/).slice(1)).toEqual([
      '64',
      'E4',
      '0.500000',
      '1.500000',
      '0.500000',
      '1.000000',
      '70',
      '2',
      '2',
    ]);
  });

  it('says which of several instruments it shows', async () => {
    const input = fileOf([
      [program(0, 5, 2), ...key(0, 240, 60, 80, 2)],
      key(0, 480, 64),
      key(0, 480, 38, 80, 9),
    ]);
    const first = await runCadenza(['notes', '-'], { input });
    expect(first.stderr).toBe(
      'cadenza: standard input: instrument 1 of 3, program 5 on channel 3, track 0\n',
    );
    const all = await runCadenza(['notes', '-', '--instruments', 'all'], { input });
    expect(all.stderr).toBe('cadenza: standard input: 2 of 3 instruments, all but drums\n');
    const both = await runCadenza(['notes', '-', '--instruments', 'all', '--sounding'], { input });
    expect(both.code).toBe(2);
  });

  it('warns about a damaged file and prints what can be read', async () => {
    const file = join(tempFolder({ 'cut.mid': SONG.subarray(0, -10) }), 'cut.mid');
    const { code, stdout, stderr } = await runCadenza(['notes', file, '--format', 'csv']);
    expect(code).toBe(0);
    expect(stdout).toContain('60,C4,0,0.25');
    expect(stderr).toMatch(/^cadenza: warning: .*cut\.mid: .*track 0, byte \d+/);
  });

  it('shows only the first of many warnings', async () => {
    const alien = new TextEncoder().encode('XXXX\0\0\0\0');
    const input = Buffer.concat([SONG, ...Array.from({ length: 60 }, () => alien)]);
    const { code, stderr } = await runCadenza(['notes', '-'], { input });
    const lines = stderr.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(lines).toHaveLength(12);
    expect(lines[10]).toBe('cadenza: warning: standard input: 50 more warnings');
  });

  it('ends quietly when its reader has gone', async () => {
    const input = midiBytes(Array.from({ length: 20_000 }, (_, i) => 21 + (i % 88)));
    const { code, stderr } = await runCadenza(['notes', '-'], { input, closeStdoutEarly: true });
    expect(code).toBe(0);
    expect(stderr).toBe('cadenza: standard input: instrument 1 of 1, program 0 on channel 1, track 0\n');
  });

  it.skipIf(!existsSync(MAESTRO))(
    'reads a real performance as pretty_midi does (needs MAESTRO v2.0.0)',
    async () => {
      const name = '2011/MIDI-Unprocessed_06_R3_2011_MID--AUDIO_R3-D3_06_Track06_wav.midi';
      const { stdout } = await runCadenza(['notes', join(MAESTRO, name), '--head', '5']);
      const rows = stdout.trimEnd().split('\n').slice(1);
      expect(rows.map((row) => row.trim().split(/ +/).toSpliced(2, 1).slice(0, 6).join(' '))).toEqual([
        '0 27 0.992188 1.045573 0.000000 0.053385',
        '1 39 1.088542 1.157552 0.096354 0.069010',
        '2 51 1.203125 1.261719 0.114583 0.058594',
        '3 30 1.286458 1.333333 0.083333 0.046875',
        '4 42 1.361979 1.429688 0.075521 0.067708',
      ]);
    },
  );
});

describe('bad input', () => {
  const files = {
    'empty.mid': '',
    'header.mid': SONG.subarray(0, 12),
    'text.mid': 'this is no MIDI file',
    'archive.mid': 'PK\x03\x04',
    'folder/readme.txt': 'no music here',
  };

  it.each([
    ['a missing file', 'gone.mid', /no such file/],
    ['an empty file', 'empty.mid', /empty/],
    ['a truncated file', 'header.mid', /whole copy/],
    ['a file of another kind', 'text.mid', /not a MIDI file/],
    ['an archive under a wrong name', 'archive.mid', /zip archive/],
    ['a folder', 'folder', /is a folder/],
  ])('%s: one line that names it, exit code 1', async (_, name, message) => {
    const path = join(tempFolder(files), name);
    const { code, stdout, stderr } = await runCadenza(['notes', path]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cadenza: .+\n$/);
    expect(stderr).toContain(path);
    expect(stderr).toMatch(message);
  });

  it('empty standard input: exit code 1', async () => {
    const { code, stderr } = await runCadenza(['notes', '-']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^cadenza: standard input: .*empty.*\n$/);
  });

  it.each([
    ['no file', ['notes'], /missing required argument 'file'/],
    ['an unknown option', ['notes', 'x.mid', '--heads', '3'], /unknown option '--heads'/],
    ['an unknown format', ['notes', 'x.mid', '--format', 'xml'], /choices are table, csv, json/],
    ['a bad number', ['notes', 'x.mid', '--head', 'five'], /whole number of at least 0/],
    ['a negative number', ['notes', 'x.mid', '--head', '-1'], /whole number of at least 0/],
    ['two files', ['notes', 'x.mid', 'y.mid'], /too many arguments/],
    ['an unknown command', ['note'], /unknown command 'note'/],
  ])('%s: exit code 2 and a hint at the help', async (_, args, message) => {
    const { code, stdout, stderr } = await runCadenza(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^cadenza: /);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/Try "cadenza( notes)? --help"\.\n$/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('cadenza', () => {
  it('tells its version and its help, with examples', async () => {
    const version = await runCadenza(['--version']);
    expect(version).toEqual({ code: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    for (const args of [['--help'], ['notes', '--help'], ['help', 'notes']]) {
      const { code, stdout } = await runCadenza(args);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples:\n {2}cadenza /);
    }
  });

  it('shows its help when called with nothing', async () => {
    const { code, stderr } = await runCadenza([]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: cadenza/);
  });
});
