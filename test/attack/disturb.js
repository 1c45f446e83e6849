/**
 * Disturbs commands at every single operation that changes the file system (killed, a full disk, one that is read-only, broken,
 * taken away or slow, Ctrl-C), and looks at what is left, at what was said, and whether it can be done again.
 *
 *   node test/attack/disturb.js [COMMAND…] [--how kill,full,…] [--every 1] [--from 1]
 *
 * Exits with 1 where something was lost or said badly. Needs `npm run build`.
 */
import { spawnSync } from 'node:child_process';
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
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { digest, PROGRAM } from './commands.js';
import { COMMANDS } from './disturbed-commands.js';

const HOOK = new URL('disturb-hook.js', import.meta.url).href;

function run(cwd, args, env) {
  return spawnSync(process.execPath, ['--import', HOOK, PROGRAM, ...args], {
    ...{ cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: 120_000 },
  });
}

/** What is wrong with how a disturbed command ended; it may have gone through all the same. */
function badlySaid({ status, signal, stderr }, how) {
  if (how === 'kill') {
    if (signal === 'SIGKILL' || status === 0) return undefined;
    return `was to be killed and ended with ${status}: ${stderr}`;
  }
  if (how === 'interrupt' && (signal === 'SIGINT' || status === 130)) return undefined;
  if (signal !== null) return `ended by ${signal}`;
  if (status === 0) return undefined;
  if (how === 'slow') return `was slow and ended with ${status}: ${stderr}`;
  const lines = stderr.trimEnd().split('\n');
  const said = lines.filter((line) => line.startsWith('cadenza: '));
  if (status !== 1 || said.length === 0) return `ended with ${status}: ${stderr}`;
  if (lines.some((line) => /^\s+at /.test(line) || /^(Uncaught|node:)/.test(line)))
    return `shows its stack: ${stderr}`;
  const error = said.at(-1);
  if (how === 'full' && !/the disk is full/.test(error))
    return `does not say that the disk is full: ${error}`;
  if (how === 'read-only' && !/EROFS/.test(error))
    return `does not say that nothing can be written: ${error}`;
  return undefined;
}

/** What of the outputs is neither as before nor whole. */
function halfDone(folder, { files = {}, outputs }, whole) {
  for (const [i, name] of outputs.entries()) {
    const path = join(folder, name);
    const isOld =
      name in files ? existsSync(path) && readFileSync(path, 'utf8') === files[name] : !existsSync(path);
    // Best weights so far are a file of its own right.
    if (!isOld && digest(path) !== whole[i] && !name.startsWith('run/'))
      return `${name} is neither old nor whole`;
  }
  return undefined;
}

const otherThan = (whole, folder, outputs) =>
  outputs.find((name, i) => digest(join(folder, name)) !== whole[i]);

/** What is wrong with what is left when it is done again, undisturbed. */
function afterwards(folder, { args, outputs, again }, whole, env) {
  const hasRun = existsSync(join(folder, 'run/config.json'));
  if (!hasRun) rmSync(join(folder, 'run'), { recursive: true, force: true });
  const call = again && hasRun ? again : [...args, ...(again ? [] : ['--force'])];
  const { status, stderr } = run(folder, call, env);
  if (status !== 0) return `cannot be done again: ${stderr}`;
  const other = otherThan(whole, folder, outputs);
  if (other !== undefined) return `done again, ${other} is another file`;
  const left =
    again &&
    readdirSync(join(folder, 'run')).filter((name) => name.endsWith('.tmp') || name.startsWith('lock'));
  return left?.length > 0 ? `leaves ${left.join(', ')}` : undefined;
}

const doneAgain = (folder, command, whole, env) =>
  halfDone(folder, command, whole) ?? afterwards(folder, command, whole, env);
/** What is wrong with what is left. */
const LEFT = {
  kill: doneAgain,
  full: doneAgain,
  'read-only': doneAgain,
  broken: doneAgain,
  interrupt: doneAgain,
  gone: () => undefined,
  slow: (folder, { outputs }, whole) => {
    const other = otherThan(whole, folder, outputs);
    return other && `${other} is another file`;
  },
};
export const WAYS = Object.keys(LEFT);

/** @returns {{ points: number, faults: { at: number, fault: string }[] }} */
export function disturb(name, how, every = 1, from = 1, say = () => {}) {
  const command = COMMANDS[name];
  const root = mkdtempSync(join(tmpdir(), 'cadenza-disturb-'));
  // Its own cache, so that what is written into that counts too.
  const env = { CADENZA_CACHE: 'cache' };
  const fresh = (n) => {
    const folder = join(root, String(n));
    mkdirSync(folder);
    for (const [file, bytes] of Object.entries(command.files ?? {})) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), bytes);
    }
    return folder;
  };
  try {
    const calm = fresh('calm');
    const counted = join(root, 'count');
    const { status, stderr } = run(calm, command.args, { ...env, CADENZA_COUNT: counted });
    if (status !== 0) throw new Error(`${name} fails undisturbed: ${stderr}`);
    const count = Number(readFileSync(counted, 'utf8'));
    const whole = command.outputs.map((output) => digest(join(calm, output)));
    const faults = [];
    let points = 0;
    for (let at = from; at <= count; at += every) {
      const folder = fresh(at);
      // Where files are to be read from the disk, they are not what is taken away.
      const gone = command.again ? join(folder, 'run') : folder;
      const CADENZA_DISTURB = JSON.stringify({ at, how, folder: gone });
      const disturbed = run(folder, command.args, { ...env, CADENZA_DISTURB });
      points++;
      const fault = badlySaid(disturbed, how) ?? LEFT[how](folder, command, whole, env);
      if (fault !== undefined) faults.push({ at, fault });
      say(points, count, fault);
      rmSync(folder, { recursive: true, force: true });
    }
    return { points, faults };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      every: { type: 'string', default: '1' },
      from: { type: 'string', default: '1' },
      how: { type: 'string', default: WAYS.join() },
    },
  });
  let isBroken = false;
  for (const name of positionals.length > 0 ? positionals : Object.keys(COMMANDS)) {
    for (const how of values.how.split(',')) {
      const { points, faults } = disturb(
        name,
        how,
        Number(values.every),
        Number(values.from),
        (done, of, fault) => {
          if (fault !== undefined || done % 50 === 0)
            process.stderr.write(`${name}, ${how}: ${done}, of ${of} operations ${fault ?? ''}\n`);
        },
      );
      console.log(`${name}, ${how}: ${points} points, ${faults.length} faults`);
      for (const { at, fault } of faults) console.log(`  at operation ${at}: ${fault.trimEnd()}`);
      isBroken ||= faults.length > 0;
    }
  }
  process.exit(isBroken ? 1 : 0);
}
