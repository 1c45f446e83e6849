import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../bin/cadenza.js', import.meta.url));

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
  /** Stop reading standard output after its first chunk, as `head` does. */
  closeStdoutEarly?: boolean;
}

/** Runs `bin/cadenza.js` in a process of its own. */
export function runCadenza(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { input = new Uint8Array(0), env = {}, closeStdoutEarly = false } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env } });
    const result: RunResult = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      result.stdout += chunk;
      if (closeStdoutEarly) child.stdout.destroy();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      result.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...result, code }));
    child.stdin.on('error', () => {}); // the program may end without reading it
    child.stdin.end(input);
  });
}
