/**
 * Loaded into a process before all else (`node --import`): disturbs it at the n-th operation that changes a file system, as
 * CADENZA_DISTURB says, JSON of `{ at, how, folder }`:
 *
 *     kill       as by SIGKILL, with half of what was to be written written
 *     full       from then on nothing can be written, but removed and renamed; half of what was to be written is
 *     read-only  from then on nothing can be changed
 *     broken     this one operation fails
 *     gone       the folder is taken away
 *     slow       this one operation takes a second
 *     interrupt  the same, and Ctrl-C is pressed meanwhile
 *
 * Without it the operations are counted into the file that CADENZA_COUNT names.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { at = Number.POSITIVE_INFINITY, how, folder } = JSON.parse(process.env.CADENZA_DISTURB ?? '{}');
const report = process.env.CADENZA_COUNT;
const { writeSync, writeFileSync, rmSync, openSync, closeSync } = fs;
let count = 0;

const REMOVING = new Set([
  'rm',
  'unlink',
  'rename',
  'rmSync',
  'unlinkSync',
  'renameSync',
  'truncate',
  'truncateSync',
]);
const pause = new Int32Array(new SharedArrayBuffer(4));
const half = (data) =>
  typeof data === 'string' ? data.slice(0, data.length >> 1) : data?.subarray?.(0, data.length >> 1);

function failure(code, name, path) {
  const text = { ENOSPC: 'no space left on device', EROFS: 'read-only file system', EIO: 'i/o error' }[code];
  return Object.assign(new Error(`${code}: ${text}, ${name.replace('Sync', '')} '${path}'`), {
    code,
    syscall: name,
    path,
  });
}

/**
 * @param {() => void} writeHalf what remains of a write that does not succeed
 * @returns {Promise<void> | undefined} what an operation that nobody waits for in the same breath has to wait for
 */
function disturb(name, path, writeHalf = () => {}) {
  count++;
  const isIt = count === at;
  if (how === 'kill' && isIt) {
    writeHalf();
    process.kill(process.pid, 'SIGKILL');
    // It takes a moment.
    Atomics.wait(pause, 0, 0, 10_000);
  }
  if ((how === 'slow' || how === 'interrupt') && isIt) {
    if (how === 'interrupt') process.kill(process.pid, 'SIGINT');
    if (!name.endsWith('Sync')) return new Promise((resolve) => setTimeout(resolve, 1000));
    Atomics.wait(pause, 0, 0, 1000);
  }
  if (how === 'gone' && isIt) rmSync(folder, { recursive: true, force: true });
  if (how === 'broken' && isIt) {
    writeHalf();
    throw failure('EIO', name, path);
  }
  if (how === 'full' && count >= at && !REMOVING.has(name)) {
    writeHalf();
    throw failure('ENOSPC', name, path);
  }
  if (how === 'read-only' && count >= at) throw failure('EROFS', name, path);
}

const isReading = (flags = 'r') => flags === 'r' || flags === 0;
/** What is said on the terminal is no file. */
const isTerminal = (target) => typeof target === 'number' && target <= 2;

for (const name of [
  'renameSync',
  'fsyncSync',
  'truncateSync',
  'mkdirSync',
  'rmSync',
  'unlinkSync',
  'linkSync',
  'cpSync',
]) {
  const original = fs[name];
  fs[name] = (...args) => {
    disturb(name, args[0]);
    return original(...args);
  };
}
fs.openSync = (path, flags, ...rest) => {
  // Where a disk is full a file can still be made, and stays empty.
  if (!isReading(flags)) disturb('openSync', path, () => closeSync(openSync(path, flags, ...rest)));
  return openSync(path, flags, ...rest);
};
for (const name of ['writeFileSync', 'appendFileSync']) {
  const original = fs[name];
  fs[name] = (target, data, ...rest) => {
    if (!isTerminal(target)) disturb(name, target, () => original(target, half(data), ...rest));
    return original(target, data, ...rest);
  };
}
fs.writeSync = (target, data, ...rest) => {
  if (!isTerminal(target)) disturb('writeSync', target, () => writeSync(target, half(data)));
  return writeSync(target, data, ...rest);
};
for (const name of ['rename', 'mkdir', 'rm', 'unlink', 'link', 'cp', 'copyFile']) {
  const original = fs.promises[name];
  fs.promises[name] = async (...args) => {
    await disturb(name, args[0]);
    return original(...args);
  };
}
const { open, writeFile } = fs.promises;
fs.promises.writeFile = async (path, data, ...rest) => {
  await disturb('writeFile', path, () => writeFileSync(path, half(data), ...rest));
  return writeFile(path, data, ...rest);
};
fs.promises.open = async (path, flags, ...rest) => {
  if (isReading(flags)) return open(path, flags, ...rest);
  await disturb('open', path, () => closeSync(openSync(path, flags, ...rest)));
  return watched(await open(path, flags, ...rest));
};

/** A file that is open: what is written through it counts too. */
function watched(handle) {
  for (const name of ['write', 'writeFile', 'appendFile', 'sync', 'truncate', 'datasync', 'chmod']) {
    const original = handle[name].bind(handle);
    handle[name] = async (...args) => {
      await disturb(name, handle.fd, () => name.startsWith('write') && writeSync(handle.fd, half(args[0])));
      return original(...args);
    };
  }
  return handle;
}

syncBuiltinESMExports();
if (report) process.on('exit', () => writeFileSync(report, String(count)));
