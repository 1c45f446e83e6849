import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LossRecord } from '../../charts/loss-plot.js';
import { CadenzaError } from '../../errors.js';
import { createRun, defaultRunFolder, openRun, type RunConfig, readRunConfig } from './run-folder.js';

const CONFIG: Omit<RunConfig, 'formatVersion'> = {
  preset: 'tutorial',
  model: { kind: 'tutorial-lstm', formatVersion: 1 },
  data: { paths: ['/music'], train: ['a.mid'], validation: [], fingerprint: 'f' },
  options: { batchSize: 64 },
  seed: 7,
  versions: { cadenza: '0.1.0' },
};

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cadenza-run-'));
  folder = join(root, 'runs', 'tutorial-001');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const record = (epoch: number): LossRecord => ({ epoch, split: 'train', losses: { loss: 1 / epoch } });
const logText = () => readFileSync(join(folder, 'losses.jsonl'), 'utf8');
const logLines = (...records: LossRecord[]) => records.map((entry) => `${JSON.stringify(entry)}\n`).join('');

async function expectError(action: Promise<unknown>, message: string | RegExp): Promise<void> {
  await expect(action).rejects.toThrow(message);
  await expect(action).rejects.toThrow(CadenzaError);
  await expect(action).rejects.toThrow(/^[^\n]+; [^\n]+$/);
}

