/** Small programs in C, for what JavaScript cannot measure. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FLAGS = ['-O3', '-march=native', '-ffp-contract=fast', '-pthread'];

/**
 * Compiles a source file of this folder, and runs it once for every list of arguments.
 *
 * @returns {number[] | null} the number that each run prints; null without a C compiler
 */
export function numbersFromC(source, runs = [[]]) {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-bench-'));
  const program = join(folder, 'program');
  try {
    const path = fileURLToPath(new URL(source, import.meta.url));
    execFileSync('cc', [...FLAGS, path, '-o', program], { stdio: 'ignore' });
    return runs.map((args) => Number(execFileSync(program, args.map(String), { encoding: 'utf8' })));
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
