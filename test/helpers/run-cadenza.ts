import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../bin/cadenza.js', import.meta.url));
/** Nothing outlives the tests, not even a run that one of them gave up on. */
const LONGEST = { timeout: 120_000, killSignal: 'SIGKILL' } as const;

/** What a run of the command line came to. */
export interface RunResult {
  /** Exit code; null when a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
}

/** How to run it. */
export interface RunOptions {
  /** Content of standard input; nothing by default. */
  input?: Uint8Array;
  /** Environment variables on top of this process's. */
  env?: Record<string, string>;
  /** Working folder; this process's by default. */
  cwd?: string;
  /** Stop reading standard output after its first chunk, as `head` does. */
  closeStdoutEarly?: boolean;
  /** Sends this signal, once, as soon as the condition holds; it is looked at every millisecond. */
  signal?: { name: NodeJS.Signals; when: (result: RunResult) => boolean };
}

/** Runs `bin/cadenza.js` in a process of its own. */
export function runCadenza(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { input = new Uint8Array(0), env = {}, cwd, closeStdoutEarly = false, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      ...LONGEST,
      cwd,
      env: { ...process.env, ...env },
    });
    const result: RunResult = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      result.stdout += chunk;
      if (closeStdoutEarly) child.stdout.destroy();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      result.stderr += chunk;
    });
    const watch = signal && sendSignal(child, signal, result);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ ...result, code });
    });
    child.stdin.on('error', () => {}); // the program may end without reading it
    child.stdin.end(input);
  });
}

function sendSignal(
  child: ChildProcess,
  { name, when }: NonNullable<RunOptions['signal']>,
  result: RunResult,
) {
  const watch = setInterval(() => {
    if (!when(result)) return;
    clearInterval(watch);
    child.kill(name);
  }, 1);
  return watch;
}
