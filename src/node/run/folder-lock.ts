import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CadenzaError } from '../../errors.js';
import { fileError } from '../files/files.js';

const LOCK_FILE = 'lock';
/** A process takes far less than this to create a file and fill or rename it. */
const OPENING_MS = 10_000;
/** Ids of the locks this process holds: a lock with our pid but another id is from before a restart. */
const held = new Set<string>();

/**
 * Takes a folder for this process alone, by a file `lock` in it. A lock that a killed process left behind is
 * taken over; that of a process on another machine is respected, as nothing tells whether it still runs.
 *
 * @returns gives the folder free again; more than once does no harm
 * @throws CadenzaError when another process holds the folder, or it cannot be written to
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK_FILE);
  const id = randomUUID();
  const text = JSON.stringify({ pid: process.pid, host: hostname(), id });
  try {
    while (!createFile(path, text)) {
      const found = unlessMissing(() => readFileSync(path, 'utf8'));
      if (found === undefined) continue;
      refuseIfHeld(folder, path, found);
      if (takeOver(folder, path, found, text)) break;
    }
  } catch (error) {
    throw fileError(error, 'write', path);
  }
  held.add(id);
  return () => {
    if (held.delete(id) && unlessMissing(() => readFileSync(path, 'utf8')) === text) {
      rmSync(path, { force: true });
    }
  };
}

function refuseIfHeld(folder: string, path: string, text: string): void {
  let owner: { pid?: unknown; host?: unknown; id?: unknown } | null = null;
  try {
    owner = JSON.parse(text);
  } catch {
    // Not filled yet, or its process was killed while filling it.
  }
  const { pid, host, id } = owner ?? {};
  if (!Number.isSafeInteger(pid) || typeof host !== 'string' || typeof id !== 'string') {
    refuseIfFresh(folder, path);
    return;
  }
  const elsewhere = host !== hostname();
  if (!elsewhere && !(pid === process.pid ? held.has(id) : isAlive(pid as number))) return;
  const where = elsewhere ? ` on ${JSON.stringify(host)}` : '';
  throw new CadenzaError(
    `${folder}: process ${pid}${where} is training in this folder; wait for it or stop it ` +
      `(if it is something else by now, delete ${path})`,
  );
}

/** Refuses while another process may be about to fill or rename a file. */
function refuseIfFresh(folder: string, path: string): void {
  const modified = unlessMissing(() => statSync(path).mtimeMs);
  if (modified === undefined || Math.abs(Date.now() - modified) > OPENING_MS) return;
  throw new CadenzaError(
    `${folder}: another process is just opening this folder; wait ${OPENING_MS / 1000} seconds`,
  );
}

/**
 * Replaces the stale lock by ours in one step, so that nobody can get in between; only the one process that
 * manages to create the new file beside it may. False when it is worth another look.
 */
function takeOver(folder: string, path: string, staleText: string, text: string): boolean {
  const next = `${path}.next`;
  if (!createFile(next, text)) {
    refuseIfFresh(folder, next);
    rmSync(next, { force: true });
    return false;
  }
  if (unlessMissing(() => readFileSync(path, 'utf8')) === staleText) {
    renameSync(next, path);
    return true;
  }
  rmSync(next, { force: true });
  return false;
}

/** Creates a file; false when there is one already. */
function createFile(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function unlessMissing<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** A killed process whose parent has not noticed yet; in a container without an init that may be never. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    // proc(5): the state follows the program's name, which is in brackets and may hold any character.
    return /^.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
