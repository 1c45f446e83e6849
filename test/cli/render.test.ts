import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BasicSoundBank } from 'spessasynth_core';
import { describe, expect, it } from 'vitest';
import { midiFromNotes } from '../../src/index.js';
import { midiBytes } from '../helpers/midi-bytes.js';
import { type RunResult, runCadenza } from '../helpers/run-cadenza.js';
import { notesOf } from '../helpers/sound.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** Notes to 1.75 s, and 2 s of tail. */
const SONG = midiBytes([60, 64, 67, 72]);
const SECONDS = 3.75;
/** A header and one empty track. */
const NO_NOTES = midiBytes([]);
/** The song on channel 10. */
const DRUMS = SONG.map((byte) => (byte === 0x90 || byte === 0x80 ? byte + 9 : byte));
/** A SoundFont that takes no time to read. */
const SAW = new Uint8Array(BasicSoundBank.getSampleSoundBankFile());

function render(folder: string, ...args: string[]): Promise<RunResult> {
  return runCadenza(['render', ...args], { cwd: folder });
}

/** Samples of a WAV file, left and right in turn, after a look at its header. */
function samplesOf(path: string, sampleRateHz = 44_100): Int16Array {
  const bytes = readFileSync(path);
  expect(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
  expect([bytes.readUInt32LE(4), bytes.readUInt32LE(40)]).toEqual([bytes.length - 8, bytes.length - 44]);
  expect([bytes.readUInt16LE(22), bytes.readUInt32LE(24)]).toEqual([2, sampleRateHz]);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length));
}

const peakOf = (samples: Int16Array) => samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);