describe('a run', () => {
  it('keeps what it is given', async () => {
    const run = await createRun(folder, CONFIG);
    run.appendLoss(record(1));
    run.appendLoss(record(2));
    await run.saveCheckpoint('last', Uint8Array.of(1, 2));
    await run.saveCheckpoint('best', Uint8Array.of(1));
    await run.saveCheckpoint('last', Uint8Array.of(3));
    await run.savePlot('<svg/>');
    run.close();
    run.close();
    expect(() => run.appendLoss(record(3))).toThrow('closed');
    const files = ['best.safetensors', 'config.json', 'last.safetensors', 'losses.jsonl', 'losses.svg'];
    expect(readdirSync(folder).sort()).toEqual(files);
    expect(logText()).toBe(logLines(record(1), record(2)));
    expect(readFileSync(join(folder, 'losses.svg'), 'utf8')).toBe('<svg/>');

    const again = await openRun(folder);
    expect(again.config).toEqual({ formatVersion: 1, ...CONFIG });
    expect(again.losses).toEqual([record(1), record(2)]);
    expect([...(await again.readCheckpoint('last'))]).toEqual([3]);
    expect([...(await again.readCheckpoint('best'))]).toEqual([1]);
    again.close();
  });

  it('is never started on top of another', async () => {
    (await createRun(folder, CONFIG)).close();
    await expectError(
      createRun(folder, CONFIG),
      `${folder}: already holds a run (config.json); continue it with --resume ${folder}, or choose another`,
    );
    rmSync(join(folder, 'config.json'));
    await expectError(createRun(folder, CONFIG), 'already holds a run (losses.jsonl)');
    expect(readdirSync(folder)).toEqual(['losses.jsonl']);
  });

  it('may be started in a folder that holds other things, but not in a file', async () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    (await createRun(folder, CONFIG)).close();
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    await expectError(createRun(join(folder, 'notes.txt'), CONFIG), /notes\.txt: is a file; .*--out/);
    await expect(createRun(join(folder, 'notes.txt', 'run'), CONFIG)).rejects.toThrow(CadenzaError);
  });

  it('belongs to one process at a time', async () => {
    const run = await createRun(folder, CONFIG);
    await expectError(openRun(folder), 'is training in this folder');
    await expectError(createRun(folder, CONFIG), 'is training in this folder');
    expect((await readRunConfig(folder)).seed).toBe(7);
    run.close();
    (await openRun(folder)).close();
  });

  it('goes on from its checkpoint after a kill, wherever that struck', async () => {
    const records = [1, 2, 3, 4].map(record);
    const full = logLines(...records);
    await fc.assert(
      fc.asyncProperty(fc.nat(full.length), fc.nat(4), async (cut, known) => {
        rmSync(folder, { recursive: true, force: true });
        (await createRun(folder, CONFIG)).close();
        writeFileSync(join(folder, 'losses.jsonl'), full.slice(0, cut));
        const complete = full.slice(0, cut).split('\n').length - 1;
        const run = await openRun(folder);
        expect(run.losses).toEqual(records.slice(0, complete));
        expect(logText()).toBe(logLines(...records.slice(0, complete)));
        await run.truncateLosses(known);
        const kept = records.slice(0, Math.min(known, complete));
        expect(run.losses).toEqual(kept);
        run.appendLoss(record(9));
        run.close();
        expect(logText()).toBe(logLines(...kept, record(9)));
      }),
      { numRuns: 60 },
    );
  });

  it('is cleared of temporary files that a kill left', async () => {
    (await createRun(folder, CONFIG)).close();
    writeFileSync(join(folder, '.last.safetensors.0123456789ab.tmp'), 'half');
    writeFileSync(join(folder, '.other.tmp'), 'mine');
    (await openRun(folder)).close();
    expect(readdirSync(folder).sort()).toEqual(['.other.tmp', 'config.json', 'losses.jsonl']);
  });

  it('logs losses that are not finite', async () => {
    const run = await createRun(folder, CONFIG);
    run.appendLoss({ epoch: 1, split: 'validation', losses: { loss: Number.NaN, pitch: 2 } });
    run.close();
    const again = await openRun(folder);
    expect(again.losses).toEqual([{ epoch: 1, split: 'validation', losses: { loss: Number.NaN, pitch: 2 } }]);
    again.close();
  });

  it('opens without a log, and says which checkpoint is missing', async () => {
    (await createRun(folder, CONFIG)).close();
    rmSync(join(folder, 'losses.jsonl'));
    const run = await openRun(folder);
    expect(run.losses).toEqual([]);
    await expectError(
      run.readCheckpoint('last'),
      /last\.safetensors: no such file, the run was stopped before/,
    );
    run.close();
  });

  it.each([
    'what',
    '[]',
    '{"epoch":1,"split":"test","losses":{}}',
    '{"epoch":"1","split":"train","losses":{}}',
    '{"epoch":1,"split":"train","losses":null}',
    '{"epoch":1,"split":"train","losses":{"loss":"1"}}',
    'null',
  ])('refuses the log line %s', async (line) => {
    (await createRun(folder, CONFIG)).close();
    appendFileSync(join(folder, 'losses.jsonl'), `${logLines(record(1))}${line}\n${logLines(record(2))}`);
    await expectError(openRun(folder), /losses\.jsonl: line 2 is not a loss record; delete it/);
    expect(readdirSync(folder)).not.toContain('lock');
  });

  it.each<[string, RegExp]>([
    ['{', /config\.json: not a JSON object;/],
    ['null', /config\.json: not a JSON object;/],
    ['{}', /formatVersion is missing/],
    [JSON.stringify({ ...CONFIG, formatVersion: 2 }), /run format 2 is newer than 1, .*; update Cadenza/],
    [JSON.stringify({ ...CONFIG, formatVersion: 1, model: null }), /model\.kind is missing/],
    [
      JSON.stringify({ ...CONFIG, formatVersion: 1, data: { ...CONFIG.data, paths: [1] } }),
      /data\.paths is missing or not/,
    ],
    [JSON.stringify({ ...CONFIG, formatVersion: 1, data: { paths: [] } }), /data\.train is missing or not/],
    [JSON.stringify({ ...CONFIG, formatVersion: 1, seed: '7' }), /seed is missing or not/],
  ])('refuses the config %s', async (text, message) => {
    (await createRun(folder, CONFIG)).close();
    writeFileSync(join(folder, 'config.json'), text);
    await expectError(openRun(folder), message);
  });

  it('is not opened where there is none, and nothing is left behind', async () => {
    await expectError(openRun(folder), `${folder}: no such folder; name a folder that cadenza train made`);
    mkdirSync(folder, { recursive: true });
    await expectError(openRun(folder), 'not a run folder, it has no config.json');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('defaultRunFolder', () => {
  it('counts on from the last run of the preset', async () => {
    const parent = join(root, 'runs');
    const name = async (preset: string) => (await defaultRunFolder(preset, parent)).slice(parent.length + 1);
    expect(await name('tutorial')).toBe('tutorial-001');
    for (const existing of [
      'tutorial-001',
      'tutorial-007',
      'tutorial-x',
      'tutorial-large-020',
      'other-999',
    ]) {
      mkdirSync(join(parent, existing), { recursive: true });
    }
    expect(await name('tutorial')).toBe('tutorial-008');
    expect(await name('tutorial-large')).toBe('tutorial-large-021');
    expect(await name('other')).toBe('other-1000');
    expect(await defaultRunFolder('tutorial', 'no-such-folder')).toBe(join('no-such-folder', 'tutorial-001'));
  });
});
