/**
 * Puts the examples of the guides beside the reference, with the files of the package that they fetch, so
 * that they run in its pages: any web server shows them.
 *
 *   node scripts/reference/live-examples.js         after npm run build and TypeDoc
 */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SITE = join(ROOT, 'reference');
/** They lie beside each other as in the package. */
const PARTS = ['examples/guides', 'examples/output.mid', 'dist/browser', 'dist/assets', 'models', 'sounds'];

for (const part of PARTS) cpSync(join(ROOT, part), join(SITE, part), { recursive: true });

const pages = readdirSync(join(SITE, 'documents')).filter((name) => name.endsWith('.html'));
const missing = pages.flatMap((name) => {
  const html = readFileSync(join(SITE, 'documents', name), 'utf8');
  const sources = Array.from(html.matchAll(/<iframe [^>]*src="([^"]+)"/g), ([, source]) => source);
  return sources
    .filter((source) => !existsSync(join(SITE, 'documents', source)))
    .map((source) => `${name}: ${source}`);
});
if (missing.length > 0) {
  process.stderr.write(`examples that are not there:\n${missing.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write(`${pages.length} guides with their examples in reference/\n`);
