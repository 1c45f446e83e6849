import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CadenzaError } from '../../errors.js';
import { lockFolder } from './folder-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cadenza-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function leaveLock(owner: object | string): void {
  writeFileSync(join(folder, 'lock'), typeof owner === 'string' ? owner : JSON.stringify(owner));
}

describe('lockFolder', () => {
  it('lets nobody else in until it is given free', () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(CadenzaError);
    expect(() => lockFolder(folder)).toThrow(
      `${folder}: process ${process.pid} is training in this folder; wait`,
    );
    unlock();
    expect(readdirSync(folder)).toEqual([]);
    const again = lockFolder(folder);
    unlock();
    expect(existsSync(join(folder, 'lock'))).toBe(true);
    again();
  });

  it('takes over from a process that was killed', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    leaveLock({ pid, host: hostname(), id: 'a' });
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('takes over from a killed process that nobody reaps', async () => {
    // The shell starts a child, tells its id and becomes a program that never waits for it.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30']);
    try {
      const [chunk] = await once(parent.stdout, 'data');
      const pid = Number(chunk);
      const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2];
      while (state() !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5));
      leaveLock({ pid, host: hostname(), id: 'a' });
      lockFolder(folder)();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('takes over from a killed process that had the same process id, as in a restarted container', () => {
    leaveLock({ pid: process.pid, host: hostname(), id: 'a' });
    lockFolder(folder)();
  });

  it('respects a process that runs, here or perhaps elsewhere', () => {
    leaveLock({ pid: process.ppid, host: hostname(), id: 'a' });
    expect(() => lockFolder(folder)).toThrow(`process ${process.ppid} is training in this folder`);
    leaveLock({ pid: 4_000_000, host: 'else\nwhere', id: 'a' });
    expect(() => lockFolder(folder)).toThrow(
      /process 4000000 on "else\\nwhere" is training .*delete .*lock\)$/,
    );
  });

  it('takes over a lock that cannot be read, once it is old', () => {
    for (const text of ['', '{"pid":', '{"pid":-1.5}', 'null']) {
      leaveLock(text);
      expect(() => lockFolder(folder)).toThrow(/wait 10 seconds/);
      const past = Date.now() / 1000 - 60;
      utimesSync(join(folder, 'lock'), past, past);
      lockFolder(folder)();
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('waits for another process that is just taking over, unless that was killed too', () => {
    leaveLock({ pid: process.pid, host: hostname(), id: 'a' });
    writeFileSync(join(folder, 'lock.next'), '');
    expect(() => lockFolder(folder)).toThrow(/wait 10 seconds/);
    const past = Date.now() / 1000 - 60;
    utimesSync(join(folder, 'lock.next'), past, past);
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('does not remove a lock that somebody else has put in its place', () => {
    const unlock = lockFolder(folder);
    leaveLock({ pid: process.ppid, host: hostname(), id: 'b' });
    unlock();
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  it('says so when there is no folder', () => {
    expect(() => lockFolder(join(folder, 'missing'))).toThrow(CadenzaError);
  });
});
