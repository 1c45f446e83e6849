/** The examples in doc comments run, each by itself. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pieceBytes } from '../helpers/pieces.js';
import { tempFolder } from '../helpers/temp-folder.js';

const ROOT = join(import.meta.dirname, '../..');
const FACES = { 'cadenza/node': 'dist/node/index.js', cadenza: 'dist/index.js' };

interface Example {
  readonly name: string;
  readonly code: string;
}

/** Every `@example` of src, with the name that it stands at. */
function examples(): Example[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const source = readFileSync(join(ROOT, 'src', file), 'utf8');
      const found = source.matchAll(/@example\n((?: \*.*\n)+?) \*\/\nexport (?:async )?function\*? (\w+)/g);
      return [...found].map(([, comment, name]) => ({ name, code: comment.replace(/^ \* ?/gm, '') }));
    });
}

describe('the example of', () => {
  it('twenty names is there', () => {
    expect(examples().length).toBeGreaterThanOrEqual(20);
  });

  it.each(examples().map(({ name, code }) => [name, code] as const))('%s runs', async (_, code) => {
    const folder = tempFolder({ 'piece.mid': pieceBytes(1, 200) });
    const program = Object.entries(FACES).reduce(
      (text, [face, file]) =>
        text.replaceAll(`'${face}'`, JSON.stringify(pathToFileURL(join(ROOT, file)).href)),
      code,
    );
    writeFileSync(join(folder, 'example.mjs'), program);
    const options = { cwd: folder, timeout: 60_000 };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['example.mjs'], options);
    expect([stderr, stdout]).toEqual(['', expect.stringMatching(/\S/)]);
  });
});
