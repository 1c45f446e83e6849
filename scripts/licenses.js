/**
 * The libraries that are part of a build, with the licences that ask to be passed on with them. The texts
 * that packages leave out are in `licenses/`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const LICENSES = 'licenses.txt';
const BETWEEN = `\n${'-'.repeat(80)}\n\n`;
const PACKAGE_FOLDER = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENSE_FILE = /^(licen[cs]e|notice|copying)/i;

/** Collects from any number of builds. */
export class LicenseCollector {
  /** @type {Set<string>} folders of packages */
  #folders = new Set();
  /** @type {Set<string>} of earlier builds */
  #texts = new Set();

  /** The plugin for a build whose libraries are to be among them. */
  plugin() {
    return { name: 'cadenza-licenses', generateBundle: (_, bundle) => this.#collect(bundle) };
  }

  /** The plugin for the last of several builds: it also writes the file, beside what is built. */
  lastPlugin() {
    const collect = (bundle) => this.#collect(bundle);
    const text = () => this.text;
    return {
      name: 'cadenza-licenses',
      apply: 'build',
      generateBundle(_, bundle) {
        collect(bundle);
        this.emitFile({ type: 'asset', fileName: LICENSES, source: text() });
      },
    };
  }

  /** Takes in those of an earlier build, of which this one copies files. */
  include(folder) {
    for (const text of readFileSync(join(folder, LICENSES), 'utf8').split(BETWEEN)) this.#texts.add(text);
  }

  /** Takes in a library that is no package: its text is in `licenses/`. */
  add(name) {
    this.#texts.add(readFileSync(fileURLToPath(new URL(`licenses/${name}.txt`, import.meta.url)), 'utf8'));
  }

  /** All licences. */
  get text() {
    const own = [...this.#folders].map(licenseOf);
    return [...new Set([...this.#texts, ...own])].sort().join(BETWEEN);
  }

  /** Writes them into a folder. */
  write(folder) {
    writeFileSync(join(folder, LICENSES), this.text);
  }

  #collect(bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type !== 'chunk') continue;
      for (const id of part.moduleIds) {
        const folder = PACKAGE_FOLDER.exec(id.replaceAll('\\', '/'))?.[0];
        if (folder !== undefined) this.#folders.add(folder);
      }
    }
  }
}

function licenseOf(folder) {
  const { name, version, license, homepage } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENSE_FILE.test(file));
  const own = fileURLToPath(new URL(`licenses/${name}.txt`, import.meta.url));
  const paths = files.length > 0 ? files.map((file) => join(folder, file)) : [own];
  // A package without a licence's text, here or there, ends the build: it must not be passed on like that.
  const texts = paths.map((path) => readFileSync(path, 'utf8').trim());
  return `${[`${name} ${version}, ${license}`, homepage, ...texts].filter(Boolean).join('\n\n')}\n`;
}
