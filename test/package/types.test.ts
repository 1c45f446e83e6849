/** What resolves the package finds types of what it imports: @arethetypeswrong/cli has no findings. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';

const VERSION = '0.18.5';

it('has nothing wrong with its types', async () => {
  const folder = inject('installed');
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const command = ['--yes', `@arethetypeswrong/cli@${VERSION}`, join(folder, tarball)];
  const options = ['--profile', 'esm-only', '--no-color'];
  await promisify(execFile)('npx', [...command, ...options]).catch(({ stdout, stderr }) =>
    expect(`${stdout}${stderr}`).toBe(''),
  );
});
