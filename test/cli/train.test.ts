import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, modelFromCheckpoint } from '../../src/index.js';
import { midiBytes } from '../helpers/midi-bytes.js';
import { pieceBytes } from '../helpers/pieces.js';
import { type RunResult, runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** 22 windows a piece: with one of them held out, an epoch is 5 batches of 8, and 4 windows are left over. */
const CORPUS = {
  'midi/a.mid': pieceBytes(1, 172),
  'midi/b.mid': pieceBytes(2, 172),
  'midi/c.mid': pieceBytes(3, 172),
};
const STEPS = 5;
const QUICK = ['--batch-size', '8', '--epochs', '1', '--threads', '1'];

function train(folder: string, ...args: string[]): Promise<RunResult> {
  return runCadenza(['train', ...args], { cwd: folder, env: { CADENZA_CACHE: join(folder, 'cache') } });
}

/** One line about what failed, after whatever progress was reported, and exit code 1. */
function expectFailure({ code, stderr }: RunResult, message: RegExp): void {
  const errors = stderr.split('\n').filter((line) => /^cadenza: (?!warning: )/.test(line));
  expect(errors).toEqual([expect.stringMatching(message)]);
  expect(stderr.endsWith(`${errors[0]}\n`)).toBe(true);
  expect(stderr).not.toMatch(/\n\s+at |bug/);
  expect(code).toBe(1);
}

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function readLosses(run: string) {
  const lines = readFileSync(join(run, 'losses.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}

describe('a run', () => {
  const folder = tempFolder(CORPUS, afterAll);
  const run = join(folder, 'runs/tutorial-001');
  let result: RunResult;

  beforeAll(async () => {
    result = await train(folder, 'midi', ...QUICK, '--seed', '3');
  });

  it('tells how it went, and prints the folder alone to standard output', () => {
    const { code, stdout, stderr } = result;
    expect([code, stdout]).toEqual([0, 'runs/tutorial-001\n']);
    const losses = /loss \d\.\d{4}, duration \d\.\d{4}, pitch \d\.\d{4}, step \d\.\d{4}/.source;
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^Reading: 3 files in /),
      'Training on 2 pieces (344 notes), validating on 1 pieces (172 notes); into runs/tutorial-001',
      expect.stringMatching(/^Epoch 1: 5 steps in /),
      expect.stringMatching(new RegExp(`^Epoch 1: ${losses} \\| validation ${losses} \\*$`)),
      expect.stringMatching(/^All epochs done after .*, best epoch 1$/),
      '',
    ]);
  });

  it('leaves a folder with all that it came to, and nothing else', () => {
    expect(readdirSync(run).sort()).toEqual([
      'best.safetensors',
      'config.json',
      'last.safetensors',
      'losses.jsonl',
      'losses.svg',
    ]);
    expect(readFileSync(join(run, 'losses.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\s*$/s);
  });

  it('notes in config.json what it takes to repeat it', () => {
    const { preset, data, options, seed, versions } = readJson(join(run, 'config.json'));
    expect([preset, seed]).toEqual(['tutorial', 3]);
    expect(data.paths).toEqual([join(folder, 'midi')]);
    expect([...data.train, ...data.validation].sort()).toEqual(['a.mid', 'b.mid', 'c.mid']);
    expect(data.validation).toHaveLength(1);
    expect(options).toEqual({
      batchSize: 8,
      epochs: 1,
      learningRate: 0.005,
      monitor: 'validation',
      patience: 5,
      threads: 1,
      validationStride: 1,
    });
    expect(Object.keys(versions).sort()).toEqual(['cadenza', 'node', 'onnxruntime']);
  });

  it('logs the losses of every step of so short an epoch, and of the validation', () => {
    const records = readLosses(run);
    expect(records.map(({ epoch, split, updates }) => [epoch, split, updates])).toEqual([
      [0.2, 'train', 1],
      [0.4, 'train', 2],
      [0.6, 'train', 3],
      [0.8, 'train', 4],
      [1, 'train', 5],
      [1, 'validation', 5],
    ]);
    for (const { losses, seconds } of records) {
      const { loss, duration_loss, pitch_loss, step_loss } = losses;
      expect(loss).toBeCloseTo(0.05 * pitch_loss + step_loss + duration_loss, 5);
      expect(pitch_loss).toBeLessThan(6);
      expect(seconds).toBeGreaterThan(0);
    }
  });

  it('keeps the best weights, and the last with the state to go on from', () => {
    const read = (name: string) => decodeCheckpoint(readFileSync(join(run, name)), name);
    const [best, last] = [read('best.safetensors'), read('last.safetensors')];
    expect(best.training).toBeUndefined();
    expect(last.training?.state).toMatchObject({ position: { epoch: 2, step: 0, updates: STEPS } });
    // After a single epoch they are the same.
    const [ours, theirs] = [best, last].map((checkpoint) => modelFromCheckpoint(checkpoint).parameters);
    expect(Buffer.compare(new Uint8Array(ours.buffer), new Uint8Array(theirs.buffer))).toBe(0);
  });

  it('is not overwritten by another run, nor by the next default one', async () => {
    const before = readFileSync(join(run, 'config.json'));
    const again = await train(folder, 'midi', ...QUICK, '--out', run);
    expectFailure(again, /already holds a run .*--resume .*--out/);
    expect(readFileSync(join(run, 'config.json'))).toEqual(before);

    const results = await Promise.all([1, 2].map(() => train(folder, 'midi', ...QUICK, '--quiet')));
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(results.map(({ stdout }) => stdout).sort()).toEqual([
      'runs/tutorial-002\n',
      'runs/tutorial-003\n',
    ]);
    // With the seed, a run is the same whenever it is made.
    const weights = ['002', '003'].map((n) =>
      readFileSync(join(folder, `runs/tutorial-${n}/best.safetensors`)),
    );
    expect(weights[0].equals(weights[1])).toBe(true);
    expect(weights[0].equals(readFileSync(join(run, 'best.safetensors')))).toBe(false);
  });

  it('shared by two threads comes to the same losses, up to rounding', async () => {
    const args = ['midi', ...QUICK, '--seed', '3', '--threads', '2', '--monitor', 'train', '--out', 'shared'];
    expect((await train(folder, ...args)).code).toBe(0);
    const shared = join(folder, 'shared');
    expect(readJson(join(shared, 'config.json')).options).toMatchObject({ threads: 2, monitor: 'train' });
    const [ours, theirs] = [run, shared].map((path) => readLosses(path)[STEPS - 1].losses.loss);
    expect(theirs).toBeCloseTo(ours, 4);
  });
});

describe('options', () => {
  it('--json prints nothing but JSON lines: start, steps, validation, epochs, end', async () => {
    const { code, stdout, stderr } = await train(
      tempFolder(CORPUS),
      'midi',
      ...QUICK,
      '--json',
      '--out',
      'run',
    );
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const types = ['start', ...Array(STEPS).fill('step'), 'validation', 'epoch', 'end'];
    expect(lines.map(({ type }) => type)).toEqual(types);
    const [start, step] = lines;
    expect(start).toMatchObject({ folder: 'run', problems: [], updates: 0, options: { batchSize: 8 } });
    expect([...start.train.names, ...start.validation.names].sort()).toEqual(['a.mid', 'b.mid', 'c.mid']);
    const names = ['duration_loss', 'loss', 'pitch_loss', 'step_loss'];
    expect(step).toMatchObject({ epoch: 1, step: 1, stepsPerEpoch: STEPS, updates: 1 });
    expect([Object.keys(step.losses).sort(), step.losses]).toEqual([names, step.meanLosses]);
    expect(lines.at(-2)).toMatchObject({ epoch: 1, improved: true, end: 'epochs', updates: STEPS });
    expect(Object.keys(lines.at(-2).validation).sort()).toEqual(names);
    expect(lines.at(-1)).toMatchObject({ reason: 'epochs', folder: 'run', bestEpoch: 1 });
  });

  it.each([
    ['nothing to learn from', [], /missing argument 'paths'/],
    ['a batch of nothing', ['midi', '--batch-size', '0'], /from 1 to 65536/],
    ['half an epoch', ['midi', '--epochs', '0.5'], /whole number of at least 1/],
    ['a learning rate of 0', ['midi', '--learning-rate', '0'], /above 0/],
    ['too many threads', ['midi', '--threads', '65'], /from 1 to 64/],
    ['an unknown preset', ['midi', '--preset', 'other'], /choices are tutorial/],
    ['a monitor of nothing', ['midi', '--monitor', 'test'], /choices are validation, train/],
    ['paths to a resumed run', ['midi', '--resume', 'run'], /--resume .* leave out midi/],
    [
      'options to a resumed run',
      ['--resume', 'run', '--batch-size', '8'],
      /--resume .* leave out --batch-size/,
    ],
    ['another seed to a resumed run', ['--resume', 'run', '--seed', '0'], /leave out --seed/],
    ['another folder to a resumed run', ['--resume', 'run', '--out', 'other'], /leave out --out/],
  ])('%s: exit code 2 and a hint at the help', async (_, args, message) => {
    const { code, stdout, stderr } = await train(tempFolder(), ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^cadenza: [^\n]+\nTry "cadenza train --help"\.\n$/);
  });
});

describe('a corpus', () => {
  it('is used without what is of no use in it, and says so', async () => {
    const folder = tempFolder({
      ...CORPUS,
      'midi/bad.mid': 'this is no MIDI file',
      'midi/cut.mid': CORPUS['midi/a.mid'].subarray(0, 10),
      'midi/short.mid': pieceBytes(4, 150),
    });
    const { code, stderr } = await train(folder, 'midi', ...QUICK, '--out', 'run');
    expect(code).toBe(0);
    expect(stderr.split('\n').filter((line) => line.startsWith('cadenza: '))).toEqual([
      expect.stringMatching(/^cadenza: warning: \S+\/bad\.mid: .*not a MIDI file/),
      expect.stringMatching(/^cadenza: warning: \S+\/cut\.mid/),
      expect.stringMatching(/^cadenza: warning: 1 of 4 pieces left out.* 150 notes of a window: short\.mid$/),
    ]);
    expect(stderr).toContain('Training on 2 pieces (344 notes), validating on 1 pieces (172 notes)');
  });

  it('of a single piece trains without validation', async () => {
    const folder = tempFolder({ 'a.mid': CORPUS['midi/a.mid'] });
    const { code, stderr } = await train(folder, 'a.mid', ...QUICK, '--out', 'run');
    expect(code).toBe(0);
    expect(stderr).toContain('Training on 1 pieces (172 notes), validating on 0 pieces (0 notes)');
    expect(stderr).not.toContain('| validation');
    expect(existsSync(join(folder, 'run/best.safetensors'))).toBe(true);
  });

  it.each([
    ['without a MIDI file', { 'midi/readme.txt': 'no music here' }, /no MIDI file .* in \S+midi/],
    ['that is not there', {}, /midi: no such file or folder/],
    ['of bad files', { 'midi/a.mid': 'x', 'midi/b.mid': '' }, /none of the 2 files could be used; first: /],
    [
      'of short pieces',
      { 'midi/a.mid': midiBytes([60, 62]), 'midi/b.mid': pieceBytes(1, 150), 'midi/c.mid': 'x' },
      /midi: no piece has more than the 150 notes of a window; .*c\.mid/,
    ],
  ])('%s: one line, exit code 1, no run folder', async (_, files, message) => {
    const folder = tempFolder(files);
    expectFailure(await train(folder, 'midi', ...QUICK), message);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });
});

describe('a training that diverges', () => {
  it('ends with one line; the checkpoints before it can be read', async () => {
    const folder = tempFolder(CORPUS);
    const args = ['midi', ...QUICK, '--learning-rate', '1e30', '--checkpoint-every', '0.001', '--out', 'run'];
    const message = /the loss became NaN in epoch 1, step 2; .*smaller learning rate than 1e\+30/;
    expectFailure(await train(folder, ...args), message);
    const last = decodeCheckpoint(readFileSync(join(folder, 'run/last.safetensors')), 'last');
    expect(modelFromCheckpoint(last).parameters).toHaveLength(265_602);
    expectFailure(await train(folder, '--resume', 'run'), message);
  });

  it('to weights that cannot be saved: says what came first', async () => {
    const folder = tempFolder(CORPUS);
    const result = await train(folder, 'midi', ...QUICK, '--learning-rate', '1e39', '--out', 'run');
    expectFailure(result, /the loss became NaN in epoch 1, step 2/);
    expect(existsSync(join(folder, 'run/last.safetensors'))).toBe(false);
  });
});
