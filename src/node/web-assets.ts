/**
 * Puts the files that `cadenza/web` and `cadenza/player` fetch into a folder of somebody's site, for bundlers
 * that do not copy them.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CadenzaError } from '../errors.js';
import { writeFileAtomic } from './files/atomic-file.js';
import { fileError } from './files/files.js';
import { listShippedModels, resolveModel } from './files/model-files.js';
import { packageVersion } from './files/package-info.js';

export interface WebAssetsOptions {
  /** The folder; made where it is not there. */
  readonly into: string;
  /** The shipped models to put there; all of them where not given. */
  readonly models?: readonly string[];
}

export interface WebAssets {
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Says which files of a folder are ours: they may be replaced, and go when they are no longer needed. */
const LIST = 'cadenza-assets.json';
const packaged = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Copies workers, runtime, synthesiser, piano and models. A folder that it made before is brought up to date.
 *
 * @throws CadenzaError when the folder holds files of somebody else by the same names, a model does not
 *   exist, or something cannot be written
 */
export async function copyWebAssets({ into, models }: WebAssetsOptions): Promise<WebAssets> {
  try {
    const sources = await assetFiles(models);
    const before = await listed(into);
    const foreign = [...sources.keys()].filter(
      (name) => !before.includes(name) && existsSync(join(into, name)),
    );
    if (foreign.length > 0) {
      throw new CadenzaError(
        `${join(into, foreign[0])}: is there already and not written by this command; name another folder`,
      );
    }
    await mkdir(into, { recursive: true });
    const files = [...sources.keys()];
    // Listed before they are there, so that what is cut short can be done again.
    await writeList(into, [...new Set([...before, ...files])]);
    let bytes = 0;
    for (const [name, source] of sources) {
      const content = await readFile(source);
      await writeFileAtomic(join(into, name), content);
      bytes += content.length;
    }
    for (const name of before) if (!sources.has(name)) await rm(join(into, name), { force: true });
    await writeList(into, files);
    return { folder: into, files, bytes };
  } catch (error) {
    throw fileError(error, 'write', into);
  }
}

/** What lies where, by the name that `src/web/assets.ts` looks for. */
async function assetFiles(wanted?: readonly string[]): Promise<Map<string, string>> {
  const folder = packaged('dist/assets');
  if (!existsSync(folder))
    throw new CadenzaError('the package is not built; run "npm run build" in its folder');
  const files = new Map((await readdir(folder)).map((name) => [name, join(folder, name)]));
  files.set('piano.sf3', packaged('sounds/piano.sf3'));
  const shipped = await listShippedModels();
  for (const name of wanted ?? shipped) {
    if (!shipped.includes(name)) {
      throw new CadenzaError(`there is no shipped model ${name}; there are ${shipped.join(', ')}`);
    }
    files.set(`${name}.safetensors`, (await resolveModel(name)).path);
  }
  return files;
}

function writeList(into: string, files: readonly string[]): Promise<void> {
  return writeFileAtomic(
    join(into, LIST),
    `${JSON.stringify({ version: packageVersion(), files }, null, 2)}\n`,
  );
}

/** The files that this command wrote into a folder. */
async function listed(folder: string): Promise<readonly string[]> {
  const path = join(folder, LIST);
  if (!existsSync(path)) return [];
  try {
    const { files } = JSON.parse(await readFile(path, 'utf8')) as { files: unknown };
    // Names only: a list must not reach files elsewhere.
    if (Array.isArray(files) && files.every((name) => typeof name === 'string' && /^[\w.-]+$/.test(name))) {
      return files as string[];
    }
  } catch {
    // It says nothing that can be used.
  }
  throw new CadenzaError(`${path}: is not what this command writes; delete it, or name another folder`);
}
