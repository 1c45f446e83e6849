/** Writes `licenses.txt`: the libraries that are part of a build, with the licences that ask to be passed on with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rollup } from 'vite';

const OUTPUT = 'licenses.txt';
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
        this.emitFile({ type: 'asset', fileName: OUTPUT, source });
      },
    }),
  };
}

function licenseOf(folder: string): string {
  const { name, version, license, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((file) => LICENSE_FILE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return `${[`${name} ${version}, ${license}`, homepage, ...texts].filter(Boolean).join('\n\n')}\n`;
}
