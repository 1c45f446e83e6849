/**
 * The package in Node without its native library, in other versions of Node, in Bun and Deno, and its types.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';

const folder = inject('installed');
const [runtimes, bare] = ['runtimes', 'bare'].map((name) => join(folder, name));
const run = promisify(execFile);
const CADENZA = 'node_modules/cadenza/bin/cadenza.js';

async function generate(program: string, cwd: string, name: string) {
  const options = ['generate', '--seconds', '5', '--seed', '3', '-o', name, '--quiet'];
  const { stderr } = await run(program, [CADENZA, ...options], { cwd });
  return { bytes: readFileSync(join(cwd, name)), said: stderr };
}

describe('the package', () => {
  const isHere = process.platform === 'linux' && process.arch === 'x64';
  const at = (path: string) => join(runtimes, 'node_modules', path);
  // The oldest that `engines` allows, those that are supported for long, and the newest there is.
  it.skipIf(!isHere)('generates the same in the oldest Node and the newest', async () => {
    const { bytes } = await generate(process.execPath, runtimes, 'this.mid');
    const { version: oldest } = JSON.parse(readFileSync(at('node-oldest/package.json'), 'utf8'));
    const { engines } = JSON.parse(readFileSync(at('cadenza/package.json'), 'utf8'));
    expect(`${engines.node}.0`).toBe(`>=${oldest.replace('v', '')}`);
    for (const version of ['oldest', '22', '24', 'newest']) {
      const other = await generate(at(`node-${version}/bin/node`), runtimes, `node-${version}.mid`);
      expect([version, other.said]).toEqual([version, '']);
      expect(other.bytes).toEqual(bytes);
    }
  });

  it('generates without onnxruntime-node: the same notes, and one line that says it is slower', async () => {
    expect(existsSync(join(bare, 'node_modules/onnxruntime-node'))).toBe(false);
    const { bytes, said } = await generate(process.execPath, bare, 'bare.mid');
    expect(said.trim().split('\n')).toEqual([
      expect.stringMatching(/^cadenza: warning: onnxruntime-node is not installed.*slower/),
    ]);
    expect(bytes).toEqual((await generate(process.execPath, runtimes, 'native.mid')).bytes);
  });

  it.skipIf(!isHere)('plays in Bun and Deno as in Node, on the plain engine', async () => {
    const programs = [
      [process.execPath, 'anywhere.js'],
      [at('@oven/bun-linux-x64/bin/bun'), 'anywhere.js'],
      [at('@deno/linux-x64-glibc/deno'), 'run', '--allow-read', '--node-modules-dir=manual', 'anywhere.js'],
    ];
    const told = [];
    for (const [program, ...options] of programs)
      told.push((await run(program, options, { cwd: runtimes })).stdout);
    expect(JSON.parse(told[0])).toMatchObject({ primer: expect.any(Number), pitches: expect.any(Array) });
    expect(told.slice(1)).toEqual([told[0], told[0]]);
  });

  it('has types that need none of Node’s', async () => {
    await run('npx', ['tsc', '-p', '.'], { cwd: runtimes }).catch(({ stdout }) => expect(stdout).toBe(''));
  });
});
