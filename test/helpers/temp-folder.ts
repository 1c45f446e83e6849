import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A new folder holding `files`: path within the folder → content. It is removed after the test; for a folder
 * that the tests of a suite share, pass vitest's `afterAll` and call it in the body of the suite.
 */
export function tempFolder(
  files: Record<string, Uint8Array | string> = {},
  whenDone: (remove: () => void) => void = onTestFinished,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'cadenza-test-'));
  whenDone(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}
