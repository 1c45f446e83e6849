/** The peers install themselves, into `bench/` only, and only when a benchmark wants them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('.', import.meta.url));
const quiet = { stdio: ['ignore', 'ignore', 'inherit'] };

/** Installs the npm peers pinned in `bench/peers/package-lock.json`, and gives their folder. */
export function npmPeers() {
  const folder = join(BENCH, 'peers');
  installOnce(join(folder, 'node_modules'), readFileSync(join(folder, 'package-lock.json'), 'utf8'), () =>
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, ...quiet }),
  );
  return folder;
}

/**
 * A Python environment with `bench/peers/requirements-NAME.txt`, and its interpreter. Undefined where it
 * cannot be had. An interpreter that has the packages already is named by the environment variable
 * `CADENZA_BENCH_PYTHON_NAME` (the name in capitals, `CADENZA_BENCH_PYTHON_TORCH` for `torch`): it is taken
 * as it is, and nothing is installed.
 */
export function pythonPeers(name) {
  const given = process.env[`CADENZA_BENCH_PYTHON_${name.toUpperCase()}`];
  if (given) return given;
  const requirements = join(BENCH, 'peers', `requirements-${name}.txt`);
  const venv = join(BENCH, '.venv', name);
  const python = join(venv, 'bin', 'python');
  try {
    installOnce(venv, readFileSync(requirements, 'utf8'), () => {
      execFileSync('python3', ['-m', 'venv', venv], quiet);
      execFileSync(python, ['-m', 'pip', 'install', '-q', '-r', requirements], quiet);
    });
    return python;
  } catch {
    return undefined;
  }
}

/** Leaves a note of what was installed, so that a change of the pins installs anew. */
function installOnce(folder, pins, install) {
  const note = join(folder, '.pins');
  if (existsSync(note) && readFileSync(note, 'utf8') === pins) return;
  install();
  writeFileSync(note, pins);
}
