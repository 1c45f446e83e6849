/**
 * Writes `licenses.txt`: the libraries that are part of a build, with the licences that ask to be passed on
 * with them. The texts that packages leave out are in `licenses/`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin, Rollup } from 'vite';

export const LICENSES = 'licenses.txt';
const PACKAGE_FOLDER = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENSE_FILE = /^(licen[cs]e|notice|copying)/i;

/** The plugins for the page and for its workers, which are bundled apart and before it. */
export function licenses(): { ofPage: () => Plugin; ofWorkers: () => Plugin } {
  const folders = new Set<string>();
  const collect = (bundle: Rollup.OutputBundle) => {
    for (const part of Object.values(bundle)) {
      if (part.type !== 'chunk') continue;
      for (const id of part.moduleIds) {
        const folder = PACKAGE_FOLDER.exec(id.replaceAll('\\', '/'))?.[0];
        if (folder !== undefined) folders.add(folder);
      }
    }
  };
  return {
    ofWorkers: () => ({
      name: 'cadenza-licenses-of-workers',
      generateBundle: (_, bundle) => collect(bundle),
    }),
    ofPage: () => ({
      name: 'cadenza-licenses',
      apply: 'build',
      generateBundle(_, bundle) {
        collect(bundle);
        const source = [...folders]
          .map(licenseOf)
          .sort()
          .join(`\n${'-'.repeat(80)}\n\n`);
        this.emitFile({ type: 'asset', fileName: LICENSES, source });
      },
    }),
  };
}

function licenseOf(folder: string): string {
  const { name, version, license, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  const own = fileURLToPath(new URL(`licenses/${name}.txt`, import.meta.url));
  const paths = files.length > 0 ? files.map((file) => join(folder, file)) : [own];
  // A package without a licence's text, here or there, ends the build: it must not be passed on like that.
  const texts = paths.map((path) => readFileSync(path, 'utf8').trim());
  return `${[`${name} ${version}, ${license}`, homepage, ...texts].filter(Boolean).join('\n\n')}\n`;
}
