/**
 * Loaded into a process before all else (`node --import`): kills it, as by SIGKILL, at the n-th operation that changes a file
 * system, where CADENZA_KILL_AT says n. Half of what was to be written is written then. Without that it counts the operations
 * into the file that CADENZA_KILL_COUNT names.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const at = Number(process.env.CADENZA_KILL_AT ?? Number.POSITIVE_INFINITY);
const report = process.env.CADENZA_KILL_COUNT;
const { writeSync, writeFileSync } = fs;
let count = 0;

/** Whether this is the one; those of this file itself are not counted. */
function isIt() {
  count++;
  return count === at;
}
const die = () => process.kill(process.pid, 'SIGKILL');

const half = (data) => (typeof data === 'string' ? data : data?.subarray?.(0, Math.floor(data.length / 2)));

for (const name of [
  'openSync',
  'renameSync',
  'fsyncSync',
  'truncateSync',
  'mkdirSync',
  'rmSync',
  'unlinkSync',
  'linkSync',
]) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (name === 'openSync' && (args[1] ?? 'r') === 'r') return original(...args);
    if (isIt()) die();
    return original(...args);
  };
}
for (const name of ['writeFileSync', 'appendFileSync', 'writeSync']) {
  const original = fs[name];
  fs[name] = (target, data, ...rest) => {
    // What is said on the terminal is no file.
    if ((name === 'writeSync' || typeof target === 'number') && target <= 2)
      return original(target, data, ...rest);
    if (isIt()) {
      if (typeof target === 'number') writeSync(target, half(data));
      else writeFileSync(target, half(data), ...(name === 'appendFileSync' ? [{ flag: 'a' }] : rest));
      die();
    }
    return original(target, data, ...rest);
  };
}
for (const name of ['writeFile', 'rename', 'mkdir', 'rm', 'unlink', 'link', 'open']) {
  const original = fs.promises[name];
  fs.promises[name] = async (...args) => {
    if (name === 'open') {
      const isReading = (args[1] ?? 'r') === 'r';
      if (!isReading && isIt()) die();
      const handle = await original(...args);
      return isReading ? handle : watched(handle);
    }
    if (isIt()) {
      if (name === 'writeFile') await original(args[0], half(args[1]), ...args.slice(2));
      die();
    }
    return original(...args);
  };
}

/** A file that is open: what is written through it counts too. */
function watched(handle) {
  for (const name of ['write', 'writeFile', 'appendFile', 'sync', 'truncate', 'datasync']) {
    const original = handle[name].bind(handle);
    handle[name] = async (...args) => {
      if (isIt()) {
        if (name.startsWith('write')) await original(half(args[0]));
        die();
      }
      return original(...args);
    };
  }
  return handle;
}

syncBuiltinESMExports();
if (report) process.on('exit', () => writeFileSync(report, String(count)));
