import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Builds `dist/` once before the tests, for those that run the command line as its users do. */
export default function setup(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  // Types are the business of `npm run check`: here, what does not type-check still runs.
  const options = ['-p', 'tsconfig.build.json', '--noCheck'];
  execFileSync(process.execPath, [join(typescript, 'bin', 'tsc'), ...options], {
    cwd: root,
    stdio: 'inherit',
  });
}