describe('cadenza render', () => {
  it('renders beside the MIDI file: as long as the music and its tail, not silent, not clipped', async () => {
    const folder = tempFolder({ 'my music/song.mid': SONG });
    const { code, stdout, stderr } = await render(folder, 'my music/song.mid');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Rendering: 4 seconds in .+\n$/)]);
    expect(stdout).toMatch(/^my music\/song\.wav: 4 notes, 3\.8 s, peak -\d+\.\d dB\n$/);
    const samples = samplesOf(join(folder, 'my music/song.wav'));
    expect(samples).toHaveLength(2 * SECONDS * 44_100);
    expect(peakOf(samples)).toBeGreaterThan(2000);
    expect(peakOf(samples)).toBeLessThan(32_000);
    expect(readdirSync(join(folder, 'my music')).sort()).toEqual(['song.mid', 'song.wav']);
  });

  it('follows --sample-rate, --gain, --reverb, --soundfont and -o, and tells of it as JSON', async () => {
    const folder = tempFolder({ 'song.mid': SONG, 'saw.sf2': SAW });
    const common = ['song.mid', '--soundfont', 'saw.sf2', '--sample-rate', '8000', '--reverb', '0', '--json'];
    const loud = await render(folder, ...common, '-o', 'loud.wav');
    const soft = await render(folder, ...common, '-o', 'soft.wav', '--gain', '-20');
    expect([loud.code, loud.stderr, soft.code, soft.stderr]).toEqual([0, '', 0, '']);
    const [a, b] = ['loud.wav', 'soft.wav'].map((name) => samplesOf(join(folder, name), 8000));
    expect(peakOf(a) / peakOf(b)).toBeCloseTo(10, 0);
    const peakDb = Math.round(200 * Math.log10(peakOf(b) / 32_767)) / 10;
    expect(JSON.parse(soft.stdout)).toEqual({
      files: [
        {
          input: 'song.mid',
          output: 'soft.wav',
          notes: 4,
          seconds: SECONDS,
          sampleRateHz: 8000,
          peakDb: expect.closeTo(peakDb, 0),
        },
      ],
      problems: [],
    });
  });

  it('packs as MP3 or Ogg Vorbis, by name or --format', async () => {
    const folder = tempFolder({ 'song.mid': SONG, 'saw.sf2': SAW });
    mkdirSync(join(folder, 'out'));
    const common = ['song.mid', '--soundfont', 'saw.sf2', '--quiet'];
    const ogg = await render(folder, ...common, '-o', 'song.ogg');
    const mp3 = await render(folder, ...common, '-o', 'out', '--format', 'mp3');
    const beside = await render(folder, ...common, '--format', 'mp3');
    expect([ogg, mp3, beside].map(({ stdout }) => stdout)).toEqual([
      'song.ogg\n',
      'out/song.mp3\n',
      'song.mp3\n',
    ]);
    expect(readFileSync(join(folder, 'song.ogg')).toString('latin1', 0, 4)).toBe('OggS');
    const packed = readFileSync(join(folder, 'song.mp3'));
    expect(packed.readUInt16BE(0) & 0xffe0).toBe(0xffe0);
    // 192 kilobits a second, and a frame or two to begin and end with.
    expect(packed.length).toBeCloseTo(SECONDS * 24_000, -4);
    expect(readFileSync(join(folder, 'out/song.mp3'))).toEqual(packed);
  });

  it('says what a format cannot hold, and that a name says another', async () => {
    const folder = tempFolder({ 'song.mid': SONG, 'saw.sf2': SAW });
    const common = ['song.mid', '--soundfont', 'saw.sf2'];
    const rate = await render(folder, ...common, '-o', 'song.mp3', '--sample-rate', '96000');
    expect([rate.code, rate.stderr]).toEqual([
      1,
      expect.stringMatching(/an MP3 file has one of .* not 96000/),
    ]);
    const name = await render(folder, ...common, '-o', 'song.ogg', '--format', 'mp3');
    expect([name.code, name.stderr]).toEqual([1, expect.stringMatching(/its name says another format/)]);
    expect(readdirSync(folder).sort()).toEqual(['saw.sf2', 'song.mid']);
  });

  it('renders many, into a folder, whatever is wrong with some of them', async () => {
    const folder = tempFolder({ 'a.mid': SONG, 'bad.mid': 'text', 'b.midi': SONG, 'saw.sf2': SAW });
    mkdirSync(join(folder, 'out'));
    const args = ['a.mid', 'bad.mid', 'gone.mid', 'b.midi', '-o', 'out', '--soundfont', 'saw.sf2', '--quiet'];
    const { code, stdout, stderr } = await render(folder, ...args);
    expect([code, stdout]).toEqual([1, 'out/a.wav\nout/b.wav\n']);
    expect(stderr).toMatch(/^cadenza: bad\.mid: not a MIDI file.*\ncadenza: gone\.mid: no such file.*\n$/);
    expect(readdirSync(join(folder, 'out'))).toEqual(['a.wav', 'b.wav']);
    const json = await render(folder, ...args, '--force', '--json');
    const { files, problems } = JSON.parse(json.stdout);
    expect(files.map(({ input }: { input: string }) => input)).toEqual(['a.mid', 'b.midi']);
    expect(problems.map(({ input }: { input: string }) => input)).toEqual(['bad.mid', 'gone.mid']);
  });

  it('never overwrites a file, nor one of its own, unless --force says so', async () => {
    const folder = tempFolder({ 'a.mid': SONG, 'a.midi': SONG, 'a.wav': 'precious', 'saw.sf2': SAW });
    const sound = ['--soundfont', 'saw.sf2', '--quiet'];
    const refused = await render(folder, 'a.mid', ...sound);
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(
      /^cadenza: a\.wav exists; choose another name, or overwrite it with --force\n$/,
    );
    expect(readFileSync(join(folder, 'a.wav'), 'utf8')).toBe('precious');
    const forced = await render(folder, 'a.mid', 'a.midi', ...sound, '--force');
    expect([forced.code, forced.stdout]).toEqual([1, 'a.wav\n']);
    expect(forced.stderr).toMatch(
      /^cadenza: a\.midi: a\.wav has just been made of a\.mid; name it with -o\n$/,
    );
    expect(samplesOf(join(folder, 'a.wav'))).toHaveLength(2 * SECONDS * 44_100);
  });

  it('gives the name of a file that could not be read to another', async () => {
    const folder = tempFolder({
      'bad/x.mid': 'no midi',
      'good/x.mid': SONG,
      'saw.sf2': SAW,
      'out/keep.txt': '',
    });
    const files = ['bad/x.mid', 'good/x.mid', '-o', 'out'];
    const { code, stdout, stderr } = await render(folder, ...files, '--soundfont', 'saw.sf2', '--quiet');
    expect([code, stdout]).toEqual([1, `${join('out', 'x.wav')}\n`]);
    expect(stderr).toMatch(/^cadenza: bad\/x\.mid: not a MIDI file/);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => [40 + (i % 50), 80, i / 10, i / 10 + 3] as const);
    const folder = tempFolder({ 'long.mid': midiFromNotes(notesOf(...rows)) });
    const isWriting = () => readdirSync(folder).some((name) => name.endsWith('.tmp'));
    const { code, stdout } = await runCadenza(['render', 'long.mid', '--quiet'], {
      cwd: folder,
      signal: { name: 'SIGINT', when: isWriting },
    });
    expect([code, stdout]).toEqual([130, '']);
    expect(readdirSync(folder)).toEqual(['long.mid']);
  });

  it.each([
    ['a missing file', ['gone.mid'], /^cadenza: gone\.mid: no such file/],
    ['no MIDI file', ['text.mid'], /^cadenza: text\.mid: not a MIDI file/],
    ['a file without notes', ['none.mid'], /^cadenza: none\.mid: there are no notes in it to play/],
    ['drums only', ['drums.mid'], /^cadenza: drums\.mid: only drums play in it, which a piano leaves out/],
    ['a folder', ['sub'], /^cadenza: cannot read sub: it is a folder/],
    [
      'an output in no folder',
      ['song.mid', '-o', 'no/x.wav'],
      /^cadenza: cannot write no\/x\.wav: its folder/,
    ],
    ['a missing SoundFont', ['song.mid', '--soundfont', 'gone.sf2'], /^cadenza: gone\.sf2: no such file/],
    ['no SoundFont', ['song.mid', '--soundfont', 'text.mid'], /^cadenza: text\.mid: not a SoundFont; choose/],
    ['half a SoundFont', ['song.mid', '--soundfont', 'half.sf2'], /^cadenza: half\.sf2: a damaged SoundFont/],
  ])('%s: one line that names it, exit code 1', async (_, args, message) => {
    const folder = tempFolder({
      'song.mid': SONG,
      'text.mid': 'text',
      'none.mid': NO_NOTES,
      'drums.mid': DRUMS,
      'half.sf2': SAW.subarray(0, SAW.length / 2),
      'sub/x': '',
    });
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await render(folder, ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each([
    ['no file', [], /missing required argument 'files'/],
    ['several files into one', ['a.mid', 'b.mid', '-o', 'x.wav'], /several files need a folder/],
    ['a strange rate', ['a.mid', '--sample-rate', '12'], /whole number from 8000 to 192000/],
    ['a strange gain', ['a.mid', '--gain', 'loud'], /must be a number/],
  ])('%s: exit code 2', async (_, args, message) => {
    const { code, stdout, stderr } = await render(tempFolder(), ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/Try "cadenza render --help"\.\n$/);
  });

  it('has help with examples', async () => {
    for (const command of ['render', 'play']) {
      const { code, stdout } = await runCadenza([command, '--help']);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/Examples:\n {2}cadenza /)]);
    }
  });
});

