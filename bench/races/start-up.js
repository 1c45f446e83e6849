/** From `cadenza generate` to the written file, where that time goes, and how large an installation is. */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { race } from '../harness.js';

export const name = 'start-up';
export const title = 'Start-up and size';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../contestants/start-up.js', import.meta.url));
/** A large installation's packages, one row each. */
const LARGEST = 4;

const entry = (what, label) => ({ name: label, command: process.execPath, args: [PROGRAM, what] });

async function generateCases(rounds) {
  const [whole, staged, node] = await race(
    [
      entry('generate', 'cadenza generate'),
      entry('stages', 'in stages'),
      entry('node', 'a process that does nothing'),
    ],
    { warmUp: 1, rounds },
  );
  const { version, samples, name: _, milliseconds: inStages, ...stages } = staged;
  const value = whole.milliseconds ?? null;
  const text = 'cadenza generate, from the start of the process to the written file: < 1.5 s';
  const rows = Object.entries(stages).map(([stage, milliseconds]) => ({ name: stage, milliseconds }));
  const known = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    {
      case: '100 notes into a file, as a process',
      unit: 'ms',
      contestants: [whole, node],
      targets: [{ text, atMost: 1500, value, met: value === null ? null : value < 1500 }],
    },
    {
      case: 'the same in stages',
      unit: 'ms',
      contestants:
        inStages === undefined
          ? [staged]
          : [
              { name: 'all stages', version, milliseconds: inStages, samples },
              ...rows,
              { name: 'leaving', milliseconds: inStages - known },
            ],
      targets: [],
    },
  ];
}

/** Bytes of the files in a folder. */
function sizeOf(path) {
  const info = lstatSync(path);
  if (!info.isDirectory()) return info.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/** The package as npm would install it, with its dependencies and without their scripts. */
function installedSize() {
  const words = 'installed size with dependencies';
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
  const options = { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  try {
    const pack = ['pack', ROOT, '--ignore-scripts', '--json', '--pack-destination', folder];
    const [{ filename }] = JSON.parse(execFileSync('npm', pack, options));
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    execFileSync(
      'npm',
      ['install', `./${filename}`, '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'],
      options,
    );
    const modules = join(folder, 'node_modules');
    const rows = readdirSync(modules)
      .filter((name) => !name.startsWith('.'))
      .map((name) => ({ name, milliseconds: sizeOf(join(modules, name)) / 1e6 }))
      .sort((a, b) => b.milliseconds - a.milliseconds);
    const all = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const runtime = join(modules, 'onnxruntime-node', 'bin', 'napi-v6');
    const ours = join(runtime, process.platform, process.arch);
    const foreign = (sizeOf(runtime) - sizeOf(ours)) / 1e6;
    const contestants = [
      { name: 'all', milliseconds: all },
      { name: 'without native libraries for other platforms', milliseconds: all - foreign },
      ...rows.slice(0, LARGEST),
    ];
    return { case: words, unit: 'MB', contestants, targets: [] };
  } catch (error) {
    const why = (error.stderr || error.message).trim().split('\n').at(-1);
    return { case: words, unit: 'MB', contestants: [{ name: 'all', skip: why }], targets: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function run({ rounds = 9 } = {}) {
  return [...(await generateCases(rounds)), installedSize()];
}
