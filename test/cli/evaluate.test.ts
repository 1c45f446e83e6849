import { describe, expect, it } from 'vitest';
import {
  encodeCheckpoint,
  encodeTutorial,
  initialParameters,
  namedViews,
  notesFromMidi,
  plainEngine,
  readMidi,
  TutorialLstm,
} from '../../src/index.js';
import { pieceBytes } from '../helpers/pieces.js';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';
import { TINY_CONFIG } from '../helpers/tiny-model.js';

const model = new TutorialLstm(TINY_CONFIG);
const parameters = initialParameters(model.parameters, 5);
const TINY = encodeCheckpoint({ config: model.config, tensors: namedViews(parameters, model.parameters) });
const { windowLength, lossWeights } = TINY_CONFIG;

/** Of 30, 17, 5 and 4 notes: 26 + 13 + 1 + 0 windows of 4 notes and a label. */
const LENGTHS = [30, 17, 5, 4];
const PIECES = LENGTHS.map((length, i) => pieceBytes(i, length));
const CORPUS = Object.fromEntries(PIECES.map((bytes, i) => [`midi/${i}.mid`, bytes]));

type Totals = Record<'duration_loss' | 'loss' | 'pitch_loss' | 'step_loss', number>;

/**
 * The mean losses, written out from their definitions: one window at a time, by the engine that is easy to
 * read.
 */
async function lossesByHand(stride: number): Promise<Totals & { windows: number }> {
  const program = await plainEngine('float64').compile(model.predictionGraph(1, parameters));
  const totals = { duration_loss: 0, loss: 0, pitch_loss: 0, step_loss: 0 };
  let windows = 0;
  for (const bytes of PIECES) {
    const notes = notesFromMidi(readMidi(bytes));
    const features = encodeTutorial(notes);
    for (let first = 0; first + windowLength < notes.length; first += stride) {
      const label = first + windowLength;
      const window = features.slice(3 * first, 3 * label);
      const { logits, step, duration } = await program.run({ window });
      const sum = [...logits].reduce((total, logit) => total + Math.exp(logit), 0);
      const pitch_loss = Math.log(sum) - logits[notes.pitch[label]];
      const squared = (actual: number, predicted: number) =>
        (actual - predicted) ** 2 + 10 * Math.max(0, -predicted);
      const step_loss = squared(notes.start[label] - notes.start[label - 1], step[0]);
      const duration_loss = squared(notes.end[label] - notes.start[label], duration[0]);
      const { pitch: p, step: s, duration: d } = lossWeights;
      totals.loss += p * pitch_loss + s * step_loss + d * duration_loss;
      totals.pitch_loss += pitch_loss;
      totals.step_loss += step_loss;
      totals.duration_loss += duration_loss;
      windows++;
    }
  }
  const means = Object.entries(totals).map(([name, total]) => [name, total / windows]);
  return { ...Object.fromEntries(means), windows };
}

const SMALL = ['--preset', 'performance', '--layers', '1', '--hidden-size', '8'];

async function evaluateJson(folder: string, ...args: string[]) {
  const command = ['evaluate', 'tiny.safetensors', 'midi', '--no-cache', '--json', ...args];
  const { code, stdout, stderr } = await runCadenza(command, { cwd: folder });
  expect(code).toBe(0);
  return { ...JSON.parse(stdout), stderr };
}

