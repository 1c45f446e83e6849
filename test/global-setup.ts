import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Builds `dist/`, all but the studio, once before the tests: for those that use command line and package as
 * their users do.
 */
export default function setup(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  const run = (...command: string[]) =>
    execFileSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  // Types are the business of `npm run check`: here, what does not type-check still runs.
  for (const config of ['tsconfig.build.json', 'tsconfig.web.json']) {
    run(join(typescript, 'bin', 'tsc'), '-p', config, '--noCheck');
  }
  run(join(root, 'scripts/build-web.js'));
}
