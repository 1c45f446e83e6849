/**
 * A whole run of `cadenza generate` from the start of its process to its end, or of what is named instead.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compete } from '../contestant.js';

const file = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(file('../../package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

const COMMANDS = {
  generate: [
    file('../../bin/cadenza.js'),
    'generate',
    '--model',
    'tutorial',
    '-o',
    join(folder, 'output.mid'),
    '--force',
  ],
  /** The same in stages. */
  stages: [file('start-up-stages.js'), join(folder, 'output.mid')],
  /** A process that does nothing. */
  node: ['--eval', '0'],
};
const args = COMMANDS[process.argv[2]];

await compete({ version }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return process.argv[2] === 'stages' ? JSON.parse(stdout) : {};
});
