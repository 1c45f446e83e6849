import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCadenza } from '../helpers/run-cadenza.js';
import { tempFolder } from '../helpers/temp-folder.js';

describe('cadenza assets', () => {
  const write = async (cwd: string, ...options: string[]) => {
    const { code, stdout, stderr } = await runCadenza(['assets', 'public/cadenza', ...options], { cwd });
    return { code, stdout, stderr };
  };

  it('writes every file that a page looks for, by the name it looks for', async () => {
    const cwd = tempFolder();
    const { code, stdout } = await write(cwd, '--json');
    expect(code).toBe(0);
    const { files, bytes } = JSON.parse(stdout);
    const source = ['assets', 'models'].map((name) => readFileSync(`src/web/${name}.ts`, 'utf8')).join();
    const named = [...source.matchAll(/assetUrl\(\s*'([^']+)'/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(8);
    expect(files).toEqual(expect.arrayContaining([...named, 'licenses.txt']));
    expect(readdirSync(join(cwd, 'public/cadenza')).sort()).toEqual([...files, 'cadenza-assets.json'].sort());
    expect(bytes).toBeGreaterThan(2e7);
  });

  it('brings a folder up to date, and takes away what is no longer wanted', async () => {
    const cwd = tempFolder();
    expect((await write(cwd, '--models', 'tutorial')).stdout).toMatch(
      /^public\/cadenza: \d+ files, [\d.]+ MB\n$/,
    );
    const worker = join(cwd, 'public/cadenza/engine-worker.js');
    writeFileSync(worker, 'of an older version');
    expect((await write(cwd, '--models', 'none')).code).toBe(0);
    expect(readFileSync(worker, 'utf8')).not.toBe('of an older version');
    expect(existsSync(join(cwd, 'public/cadenza/tutorial.safetensors'))).toBe(false);
  });

  it('leaves alone what somebody else put there', async () => {
    const cwd = tempFolder({ 'public/cadenza/piano.sf3': 'mine', 'public/cadenza/index.html': 'mine too' });
    const { code, stderr } = await write(cwd);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/piano\.sf3: is there already.*name another folder/),
    ]);
    expect(readFileSync(join(cwd, 'public/cadenza/piano.sf3'), 'utf8')).toBe('mine');
    expect(readdirSync(join(cwd, 'public/cadenza')).sort()).toEqual(['index.html', 'piano.sf3']);
  });

  it('names a model that there is not, and a list that is not its own', async () => {
    const cwd = tempFolder({ 'public/cadenza/cadenza-assets.json': '{"files":["../../precious"]}' });
    expect((await write(cwd, '--models', 'chopin')).stderr).toMatch(
      /no shipped model chopin; there are maestro/,
    );
    const { code, stderr } = await write(cwd);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/cadenza-assets\.json: is not what this command writes/),
    ]);
  });
});
