import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CadenzaError } from '../../errors.js';
import { listShippedModels, resolveModel } from './model-files.js';

let root: string;
let shipped: string;

function touch(...parts: string[]): void {
  mkdirSync(join(root, ...parts.slice(0, -1)), { recursive: true });
  writeFileSync(join(root, ...parts), '');
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'cadenza-models-'));
  shipped = join(root, 'models');
  touch('models', 'nocturne', 'nocturne.safetensors');
  touch('models', 'etude', 'etude.safetensors');
  touch('models', 'unfinished', 'README.md');
  touch('models', 'README.md');
  touch('runs', 'tutorial-001', 'config.json');
  touch('runs', 'tutorial-001', 'best.safetensors');
  touch('runs', 'tutorial-001', 'last.safetensors');
  touch('runs', 'tutorial-002', 'config.json');
  touch('runs', 'tutorial-002', 'last.safetensors');
  touch('runs', 'tutorial-003', 'config.json');
  touch('own', 'mine.safetensors');
  touch('own', 'song.mid');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function expectError(model: string, message: string | RegExp): Promise<void> {
  const action = resolveModel(model, shipped);
  await expect(action).rejects.toThrow(message);
  await expect(action).rejects.toThrow(CadenzaError);
  await expect(action).rejects.toThrow(/^[^\n]+; [^\n]+$/);
}

describe('resolveModel', () => {
  it('finds a shipped model by its name', async () => {
    const path = join(shipped, 'etude', 'etude.safetensors');
    expect(await resolveModel('etude', shipped)).toEqual({ path, origin: 'shipped' });
  });

  it('finds the best weights of a run, else the last', async () => {
    const [first, second] = ['tutorial-001', 'tutorial-002'].map((name) => join(root, 'runs', name));
    expect(await resolveModel(first, shipped)).toEqual({
      path: join(first, 'best.safetensors'),
      origin: 'run',
    });
    expect(await resolveModel(second, shipped)).toEqual({
      path: join(second, 'last.safetensors'),
      origin: 'run',
    });
  });

  it('finds a file, by a relative path too', async () => {
    const path = relative(process.cwd(), join(root, 'own', 'mine.safetensors'));
    expect(await resolveModel(path, shipped)).toEqual({ path, origin: 'file' });
  });

  it('lists and suggests names for one that is not there', async () => {
    await expectError(
      'Nocturn',
      /^Nocturn: no such model; did you mean nocturne\? name a shipped model \(etude, noc/,
    );
    await expectError(
      'sonata',
      /^sonata: no such model; name a shipped model \(etude, nocturne\), a run folder, or/,
    );
    await expectError('unfinished', 'no such model;');
    await expectError('', 'no such model;');
    const near = join(root, 'runs', 'tutorial-01');
    await expectError(near, new RegExp(`did you mean ${join(root, 'runs')}.tutorial-00\\d\\?`));
    await expectError(join(root, 'own', 'song.mid', 'x'), 'no such model;');
  });

  it('says why something that is there is no model', async () => {
    await expectError(
      join(root, 'own', 'song.mid'),
      'song.mid: not a model; name a .safetensors file, a run folder',
    );
    await expectError(join(root, 'own'), 'not a run folder, it has no config.json; name a folder');
    await expectError(join(root, 'runs'), `did you mean ${join(root, 'runs', 'tutorial-003')}?`);
    await expectError(join(root, 'runs', 'tutorial-003'), 'the run has no weights yet; let it train');
  });
});

describe('listShippedModels', () => {
  it('lists the folders that hold weights of their name', async () => {
    expect(await listShippedModels(shipped)).toEqual(['etude', 'nocturne']);
    expect(await listShippedModels(join(root, 'nowhere'))).toEqual([]);
  });

  it('finds every model of this package', async () => {
    for (const name of await listShippedModels()) {
      expect((await resolveModel(name)).origin).toBe('shipped');
    }
    await expect(resolveModel('no/such/model')).rejects.toThrow(CadenzaError);
  });
});
