import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint } from '../../src/index.js';
import { pieceBytes } from '../helpers/pieces.js';
import { type RunOptions, type RunResult, runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** Two epochs of 5 steps; see cli-train.test.ts. */
const CORPUS = {
  'midi/a.mid': pieceBytes(1, 172),
  'midi/b.mid': pieceBytes(2, 172),
  'midi/c.mid': pieceBytes(3, 172),
};
const BEGIN = ['midi', '--batch-size', '8', '--epochs', '2', '--threads', '1', '--out', 'run'];
const RESUME = ['--resume', 'run'];
/** A checkpoint after every step. */
const OFTEN = ['--checkpoint-every', '0.0001'];

function train(folder: string, args: readonly string[], signal?: RunOptions['signal']): Promise<RunResult> {
  const env = { CADENZA_CACHE: join(folder, 'cache') };
  return runCadenza(['train', ...args], { cwd: folder, env, signal });
}

const linesOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0);
const loggedLines = (folder: string) => linesOf(join(folder, 'run/losses.jsonl'));
const has = (folder: string, file: string) => existsSync(join(folder, 'run', file));

/** Trains until `when` holds, and is killed then and there. */
async function trainUntilKilled(folder: string, args: readonly string[], when: () => boolean): Promise<void> {
  const { code, stderr } = await train(folder, args, { name: 'SIGKILL', when });
  expect(stderr).not.toMatch(/^cadenza: /m);
  expect(code).toBe(null);
}

