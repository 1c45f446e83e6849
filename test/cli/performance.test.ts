/** The command line with performance models: generate, evaluate, train, summary. */
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  initialParameters,
  listen,
  midiFromNotes,
  namedViews,
  notesFromMidi,
  readMidi,
  soundingNotes,
  TutorialLstm,
} from '../../src/index.js';
import { TrackWriter, writeMidi } from '../../src/midi/write.js';
import { timeGridOf } from '../../src/notes/time-grid.js';
import { fileOf, key, type TrackEvent, tempo } from '../helpers/midi-tracks.js';
import { rowsOf, tableOf } from '../helpers/note-rows.js';
import { pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { tinyEventModel } from '../helpers/tiny-event-model.js';
import { TINY_CONFIG } from '../helpers/tiny-model.js';

function cadenza(folder: string, ...args: string[]) {
  return runCadenza(args, { cwd: folder, env: { CADENZA_CACHE: join(folder, 'cache') } });
}

/** A MIDI file with a note for each channel and pitch. */
function channelNotes(...notes: readonly (readonly [channel: number, pitch: number])[]): Uint8Array {
  const track = new TrackWriter();
  for (const [channel, pitch] of notes) track.event(0, 0x90 | channel, pitch, 64);
  for (const [channel, pitch] of notes) track.event(480, 0x80 | channel, pitch, 0);
  return writeMidi(480, [track]);
}

const readNotes = (path: string) => notesFromMidi(readMidi(readFileSync(path), path));
const heardIn = (path: string) => soundingNotes(readMidi(readFileSync(path), path));

describe('generate', () => {
  const FILES = { 'model.safetensors': tinyEventModel(), 'primer.mid': pieceBytes(1, 60) };
  const ASK = ['generate', '--model', 'model.safetensors', '--primer', 'primer.mid'];

  it('writes every variation into a file of its own, twice the same', async () => {
    const folder = tempFolder(FILES);
    const args = [
      ...ASK,
      '--notes',
      '12',
      '--seconds',
      '60',
      '--max-step',
      '2',
      '--variations',
      '3',
      '--seed',
      '1',
      '--quiet',
    ];
    const first = await cadenza(folder, ...args);
    expect(first).toEqual({ code: 0, stderr: '', stdout: 'output-1.mid\noutput-2.mid\noutput-3.mid\n' });
    const bytes = [1, 2, 3].map((n) => readFileSync(join(folder, `output-${n}.mid`)));
    expect(new Set(bytes.map((file) => file.toString('hex'))).size).toBe(3);
    for (const n of [1, 2, 3]) {
      const notes = readNotes(join(folder, `output-${n}.mid`));
      expect(notes.length).toBe(12);
      expect(Math.max(...notes.end)).toBeLessThanOrEqual(60.001);
    }
    expect((await cadenza(folder, ...args, '-o', 'again.mid')).stdout).toBe(
      'again-1.mid\nagain-2.mid\nagain-3.mid\n',
    );
    for (const n of [1, 2, 3]) {
      expect(readFileSync(join(folder, `again-${n}.mid`)).equals(bytes[n - 1])).toBe(true);
    }
    const { code, stderr } = await cadenza(folder, ...args, '-o', 'again.mid');
    expect([code, stderr]).toEqual([
      1,
      'cadenza: again-1.mid exists; choose another name, or overwrite it with --force\n',
    ]);
  });

  it('keeps to what is asked, and tells the notes as JSON', async () => {
    const folder = tempFolder(FILES);
    const controls = ['--key', 'C major', '--range', '48-72', '--max-polyphony', '3', '--max-step', '0.5'];
    const { code, stdout } = await cadenza(folder, ...ASK, '--notes', '20', ...controls, '--json');
    expect(code).toBe(0);
    const { variations } = JSON.parse(stdout);
    const read = readNotes(join(folder, variations[0].output));
    expect([read.length, variations[0].notes.length]).toEqual([20, 20]);
    expect(variations[0].notes.map(({ start }: { start: number }) => start)).toEqual([...read.start]);
    for (const pitch of read.pitch) {
      expect(pitch).toBeGreaterThanOrEqual(48);
      expect(pitch).toBeLessThanOrEqual(72);
      expect([0, 2, 4, 5, 7, 9, 11]).toContain(pitch % 12);
    }
  });

  it('can write the primer before it, up to where it was cut', async () => {
    const folder = tempFolder(FILES);
    const args = ['--primer-end', '2', '--with-primer', '--notes', '5', '--quiet'];
    expect((await cadenza(folder, ...ASK, ...args)).code).toBe(0);
    const notes = heardIn(join(folder, 'output.mid'));
    const primer = heardIn(join(folder, 'primer.mid'));
    const before = primer.start.filter((start) => start - primer.start[0] <= 2).length;
    expect(notes.length).toBe(before + 5);
    expect([...notes.pitch.slice(0, 4)].sort()).toEqual([...primer.pitch.slice(0, 4)].sort());
  });

  it('begins where the primer was cut, and holds on to what sounds there', async () => {
    const notes = tableOf([
      [60, 1, 9],
      [64, 2, 3],
      [67, 6, 7],
    ]);
    const folder = tempFolder({ ...FILES, 'held.mid': midiFromNotes(notes) });
    const args = ['--primer', 'held.mid', '--primer-end', '5', '--notes', '5', '--quiet'];
    const model = ['generate', '--model', 'model.safetensors'];
    expect((await cadenza(folder, ...model, ...args, '-o', 'own.mid')).code).toBe(0);
    expect((await cadenza(folder, ...model, ...args, '--with-primer', '-o', 'whole.mid')).code).toBe(0);
    const [own, whole] = ['own.mid', 'whole.mid'].map((name) => heardIn(join(folder, name)));
    expect([own.length, whole.length]).toEqual([5, 7]);
    expect([...whole.pitch.slice(0, 2)]).toEqual([60, 64]);
    expect([...whole.start.slice(0, 2), whole.end[1]]).toEqual([1, 2, 3]);
    expect(whole.end[0]).toBeGreaterThanOrEqual(5);
    expect(whole.start[2]).toBeGreaterThanOrEqual(5);
    // Alone, what was played begins with the bar of the cut, which begins after 4 s.
    for (let i = 0; i < 5; i++) expect(whole.start[i + 2] - own.start[i]).toBeCloseTo(4, 2);
  });

  it('writes hands, pedal and a single track, which sound the same', async () => {
    const folder = tempFolder(FILES);
    const ask = [...ASK, '--notes', '30', '--with-primer', '--quiet'];
    const ways = { plain: [], shaped: ['--pedal', '--hands'], one: ['--pedal', '--type', '0'] };
    for (const [name, flags] of Object.entries(ways))
      expect((await cadenza(folder, ...ask, ...flags, '-o', `${name}.mid`)).code).toBe(0);
    const [plain, shaped, one] = Object.keys(ways).map((name) =>
      readMidi(readFileSync(join(folder, `${name}.mid`))),
    );
    const primer = readMidi(readFileSync(join(folder, 'primer.mid')));
    const bySound = (midi: typeof plain) =>
      rowsOf(soundingNotes(midi)).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    const sound = bySound(plain);
    expect(bySound(one)).toEqual(sound);
    expect(bySound(shaped).map(([pitch, start]) => [pitch, start])).toEqual(
      sound.map(([pitch, start]) => [pitch, start]),
    );
    for (const [n, [, , end]] of bySound(shaped).entries()) expect(sound[n][2] - end).toBeLessThan(0.002);
    expect(shaped.tracks.slice(primer.tracks.length).map(({ name }) => name)).toEqual([
      'Continuation, right hand',
      'Continuation, left hand',
    ]);
    expect([plain.format, shaped.format, one.format, one.tracks.length]).toEqual([1, 1, 0, 1]);
    expect(soundingNotes(plain).length).toBe(90);
  });

  it('moves what it plays to a grid, behind the primer too', async () => {
    const folder = tempFolder(FILES);
    for (const flags of [[], ['--with-primer']]) {
      const args = ['--notes', '20', '--quantize', '1/16', '--force', '--quiet', ...flags];
      expect((await cadenza(folder, ...ASK, ...args)).code).toBe(0);
      const midi = readMidi(readFileSync(join(folder, 'output.mid')));
      const { notes } = listen(midi);
      const step = (midi.ticksPerBeat / 4) * (0.5 / midi.ticksPerBeat);
      const own = [...notes.start].filter((_, n) => notes.track[n] === midi.tracks.length - 1);
      expect(own.length).toBeGreaterThan(5);
      for (const start of own) expect(start / step).toBeCloseTo(Math.round(start / step), 6);
    }
  });

  it.each([
    [['--quantize', '1/7'], /There is no such grid: 1\/7; write it like 1\/16/],
    [['--type', '2'], /Allowed choices are 0, 1/],
    [['--hands', '--type', '0'], /type 0 has one track for all; leave out --hands or --type 0/],
  ])('writes nothing with %j', async (flags, message) => {
    const folder = tempFolder(FILES);
    const { code, stderr } = await cadenza(folder, ...ASK, '--notes', '5', ...flags);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
    expect(
      stderr
        .replace(/Try "cadenza generate --help".\n$/, '')
        .trimEnd()
        .split('\n'),
    ).toHaveLength(1);
    expect(existsSync(join(folder, 'output.mid'))).toBe(false);
  });

  it('writes what it plays in the tempo, metre and key of the primer', async () => {
    const bars: TrackEvent[] = [
      tempo(0, 90),
      { at: 0, meta: 0x58, data: [3, 2, 24, 8] },
      { at: 0, meta: 0x59, data: [0xfd, 0] },
    ];
    const hand = Array.from({ length: 12 }, (_, i) => key(480 * i, 400, 60 + i)).flat();
    const folder = tempFolder({ ...FILES, 'waltz.mid': fileOf([bars, hand], [0, 6000]) });
    const ask = [...ASK.slice(0, 3), '--primer', 'waltz.mid', '--notes', '6', '--quiet'];
    expect((await cadenza(folder, ...ask, '--with-primer', '-o', 'whole.mid')).code).toBe(0);
    expect((await cadenza(folder, ...ask, '-o', 'own.mid')).code).toBe(0);
    for (const name of ['whole.mid', 'own.mid']) {
      const { tempos, metres, keys, ticksPerBeat } = timeGridOf(readMidi(readFileSync(join(folder, name))));
      expect(tempos).toMatchObject([{ tick: 0, microsecondsPerBeat: 666_667 }]);
      expect(metres).toMatchObject([{ tick: 0, numerator: 3, denominator: 4 }]);
      expect(keys).toMatchObject([{ tick: 0, sharps: -3, minor: false }]);
      expect(ticksPerBeat).toBe(480);
    }
    const whole = heardIn(join(folder, 'whole.mid'));
    expect(whole.length).toBe(18);
    expect(whole.start[12]).toBeGreaterThanOrEqual(whole.end[11]);
    const clash = await cadenza(folder, ...ask, '--bpm', '100', '-o', 'clash.mid');
    expect([clash.code, clash.stderr]).toEqual([
      1,
      'cadenza: waltz.mid: says 90 beats a minute itself; leave out --bpm\n',
    ]);
  });

  it('writes the tempo, metre and key that are asked for, where nothing says them', async () => {
    const folder = tempFolder(FILES);
    const grid = ['--bpm', '50', '--metre', '6/8', '--key-signature', 'F# minor'];
    const ask = [...ASK.slice(0, 3), '--notes', '6', '--quiet', '--json'];
    const { stdout } = await cadenza(folder, ...ask, ...grid, '-o', 'own.mid');
    const plain = await cadenza(folder, ...ask, '-o', 'plain.mid');
    const midi = readMidi(readFileSync(join(folder, 'own.mid')));
    const { tempos, metres, keys, ticksPerBeat } = timeGridOf(midi);
    expect(tempos).toMatchObject([{ microsecondsPerBeat: 1_200_000 }]);
    expect(metres).toMatchObject([{ numerator: 6, denominator: 8 }]);
    expect(keys).toMatchObject([{ sharps: 3, minor: true }]);
    expect(ticksPerBeat).toBe(960);
    const startsOf = (text: string) =>
      JSON.parse(text).variations[0].notes.map(({ start }: { start: number }) => start);
    for (const [i, start] of startsOf(stdout).entries()) {
      expect(Math.abs(start - startsOf(plain.stdout)[i])).toBeLessThan(0.002);
    }
  });

  it.each([
    [['--bpm', '0'], /--bpm <beats>' argument '0' is invalid. It must be a number from 4 to 1000/],
    [['--metre', '0/4'], /There is no such metre: 0\/4; write it like 3\/4/],
    [['--key-signature', 'H'], /There is no such key signature: H; write it like "Eb"/],
  ])('refuses %j as bad usage', async (args, message) => {
    const folder = tempFolder(FILES);
    const { code, stderr } = await cadenza(folder, ...ASK, ...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(join(folder, 'output.mid'))).toBe(false);
  });

  it.each([
    [['--min-step', '1', '--max-step', '0.5'], /minimum step .* maximum step/],
    [['--key', 'X'], /no such key: X/],
    [['--range', '1-5'], /no key of a piano/],
    [['--seconds', '90000'], /longer than the 19 hours/],
    [['--instruments', 'all'], /--instruments is for the tutorial model/],
  ])('refuses %j', async (args, message) => {
    const folder = tempFolder(FILES);
    const { code, stderr } = await cadenza(folder, ...ASK, ...args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(existsSync(join(folder, 'output.mid'))).toBe(false);
  });

  it('says what of a primer is left out, merged or moved', async () => {
    const files = {
      ...FILES,
      'mixed.mid': channelNotes([0, 60], [1, 120], [9, 40]),
      'drums.mid': channelNotes([9, 40]),
      'silent.mid': channelNotes(),
    };
    const folder = tempFolder(files);
    const play = (primer: string) =>
      cadenza(
        folder,
        'generate',
        '--model',
        'model.safetensors',
        '--primer',
        primer,
        '--notes',
        '2',
        '--quiet',
      );
    const mixed = await play('mixed.mid');
    expect(mixed.code).toBe(0);
    expect(mixed.stderr.trimEnd().split('\n')).toEqual([
      'cadenza: warning: mixed.mid: drums are left out',
      'cadenza: warning: mixed.mid: 2 instruments are heard as one piano',
      "cadenza: warning: mixed.mid: 1 note beyond the piano's keys is heard in the nearest octave on it",
    ]);
    expect((await play('drums.mid')).stderr).toMatch(/drums\.mid: holds nothing but drums/);
    expect((await play('silent.mid')).stderr).toMatch(/silent\.mid: holds no notes/);
  });

  it('tells which options the tutorial model does not know', async () => {
    const { code, stderr } = await cadenza(
      tempFolder(),
      'generate',
      '--model',
      'tutorial',
      '--max-polyphony',
      '2',
    );
    expect([code, stderr]).toEqual([
      1,
      'cadenza: --max-polyphony is for performance models; leave it out, or choose another --model\n',
    ]);
  });
});

describe('evaluate', () => {
  it.each(['performance', 'midi-like', 'note-tuples'])('measures a %s model in bits a note', async (name) => {
    const folder = tempFolder({
      'model.safetensors': tinyEventModel(name),
      'midi/a.mid': pieceBytes(1, 30),
      'midi/b.mid': pieceBytes(2, 45),
      'midi/bad.mid': 'no MIDI',
    });
    const { code, stdout, stderr } = await cadenza(folder, 'evaluate', 'model.safetensors', 'midi', '--json');
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^cadenza: warning: midi\/bad\.mid/)]);
    const { files, notes, bitsPerNote, pieces, skipped } = JSON.parse(stdout);
    expect([files, notes, skipped]).toEqual([2, 75, ['midi/bad.mid']]);
    const { total, interval, attributes } = bitsPerNote;
    const sum = Object.values(attributes as Record<string, number>).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(total, 5);
    expect(total).toBeGreaterThan(15);
    expect(total).toBeLessThan(50);
    expect(interval[0]).toBeLessThanOrEqual(total);
    expect(interval[1]).toBeGreaterThanOrEqual(total);
    const weighted = pieces.reduce(
      (sum: number, piece: Record<string, number>) => sum + piece.notes * piece.bitsPerNote,
      0,
    );
    expect(weighted / notes).toBeCloseTo(total, 9);
  });

  it('prints a table', async () => {
    const folder = tempFolder({ 'model.safetensors': tinyEventModel(), 'a.mid': pieceBytes(1, 30) });
    const { stdout } = await cadenza(folder, 'evaluate', 'model.safetensors', 'a.mid', '--quiet');
    expect(stdout).toMatch(
      /^files +1\nnotes +30\ntime +\d+\.\d{3}\nsymbol .*\nvelocity .*\nbits per note +\d+\.\d{3}\n95 %/,
    );
  });
});