describe('cadenza generate --wav', () => {
  const short = ['generate', '--seconds', '2', '--wav', '--quiet'];

  it('writes the sound beside every variation, under names that are free for both', async () => {
    const folder = tempFolder({ 'output-1.wav': 'precious' });
    const { code, stdout, stderr } = await runCadenza([...short, '--variations', '2'], { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe('output-1-2.mid\noutput-1-2.wav\noutput-2.mid\noutput-2.wav\n');
    expect(readFileSync(join(folder, 'output-1.wav'), 'utf8')).toBe('precious');
    const samples = samplesOf(join(folder, 'output-2.wav'));
    expect(samples.length / 2 / 44_100).toBeGreaterThan(2);
    expect(peakOf(samples)).toBeGreaterThan(500);
    await render(folder, 'output-2.mid', '-o', 'again.wav', '--quiet');
    expect(readFileSync(join(folder, 'again.wav')).equals(readFileSync(join(folder, 'output-2.wav')))).toBe(
      true,
    );
  });

  it('does nothing when the sound would overwrite a file', async () => {
    const folder = tempFolder({ 'x.wav': 'precious' });
    const refused = await runCadenza([...short, '-o', 'x.mid'], { cwd: folder });
    expect([refused.code, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toMatch(/^cadenza: x\.wav exists; choose another name/);
    const same = await runCadenza([...short, '-o', 'x.wav', '--force'], { cwd: folder });
    expect([same.code, same.stderr]).toEqual([1, expect.stringMatching(/call the MIDI file \.mid\n$/)]);
    expect(readdirSync(folder)).toEqual(['x.wav']);
    const forced = await runCadenza(
      [...short, '-o', 'x.mid', '--force', '--model', 'tutorial', '--notes', '9'].filter(
        (word, i, all) => word !== '--seconds' && all[i - 1] !== '--seconds',
      ),
      { cwd: folder },
    );
    expect([forced.code, forced.stdout]).toEqual([0, 'x.mid\nx.wav\n']);
    expect(peakOf(samplesOf(join(folder, 'x.wav')))).toBeGreaterThan(500);
  });
});

describe.skipIf(process.platform === 'win32')('cadenza play', () => {
  /** A folder of programs that stand in for players: what each does with a file, as a shell script. */
  function players(scripts: Record<string, string>): string {
    const folder = tempFolder(
      Object.fromEntries(Object.entries(scripts).map(([name, script]) => [name, `#!/bin/sh\n${script}\n`])),
    );
    for (const name of Object.keys(scripts)) chmodSync(join(folder, name), 0o755);
    return folder;
  }

  /** The best and the last of the players that are looked for. */
  const [best, last] = process.platform === 'darwin' ? ['afplay', 'mpv'] : ['pw-play', 'mpv'];
  const KEEP = 'for file; do :; done; /bin/cp "$file" heard.wav; echo "$file" > name.txt';

  function play(folder: string, path: string, ...args: string[]): Promise<RunResult> {
    return runCadenza(['play', ...args], { cwd: folder, env: { PATH: path } });
  }

  it('plays a MIDI file as it would be rendered, and leaves no temporary file', async () => {
    const folder = tempFolder({ 'song.mid': SONG });
    const { code, stderr } = await play(folder, players({ [last]: KEEP }), 'song.mid', '--quiet');
    expect([code, stderr]).toEqual([0, '']);
    await render(folder, 'song.mid', '--quiet');
    expect(readFileSync(join(folder, 'heard.wav')).equals(readFileSync(join(folder, 'song.wav')))).toBe(true);
    expect(existsSync(readFileSync(join(folder, 'name.txt'), 'utf8').trim())).toBe(false);
  });

  it('plays a WAV file as it is, through the next player where the first cannot', async () => {
    const folder = tempFolder({ 'song.wav': 'RIFF\x04\0\0\0WAVE' });
    const path = players({ [best]: 'echo "no sound card" >&2; exit 1', [last]: KEEP });
    const { code, stderr } = await play(folder, path, 'song.wav');
    expect([code, stderr]).toEqual([0, '']);
    expect(readFileSync(join(folder, 'name.txt'), 'utf8')).toBe('song.wav\n');
  });

  it('says what the players said when none of them can', async () => {
    const folder = tempFolder({ 'song.wav': 'RIFF\x04\0\0\0WAVE' });
    const path = players({ [best]: 'echo "no sound card" >&2; exit 1', [last]: 'exit 3' });
    const { code, stderr } = await play(folder, path, 'song.wav');
    expect(code).toBe(1);
    expect(stderr).toBe(
      `cadenza: song.wav cannot be played here; ${best}: no sound card; ${last}: exit code 3\n`,
    );
  });

  it('says what to install where there is no player, before any work', async () => {
    const { code, stdout, stderr } = await play(tempFolder({ 'song.mid': SONG }), players({}), 'song.mid');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^cadenza: there is no player to hear it with \(looked for .*\); install .*\n$/);
  });

  it('stops when it is interrupted', async () => {
    const folder = tempFolder({ 'song.wav': 'RIFF\x04\0\0\0WAVE' });
    const path = players({ [best]: ': > started; exec /bin/sleep 60' });
    const { code, stderr } = await runCadenza(['play', 'song.wav', 'song.wav'], {
      cwd: folder,
      env: { PATH: path },
      signal: { name: 'SIGINT', when: () => existsSync(join(folder, 'started')) },
    });
    expect([code, stderr]).toEqual([130, '']);
  });

  it('goes on after a file that cannot be read', async () => {
    const folder = tempFolder({ 'song.wav': 'RIFF\x04\0\0\0WAVE', 'bad.mid': 'text' });
    const { code, stderr } = await play(folder, players({ [best]: KEEP }), 'bad.mid', 'song.wav');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^cadenza: bad\.mid: not a MIDI file.*\n$/)]);
    expect(existsSync(join(folder, 'heard.wav'))).toBe(true);
  });
});