/** Everything that a run came to, without the time it took. */
function outcome(run: string) {
  const last = decodeCheckpoint(readFileSync(join(run, 'last.safetensors')), 'last');
  const bytes = ({ data }: { data: Float32Array }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  const { seconds: _, ...state } = last.training!.state;
  return {
    weights: [...last.tensors].map(([name, tensor]) => [name, bytes(tensor)]),
    trainingTensors: [...last.training!.tensors].map(([name, tensor]) => [name, bytes(tensor)]),
    state,
    best: readFileSync(join(run, 'best.safetensors')).toString('base64'),
    losses: readFileSync(join(run, 'losses.jsonl'), 'utf8').replace(/"seconds":[\d.]+/g, ''),
    plot: readFileSync(join(run, 'losses.svg'), 'utf8'),
  };
}

describe('a run that was stopped', () => {
  const undisturbed = tempFolder(CORPUS, afterAll);
  let expected: ReturnType<typeof outcome>;

  beforeAll(async () => {
    const { code, stderr } = await train(undisturbed, BEGIN);
    expect([code, stderr]).toEqual([0, expect.stringContaining('All epochs done')]);
    expected = outcome(join(undisturbed, 'run'));
    expect(expected.losses.trimEnd().split('\n')).toHaveLength(12);
  });

  /** Compared piece by piece: the difference of two megabytes of weights is nothing to print. */
  function expectAsUndisturbed(folder: string): void {
    const found = outcome(join(folder, 'run'));
    expect(found.state).toEqual(expected.state);
    expect(found.losses).toBe(expected.losses);
    const same = (name: keyof typeof expected) =>
      JSON.stringify(found[name]) === JSON.stringify(expected[name]);
    expect(same('weights')).toBe(true);
    expect(same('trainingTensors')).toBe(true);
    expect(same('best')).toBe(true);
    expect(same('plot')).toBe(true);
  }

  it('killed before its first checkpoint, begins again', async () => {
    const folder = tempFolder(CORPUS);
    await trainUntilKilled(folder, BEGIN, () => loggedLines(folder) >= 2);
    expect(has(folder, 'last.safetensors')).toBe(false);
    const { code, stderr } = await train(folder, RESUME);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('Resuming')]);
    expectAsUndisturbed(folder);
  });

  it('killed amid an epoch, twice in a row and with a line and a file half written, comes to the same', async () => {
    const folder = tempFolder(CORPUS);
    await trainUntilKilled(folder, [...BEGIN, ...OFTEN], () => loggedLines(folder) >= 3);
    expect(has(folder, 'last.safetensors')).toBe(true);
    await trainUntilKilled(folder, [...RESUME, ...OFTEN], () => loggedLines(folder) >= 8);
    appendFileSync(join(folder, 'run/losses.jsonl'), '{"epoch":1.2,"spl');
    writeFileSync(join(folder, 'run/.last.safetensors.0123456789ab.tmp'), 'half a checkpoint');
    const { code, stderr } = await train(folder, RESUME);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Resuming after step [67]$/m)]);
    expect(has(folder, '.last.safetensors.0123456789ab.tmp')).toBe(false);
    expectAsUndisturbed(folder);
  });

  it("killed while an epoch's end is being saved, comes to the same", async () => {
    const folder = tempFolder(CORPUS);
    await trainUntilKilled(folder, BEGIN, () => has(folder, 'best.safetensors'));
    expect((await train(folder, RESUME)).code).toBe(0);
    expectAsUndisturbed(folder);
  });

  it('by an interrupt, saves where it was and tells how to go on', async () => {
    const folder = tempFolder(CORPUS);
    const stopped = await train(folder, BEGIN, { name: 'SIGINT', when: () => loggedLines(folder) >= 2 });
    expect([stopped.code, stopped.stdout]).toEqual([130, 'run\n']);
    expect(stopped.stderr).toContain('Interrupted; go on with: cadenza train --resume run\n');
    const resumed = await train(folder, RESUME);
    expect([resumed.code, resumed.stderr]).toEqual([
      0,
      expect.stringMatching(/^Resuming after step [2-9]$/m),
    ]);
    expectAsUndisturbed(folder);
  });

  it('by an interrupt while its last epoch is being finished, is done all the same', async () => {
    const folder = tempFolder(CORPUS);
    const lastStep = ({ stdout }: RunResult) => stdout.includes('"epoch":2,"step":5,');
    const { code, stdout } = await train(folder, [...BEGIN, '--json'], { name: 'SIGINT', when: lastStep });
    expect([code, JSON.parse(stdout.trimEnd().split('\n').at(-1)!)]).toMatchObject([0, { reason: 'epochs' }]);
    expectAsUndisturbed(folder);
  });

  it('by an interrupt while it still reads its corpus, ends at once and leaves nothing', async () => {
    const folder = tempFolder(CORPUS);
    execFileSync('mkfifo', [join(folder, 'z.mid')]); // nobody writes to it, so that reading it lasts for ever
    const when = () => existsSync(join(folder, 'cache')); // the file before it has been read
    const { code, stdout } = await train(folder, ['midi/a.mid', 'z.mid'], { name: 'SIGINT', when });
    expect([code, stdout]).toEqual([null, '']);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  it('by its limit of epochs, goes on with a higher one as if it had had that from the start', async () => {
    const folder = tempFolder(CORPUS);
    const oneEpoch = BEGIN.map((arg) => (arg === '2' ? '1' : arg));
    expect((await train(folder, oneEpoch)).code).toBe(0);
    const when = () => loggedLines(folder) >= 8;
    const interrupted = await train(folder, [...RESUME, '--epochs', '2'], { name: 'SIGTERM', when });
    expect(interrupted.code).toBe(130);
    // The run's own limit is 1: without the option there would be nothing left to do.
    expect(interrupted.stderr).toContain('go on with: cadenza train --resume run --epochs 2\n');
    expect((await train(folder, [...RESUME, '--epochs', '2'])).code).toBe(0);
    expectAsUndisturbed(folder);
  });

  it('is resumed from anywhere, whatever its paths were', async () => {
    const folder = tempFolder({ ...CORPUS, 'z.mid': pieceBytes(4, 172), 'elsewhere/file': '' });
    // Named absolutely, z.mid comes before the files of a folder, which are named from there; relatively,
    // after them.
    const began = await train(folder, [
      'midi',
      'z.mid',
      '--epochs',
      '1',
      '--batch-size',
      '32',
      '--out',
      'run',
    ]);
    expect(began.code).toBe(0);
    const { code, stderr } = await train(join(folder, 'elsewhere'), ['--resume', '../run']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('Nothing left to do')]);
  });

  it('at its end, has nothing left to do and stays as it is', async () => {
    const files = ['config.json', 'losses.jsonl', 'last.safetensors', 'best.safetensors', 'losses.svg'];
    const read = () => files.map((file) => readFileSync(join(undisturbed, 'run', file)).toString('base64'));
    const before = read();
    const { code, stdout, stderr } = await train(undisturbed, RESUME);
    expect([code, stdout]).toEqual([0, 'run\n']);
    expect(stderr).toMatch(/^Nothing left to do after .*, best epoch \d$/m);
    expect(read().every((content, i) => content === before[i])).toBe(true);
  });

  describe('is not resumed, and why is said in one line, when', () => {
    type Change = (folder: string) => unknown;
    const inRun = (file: string, change: (content: Buffer) => string | Uint8Array) => (folder: string) => {
      const path = join(folder, 'run', file);
      writeFileSync(path, change(readFileSync(path)));
    };
    const edited = (change: (config: { model: object; options: object }) => object) =>
      inRun('config.json', (json) => JSON.stringify(change(JSON.parse(json.toString()))));

    it.each<[string, Change, RegExp]>([
      [
        'a file is gone',
        (folder) => rmSync(join(folder, 'midi/b.mid')),
        /no longer .*\(it lacks b\.mid\); restore/,
      ],
      [
        'a file is new',
        (folder) => writeFileSync(join(folder, 'midi/d.mid'), pieceBytes(4, 172)),
        /no longer .*\(it has d\.mid too\); restore/,
      ],
      [
        'a file has changed',
        (folder) => writeFileSync(join(folder, 'midi/b.mid'), pieceBytes(4, 172)),
        /no longer .*\(its files have changed\); restore/,
      ],
      [
        'the corpus is gone',
        (folder) => rmSync(join(folder, 'midi'), { recursive: true }),
        /midi: no such file/,
      ],
      [
        'its checkpoint is cut short',
        inRun('last.safetensors', (bytes) => bytes.subarray(0, -9)),
        /cut short/,
      ],
      [
        'its checkpoint holds no training state',
        (folder) => cpSync(join(folder, 'run/best.safetensors'), join(folder, 'run/last.safetensors')),
        /last\.safetensors: holds no training state/,
      ],
      [
        'its log is damaged',
        inRun('losses.jsonl', () => '{}\n'),
        /losses\.jsonl: line 1 is not a loss record/,
      ],
      [
        'its configuration is cut short',
        inRun('config.json', (json) => json.subarray(0, 99)),
        /config\.json: not a JSON/,
      ],
      [
        'an option in its configuration is gone',
        edited((config) => ({ ...config, options: { ...config.options, epochs: undefined } })),
        /config\.json: options\.epochs is not/,
      ],
      [
        'an option in its configuration is none that anybody could have chosen',
        edited((config) => ({ ...config, options: { ...config.options, batchSize: 2 ** 53 } })),
        /config\.json: options\.batchSize is 9007199254740992, expected a whole number from 1 to 65536; restore/,
      ],
      [
        'its configuration is of another model',
        edited((config) => ({ ...config, model: { ...config.model, hiddenSize: 64 } })),
        /config\.json: model is not/,
      ],
      [
        'there is no run',
        (folder) => rmSync(join(folder, 'run'), { recursive: true }),
        /run: no such folder/,
      ],
    ])('%s', async (_, change, message) => {
      const folder = tempFolder(CORPUS);
      cpSync(join(undisturbed, 'run'), join(folder, 'run'), { recursive: true });
      moveCorpus(folder);
      change(folder);
      const { code, stdout, stderr } = await train(folder, RESUME);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^(Reading: .*\n)?cadenza: [^\n]+\n$/);
      expect(stderr).toMatch(message);
    });
  });

  it('is not resumed while another process trains in it', async () => {
    const folder = tempFolder(CORPUS);
    let second: RunResult | undefined;
    let started = false;
    const when = () => {
      if (!started && loggedLines(folder) > 0) {
        started = true;
        train(folder, RESUME).then((result) => {
          second = result;
        });
      }
      return second !== undefined;
    };
    const forLong = BEGIN.map((arg) => (arg === '2' ? '1000' : arg));
    expect((await train(folder, forLong, { name: 'SIGINT', when })).code).toBe(130);
    expect(second?.code).toBe(1);
    expect(second?.stderr).toMatch(/^cadenza: run: process \d+ is training in this folder; [^\n]+\n$/);
  });
});

/** A copied run's corpus is where the original lay: points its configuration at the copy's. */
function moveCorpus(folder: string): void {
  const path = join(folder, 'run/config.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  config.data.paths = [join(folder, 'midi')];
  writeFileSync(path, JSON.stringify(config));
}
