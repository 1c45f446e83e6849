/**
 * Kills commands at every single operation that changes the file system, and looks at what is left.
 *
 *   node test/attack/kill-points.js [NAME…] [--every 1]
 *
 * Exits with 1 where something was lost. Needs `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtInOpening, midiFromNotes } from '../../dist/index.js';

const PROGRAM = fileURLToPath(new URL('../../bin/cadenza.js', import.meta.url));
const HOOK = new URL('kill-hook.js', import.meta.url).href;

function run(args, env = {}) {
  const { status, signal, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', HOOK, PROGRAM, ...args],
    {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  return { status, signal, stderr, stdout };
}

const digest = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

/**
 * Commands by name: how each is begun in a fresh folder, and what has to be true after it was killed.
 * `after` gives what is wrong, if anything is.
 */
const COMMANDS = {
  generate: {
    args: (folder) => [
      'generate',
      '--model',
      'tutorial',
      '--notes',
      '3',
      '-o',
      join(folder, 'out.mid'),
      '--quiet',
    ],
    after(folder, whole) {
      const out = join(folder, 'out.mid');
      if (existsSync(out) && digest(out) !== whole.out)
        return 'half a file under the name that was asked for';
      const again = run([...COMMANDS.generate.args(folder), '--force']);
      if (again.status !== 0) return `cannot be done again: ${again.stderr}`;
      return digest(out) === whole.out ? undefined : 'done again, it is another file';
    },
    whole: (folder) => ({ out: digest(join(folder, 'out.mid')) }),
  },
  'generate over a file': {
    before: (folder) => writeFileSync(join(folder, 'out.mid'), 'mine'),
    args: (folder) => [...COMMANDS.generate.args(folder), '--force'],
    after(folder, whole) {
      const out = join(folder, 'out.mid');
      if (!existsSync(out)) return 'what was there is gone';
      const isOld = readFileSync(out, 'utf8') === 'mine';
      return isOld || digest(out) === whole.out ? undefined : 'neither the old file nor the new one';
    },
    whole: (folder) => ({ out: digest(join(folder, 'out.mid')) }),
  },
  train: {
    args: (folder) => [
      ...[
        'train',
        join(folder, 'midi'),
        '--preset',
        'performance',
        '--layers',
        '1',
        '--hidden-size',
        '8',
        '--steps',
        '4',
      ],
      ...[
        '--batch-size',
        '1',
        '--threads',
        '1',
        '--checkpoint-every',
        '0.001',
        '--out',
        join(folder, 'run'),
        '--quiet',
      ],
    ],
    after(folder, whole) {
      const out = join(folder, 'run');
      const hasBegun = existsSync(join(out, 'config.json'));
      if (!hasBegun) rmSync(out, { recursive: true, force: true });
      const resumed = run(hasBegun ? ['train', '--resume', out, '--quiet'] : COMMANDS.train.args(folder));
      if (resumed.status !== 0) return `cannot go on: ${resumed.stderr}`;
      const left = readdirSync(out).filter((name) => name.endsWith('.tmp') || name === 'lock');
      if (left.length > 0) return `leaves ${left.join(', ')}`;
      return digest(join(out, 'best.safetensors')) === whole.best ? undefined : 'comes to other weights';
    },
    whole: (folder) => ({ best: digest(join(folder, 'run/best.safetensors')) }),
  },
};

/** @returns {Promise<{ points: number, faults: { at: number, fault: string }[] }>} */
export function attackKills(name, every = 1) {
  const { before, args, after, whole } = COMMANDS[name];
  const root = mkdtempSync(join(tmpdir(), 'cadenza-kill-'));
  const fresh = (n) => {
    const folder = join(root, String(n));
    mkdirSync(join(folder, 'midi'), { recursive: true });
    for (const i of [1, 2]) writeFileSync(join(folder, 'midi', `${i}.mid`), midiFromNotes(builtInOpening()));
    before?.(folder);
    return folder;
  };
  const cache = { CADENZA_CACHE: join(root, 'cache') };
  try {
    const calm = fresh('calm');
    const counted = join(root, 'count');
    const { status, stderr } = run(args(calm), { ...cache, CADENZA_KILL_COUNT: counted });
    if (status !== 0) throw new Error(`${name} fails undisturbed: ${stderr}`);
    const count = Number(readFileSync(counted, 'utf8'));
    const expected = whole(calm);
    const faults = [];
    let points = 0;
    for (let at = 1; at <= count; at += every) {
      const folder = fresh(at);
      const killed = run(args(folder), { ...cache, CADENZA_KILL_AT: String(at) });
      points++;
      if (killed.signal !== 'SIGKILL' && killed.status !== 0) {
        faults.push({ at, fault: `was to be killed and ended with ${killed.status}: ${killed.stderr}` });
        continue;
      }
      const fault = after(folder, expected);
      if (fault !== undefined) faults.push({ at, fault });
      rmSync(folder, { recursive: true });
    }
    return { points, faults };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { every: { type: 'string', default: '1' } },
  });
  let isBroken = false;
  for (const name of positionals.length > 0 ? positionals : Object.keys(COMMANDS)) {
    const { points, faults } = attackKills(name, Number(values.every));
    console.log(`${name}: killed at ${points} points, ${faults.length} faults`);
    for (const { at, fault } of faults) console.log(`  at operation ${at}: ${fault}`);
    isBroken ||= faults.length > 0;
  }
  process.exit(isBroken ? 1 : 0);
}
