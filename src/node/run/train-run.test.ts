import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { pieceBytes } from '../../../test/helpers/pieces.js';
import { tempFolder } from '../../../test/helpers/temp-folder.js';
import { type RunProgress, trainRun } from './train-run.js';

const before = process.cwd();
afterEach(() => process.chdir(before));

describe('trainRun', () => {
  it('makes a folder of its own for each of several runs that begin at once', async () => {
    const folder = tempFolder({ 'midi/a.mid': pieceBytes(1, 152), 'midi/b.mid': pieceBytes(2, 152) });
    process.chdir(folder);
    const runs = Array.from({ length: 3 }, () => trainRun({ paths: ['midi'], cache: false }));
    const starts = await Promise.all(runs.map((run) => run.next()));
    const folders = starts.map(({ value }) => (value as RunProgress & { type: 'start' }).folder);
    expect(folders.map((path) => path.replaceAll('\\', '/')).sort()).toEqual([
      'runs/tutorial-001',
      'runs/tutorial-002',
      'runs/tutorial-003',
    ]);
    for (const run of runs) await run.return();
    // Left before its first step, a run gives its folder free and has nothing else to save.
    for (const path of folders) expect(readdirSync(path).sort()).toEqual(['config.json', 'losses.jsonl']);
  });

  it('can be stopped while the held-out pieces are judged, and judges them when it goes on', async () => {
    const folder = tempFolder({ 'a.mid': pieceBytes(1, 154), 'b.mid': pieceBytes(2, 154) });
    const options = { paths: [folder], cache: false, batchSize: 2, epochs: 1, threads: 1 };
    const runIn = async (out: string, signal?: AbortSignal, stop?: () => void) => {
      const seen: RunProgress[] = [];
      for await (const progress of trainRun({ ...options, out, signal })) {
        seen.push(progress);
        if (progress.type === 'validation') stop?.();
      }
      return seen;
    };
    const whole = await runIn(join(folder, 'whole'));
    const controller = new AbortController();
    const out = join(folder, 'stopped');
    const stopped = await runIn(out, controller.signal, () => controller.abort());
    expect(stopped.map(({ type }) => type)).toEqual(['start', 'step', 'step', 'validation', 'end']);
    expect(stopped.at(-1)).toMatchObject({ reason: 'interrupted' });
    const resumed: RunProgress[] = [];
    for await (const progress of trainRun({ resume: out, cache: false })) resumed.push(progress);
    expect(resumed.map(({ type }) => type)).toEqual(['start', 'validation', 'epoch', 'end']);
    const epochOf = (run: RunProgress[]) => {
      const { snapshot, ...told } = run.find(({ type }) => type === 'epoch') as RunProgress & {
        type: 'epoch';
      };
      return told;
    };
    expect(epochOf(resumed)).toEqual(epochOf(whole));
  });

  it('begins with the weights it was to begin with, even if it was stopped before it kept them', async () => {
    const folder = tempFolder({ 'a.mid': pieceBytes(1, 154) });
    const options = {
      paths: [join(folder, 'a.mid')],
      from: 'tutorial',
      threads: 1,
      cache: false,
      batchSize: 2,
      epochs: 1,
    };
    const out = join(folder, 'run');
    for await (const progress of trainRun({ ...options, out })) if (progress.type === 'start') break;
    expect(existsSync(join(out, 'last.safetensors'))).toBe(false);
    const firstLoss = async (run: AsyncGenerator<RunProgress>) => {
      for await (const progress of run) if (progress.type === 'step') return progress.losses.loss;
      return undefined;
    };
    const resumed = await firstLoss(trainRun({ resume: out, cache: false }));
    expect(resumed).toBe(await firstLoss(trainRun({ ...options, out: join(folder, 'whole') })));
    const { from: _, ...fresh } = options;
    expect(resumed).not.toBe(await firstLoss(trainRun({ ...fresh, out: join(folder, 'fresh') })));
  });

  it('takes patterns of its own folder, whatever that is called', async () => {
    const folder = tempFolder({ 'Music (1) [x]/midi/a.mid': pieceBytes(1, 154) });
    process.chdir(join(folder, 'Music (1) [x]'));
    const options = { paths: ['midi/*.mid'], out: 'run', threads: 1, cache: false, batchSize: 1, epochs: 1 };
    for await (const progress of trainRun(options)) if (progress.type === 'step') break;
    process.chdir(folder);
    const resumed: RunProgress[] = [];
    for await (const progress of trainRun({ resume: join('Music (1) [x]', 'run'), cache: false }))
      resumed.push(progress);
    expect(resumed.at(-1)).toMatchObject({ type: 'end', reason: 'epochs' });
  });

  it('saves what was trained when it is left, and goes on from there', async () => {
    const folder = tempFolder({ 'a.mid': pieceBytes(1, 154) });
    const out = join(folder, 'run');
    const options = {
      paths: [join(folder, 'a.mid')],
      out,
      cache: false,
      batchSize: 1,
      epochs: 1,
      threads: 1,
    };
    for await (const progress of trainRun(options)) if (progress.type === 'step') break;
    expect(existsSync(join(out, 'last.safetensors'))).toBe(true);
    const resumed: RunProgress[] = [];
    for await (const progress of trainRun({ resume: out, cache: false })) resumed.push(progress);
    expect(resumed[0]).toMatchObject({ type: 'start', updates: 1 });
    expect(resumed.map(({ type }) => type)).toEqual(['start', 'step', 'step', 'step', 'epoch', 'end']);
  });
});
