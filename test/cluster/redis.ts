/** A Redis server and workers for a test: started by it, and gone with it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { tempFolder } from '../helpers/temp-folder.js';

const PROGRAM = fileURLToPath(new URL('../../bin/cadenza.js', import.meta.url));

/** Whether there is a Redis server to be started: CADENZA_REDIS, or `redis-server`. */
export const SERVER = process.env.CADENZA_REDIS ?? 'redis-server';
export const hasRedis = (() => {
  try {
    execFileSync(SERVER, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Calls `when` again and again until it gives something. */
export async function until<T>(when: () => T | undefined | false, what: string, seconds = 60): Promise<T> {
  const end = performance.now() + 1000 * seconds;
  for (;;) {
    const found = when();
    if (found) return found;
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

export interface TestRedis {
  readonly url: string;
  /** Kills it without a warning. */
  kill(): Promise<void>;
  /** Starts it anew, with the files that it kept. */
  restart(): Promise<void>;
}

/** Starts a server that keeps an append-only file, with these settings besides. */
export async function startRedis(...settings: string[]): Promise<TestRedis> {
  const dir = tempFolder();
  const port = await freePort();
  let child: ChildProcess;
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
    child = spawn(SERVER, [...args, '--appendonly', 'yes', ...settings], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await until(() => /Ready to accept connections/.test(said), 'Redis to start');
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  await start();
  onTestFinished(kill);
  return { url: `redis://127.0.0.1:${port}`, kill, restart: start };
}

/** A line that a worker says with --json. */
interface Said {
  readonly type: 'ready' | 'begun' | 'done' | 'failed' | 'lost';
  readonly job?: string;
  readonly reason?: string;
}

export interface TestWorker {
  readonly said: readonly Said[];
  readonly stderr: () => string;
  readonly process: ChildProcess;
}

/** Starts a worker, and waits until it is ready. */
export async function startWorker(url: string, patience = 60): Promise<TestWorker> {
  const child = spawn(
    process.execPath,
    [PROGRAM, 'worker', url, '--json', '--threads', '1', '--patience', String(patience)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  let text = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  const worker = {
    get said() {
      return text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Said);
    },
    stderr: () => errors,
    process: child,
  };
  await until(() => worker.said.some(({ type }) => type === 'ready'), 'a worker to be ready');
  return worker;
}