describe('train', () => {
  const CORPUS = Object.fromEntries([1, 2, 3].map((seed) => [`midi/${seed}.mid`, pieceBytes(seed, 80)]));
  const SMALL = ['--preset', 'performance', '--layers', '1', '--hidden-size', '8', '--batch-size', '2'];

  it('makes a model that can be evaluated, played and gone on with', async () => {
    const folder = tempFolder(CORPUS);
    const args = ['train', 'midi', ...SMALL, '--epochs', '2', '--threads', '1', '--learning-rate', '0.01'];
    const { code, stdout, stderr } = await cadenza(folder, ...args);
    expect([code, stdout]).toEqual([0, 'runs/performance-001\n']);
    expect(stderr).toMatch(/Epoch 2: loss \d+\.\d{4}, .* \| validation loss \d+\.\d{4}, time/);
    const run = join(folder, 'runs/performance-001');
    expect(readdirSync(run).sort()).toEqual([
      'best.safetensors',
      'config.json',
      'last.safetensors',
      'losses.jsonl',
      'losses.svg',
    ]);
    const lines = readFileSync(join(run, 'losses.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const validation = lines.filter(({ split }) => split === 'validation').map(({ losses }) => losses.loss);
    expect(validation).toHaveLength(2);
    expect(validation[1]).toBeLessThan(validation[0]);

    const { data } = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'));
    const held = await cadenza(
      folder,
      'evaluate',
      run,
      join('midi', data.validation[0].split('/').at(-1)),
      '--json',
    );
    expect(JSON.parse(held.stdout).bitsPerNote.total).toBeCloseTo(Math.min(...validation), 4);
    expect((await cadenza(folder, 'generate', '--model', run, '--notes', '5', '--quiet')).code).toBe(0);
    expect((await cadenza(folder, 'summary', run)).stdout).toMatch(/lstm_0 \(LSTM\) +\(None, None, 8\)/);
    const resumed = await cadenza(folder, 'train', '--resume', run, '--epochs', '3');
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/Epoch 3:/);
  });

  it('goes on from the weights of another model, also after it is gone', async () => {
    const folder = tempFolder(CORPUS);
    const first = ['train', 'midi', ...SMALL, '--steps', '3', '--threads', '1', '--learning-rate', '0.01'];
    const begun = await cadenza(folder, ...first, '--transpose', '0', '--stretch', '0', '--out', 'first');
    expect([begun.code, begun.stderr]).toEqual([0, expect.stringMatching(/^All steps done after/m)]);
    const configOf = (run: string) => JSON.parse(readFileSync(join(folder, run, 'config.json'), 'utf8'));
    expect(configOf('first').options).toMatchObject({ steps: 3, augmentation: { transpose: 0, stretch: 0 } });
    const weightsOf = (run: string, name: string) => {
      const path = join(folder, run, `${name}.safetensors`);
      const { tensors } = decodeCheckpoint(readFileSync(path), path);
      return [...tensors].map(([name, { data }]) => [
        name,
        Array.from(data, (x) => (Math.abs(x) < 1e-20 ? 0 : x)),
      ]);
    };

    // With a learning rate of next to nothing it stays what it was.
    const second = ['train', 'midi', '--preset', 'performance', '--batch-size', '2', '--threads', '1'];
    const still = ['--learning-rate', '1e-30', '--steps', '1'];
    const args = [...second, ...still, '--from', 'first', '--out', 'second'];
    expect((await cadenza(folder, ...args)).code).toBe(0);
    expect(configOf('second').model).toEqual(configOf('first').model);
    expect(configOf('second').options.from).toBe(realpathSync(join(folder, 'first')));
    expect(weightsOf('second', 'best')).toEqual(weightsOf('first', 'best'));

    rmSync(join(folder, 'first'), { recursive: true });
    const resumed = await cadenza(folder, 'train', '--resume', 'second', '--steps', '2');
    expect([resumed.code, resumed.stderr]).toEqual([0, expect.stringMatching(/^Resuming after step 1$/m)]);
  });

  it('says why it cannot go on from a model', async () => {
    const folder = tempFolder({ ...CORPUS, 'other.safetensors': tinyEventModel('midi-like') });
    const begin = (...args: string[]) => cadenza(folder, 'train', 'midi', '--preset', 'performance', ...args);
    expect(await begin('--from', 'other.safetensors')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/other\.safetensors: is a midi-like model, .*--preset midi-like/),
    });
    expect(await begin('--from', 'tutorial')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/tutorial: is a tutorial model, .*--preset tutorial/),
    });
    expect(await begin('--from', 'maestro', '--hidden-size', '8')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/maestro: has a size already; leave out --layers and --hidden-size/),
    });
    const tutorial = await cadenza(folder, 'train', 'midi', '--transpose', '3');
    expect([tutorial.code, tutorial.stderr]).toEqual([
      1,
      expect.stringMatching(/leave out --transpose and --stretch/),
    ]);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  it('does not say of a tutorial model of other sizes that it is none', async () => {
    const { config, parameters } = new TutorialLstm(TINY_CONFIG);
    const tensors = namedViews(initialParameters(parameters, 1), parameters);
    const folder = tempFolder({ ...CORPUS, 'tiny.safetensors': encodeCheckpoint({ config, tensors }) });
    expect(await cadenza(folder, 'train', 'midi', '--from', 'tiny.safetensors')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /tiny\.safetensors: is a tutorial model of sizes that --preset tutorial does/,
      ),
    });
  });

  it('fixes the size of the tutorial model', async () => {
    const { code, stderr } = await cadenza(tempFolder(CORPUS), 'train', 'midi', '--layers', '1');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/tutorial model's size is fixed/)]);
  });
});