describe('cadenza evaluate', () => {
  const files = { ...CORPUS, 'tiny.safetensors': TINY };

  it.each([
    [1, 40],
    [3, 9 + 5 + 1],
    [100, 3],
  ])('--stride %i: the mean losses over %i windows, as worked out by hand', async (stride, windows) => {
    const expected = await lossesByHand(stride);
    expect(expected.windows).toBe(windows);
    const found = await evaluateJson(tempFolder(files), '--stride', String(stride));
    for (const name of ['loss', 'pitch_loss', 'step_loss', 'duration_loss'] as const) {
      expect(found[name]).toBeCloseTo(expected[name], 6);
    }
    expect(found.windows).toBe(windows);
  });

  it('--json is one object with counts, losses and their weights', async () => {
    const { stderr, seconds, ...result } = await evaluateJson(tempFolder(files));
    expect(stderr).toBe('');
    expect(seconds).toBeGreaterThan(0);
    expect(result).toEqual({
      model: 'tiny.safetensors',
      files: 4,
      notes: 56,
      windows: 40,
      stride: 1,
      loss: expect.any(Number),
      duration_loss: expect.any(Number),
      pitch_loss: expect.any(Number),
      step_loss: expect.any(Number),
      lossWeights: { pitch: 0.05, step: 1, duration: 1 },
      skipped: [],
    });
    const { loss, pitch_loss, step_loss, duration_loss } = result;
    expect(loss).toBeCloseTo(0.05 * pitch_loss + step_loss + duration_loss, 6);
  });

  it('prints a table for people, the weights included, and progress beside it', async () => {
    const args = ['evaluate', 'tiny.safetensors', 'midi', '--no-cache', '--stride', '2'];
    const { code, stdout, stderr } = await runCadenza(args, { cwd: tempFolder(files) });
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Evaluating: 4 files in [^\n]+\n$/)]);
    const rows = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(rows.slice(0, 4)).toEqual([
      ['files', '4'],
      ['notes', '56'],
      ['windows', '21'],
      ['stride', '2'],
    ]);
    expect(rows.slice(4).map(([name]) => name)).toEqual([
      'loss',
      'duration_loss',
      'pitch_loss',
      'step_loss',
      'loss = 0.05 × pitch_loss + 1 × step_loss + 1 × duration_loss',
      '',
    ]);
    for (const [, value] of rows.slice(4, 8)) expect(value).toMatch(/^\d+\.\d{6}$/);
  });

  it('skips bad files, and says so on standard error and in the JSON', async () => {
    const folder = tempFolder({ ...files, 'midi/bad.mid': 'this is no MIDI file', 'midi/empty.mid': '' });
    const { stderr, files: used, notes, windows, skipped } = await evaluateJson(folder);
    expect([used, notes, windows]).toEqual([4, 56, 40]);
    expect(skipped).toEqual(['midi/bad.mid', 'midi/empty.mid']);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^cadenza: warning: midi\/bad\.mid: .*not a MIDI file/),
      expect.stringMatching(/^cadenza: warning: midi\/empty\.mid: .*empty/),
      '',
    ]);
  });

  it('takes the split that a csv names, or a few files by seed', async () => {
    const csv = ['midi_filename,split', '0.mid,test', '1.mid,train', '2.mid,test', '3.mid,test'].join('\n');
    const folder = tempFolder({ ...files, 'midi/maestro.csv': csv });
    expect(await evaluateJson(folder, '--split', 'test')).toMatchObject({
      split: 'test',
      files: 3,
      windows: 27,
    });
    const few = await evaluateJson(folder, '--files', '2', '--seed', '1');
    expect(few.files).toBe(2);
    expect(await evaluateJson(folder, '--files', '2', '--seed', '1')).toMatchObject({ notes: few.notes });
  });

  it('--held-out measures what a training with the same seed does not learn from, and its copies', async () => {
    const folder = tempFolder({
      ...Object.fromEntries(PIECES.slice(0, 3).map((bytes, i) => [`a/${i}.mid`, bytes])),
      // A copy of a piece under another name, others under the same ones.
      'b/copy.mid': PIECES[0],
      'b/1.mid': pieceBytes(8, 12),
      'b/2.mid': pieceBytes(9, 21),
    });
    const names = new Set<string>();
    for (const seed of ['0', '1', '2', '3', '4', '5']) {
      const options = ['a', 'b', '--seed', seed, '--no-cache', '--json', '--threads', '1'];
      const training = await runCadenza(
        ['train', ...options, ...SMALL, '--steps', '1', '--out', `run-${seed}`],
        { cwd: folder },
      );
      const { validation } = JSON.parse(training.stdout.split('\n')[0]);
      const { code, stdout } = await runCadenza(['evaluate', `run-${seed}`, ...options, '--held-out'], {
        cwd: folder,
      });
      expect([training.code, code]).toEqual([0, 0]);
      const { names: files, notes } = validation;
      expect(JSON.parse(stdout)).toMatchObject({ heldOut: true, files: files.length, notes });
      for (const name of validation.names) names.add(name);
    }
    expect(names.size).toBeGreaterThan(1);
  }, 60_000);

  it('measures the shipped model by its name', async () => {
    const folder = tempFolder({ 'a.mid': pieceBytes(1, 160) });
    const args = ['evaluate', 'tutorial', 'a.mid', '--no-cache', '--json', '--threads', '1', '--quiet'];
    const { code, stdout, stderr } = await runCadenza(args, { cwd: folder });
    expect([code, stderr]).toEqual([0, '']);
    const { windows, loss, pitch_loss } = JSON.parse(stdout);
    expect(windows).toBe(10);
    expect(loss).toBeGreaterThan(0.05 * pitch_loss);
  });

  it.each([
    ['a corpus that is not there', ['gone'], /gone: no such file or folder/],
    ['a corpus without MIDI files', ['text'], /no MIDI file .* in text/],
    ['a corpus of bad files', ['bad'], /none of the 2 files could be used; first: bad\/x\.mid/],
    [
      'pieces without a window',
      ['short', 'bad'],
      /short, bad: no piece has more than the 4 notes .*bad\/x\.mid/,
    ],
    ['a split that no csv names', ['midi', '--split', 'test'], /none of the 4 files in midi is marked test/],
  ])('%s: one line, exit code 1', async (_, args, message) => {
    const folder = tempFolder({
      ...files,
      'text/readme.txt': '',
      'bad/x.mid': 'x',
      'bad/y.mid': 'y',
      'short/a.mid': PIECES[3],
    });
    const command = ['evaluate', 'tiny.safetensors', '--no-cache', ...args];
    const { code, stdout, stderr } = await runCadenza(command, { cwd: folder });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^(Evaluating: [^\n]+\n)?cadenza: [^\n]+\n$/);
    expect(stderr).toMatch(message);
  });

  it.each([
    ['no model', [], /missing required argument 'model'/],
    ['no corpus', ['tutorial'], /missing required argument 'paths'/],
    ['a stride of 0', ['tutorial', 'midi', '--stride', '0'], /at least 1/],
    ['a split of its own', ['tutorial', 'midi', '--split', 'mine'], /choices are train, validation, test/],
    ['no files', ['tutorial', 'midi', '--files', '0'], /at least 1/],
  ])('%s: exit code 2 and a hint at the help', async (_, args, message) => {
    const { code, stdout, stderr } = await runCadenza(['evaluate', ...args]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^cadenza: [^\n]+\nTry "cadenza evaluate --help"\.\n$/);
    expect(stderr).toMatch(message);
  });
});
