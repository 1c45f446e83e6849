import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { CadenzaError } from '../errors.js';
import { fileError } from './files.js';

const LOCK_FILE = 'lock';
/** Between creating a lock file and filling it a process takes far less than this. */
const FILLING_MS = 10_000;
/** Ids of the locks this process holds: a lock with our pid but another id is from before a restart. */
const held = new Set<string>();

/**
 * Takes a folder for this process alone, by a file `lock` in it. A lock that a killed process left behind is taken
 * over; that of a process on another machine is respected, as nothing tells whether it still runs.
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
      if (found !== undefined) {
        refuseIfHeld(folder, path, found);
        removeStale(path, found);
      }
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
    const modified = unlessMissing(() => statSync(path).mtimeMs);
    if (modified === undefined || Math.abs(Date.now() - modified) > FILLING_MS) return;
    throw new CadenzaError(
      `${folder}: another process is just opening this folder; wait ${FILLING_MS / 1000} seconds`,
    );
  }
  const elsewhere = host !== hostname();
  if (!elsewhere && !(pid === process.pid ? held.has(id) : isAlive(pid as number))) return;
  const where = elsewhere ? ` on ${JSON.stringify(host)}` : '';
  throw new CadenzaError(
    `${folder}: process ${pid}${where} is training in this folder; wait for it or stop it ` +
      `(if it is something else by now, delete ${path})`,
  );
}

/** Removes the lock that held `staleText`, unless another process has just taken it over. */
function removeStale(path: string, staleText: string): void {
  const aside = `${path}.${randomUUID()}.tmp`;
  const moved = unlessMissing(() => {
    renameSync(path, aside);
    return true;
  });
  if (!moved) return;
  try {
    if (readFileSync(aside, 'utf8') !== staleText) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
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
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
