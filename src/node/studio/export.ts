/** Writes the studio as a folder that any static host can serve: page, models, sounds and what lists them. */
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CadenzaError } from '../../errors.js';
import { fileError } from '../files/files.js';
import { listModels, locate, PACKAGED_FOLDERS, type StudioFolders } from './files.js';
import { headersFile } from './headers.js';
import { requireApp } from './server.js';

export interface ExportOptions {
  /** The folder to make; it must not exist yet, or be empty. */
  readonly into: string;
  /** A folder of run folders whose models are to be in it too; none by default. */
  readonly runs?: string;
  /** Other folders than the package's own. */
  readonly folders?: Partial<StudioFolders>;
}

export interface Exported {
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes everything or, when something fails, nothing.
 *
 * @throws CadenzaError when the folder holds something already, or cannot be written
 */
export async function exportStudio({ into, runs, folders: others }: ExportOptions): Promise<Exported> {
  const folders: StudioFolders = { ...PACKAGED_FOLDERS, ...others, runs };
  const target = resolve(into);
  requireApp(folders);
  let temporary: string | undefined;
  try {
    await requireEmpty(into);
    await mkdir(dirname(target), { recursive: true });
    temporary = await mkdtemp(join(dirname(target), `.${basename(target)}.`));
    await fill(temporary, folders);
    const size = await measure(temporary);
    const usual = 0o777 & ~process.umask();
    // A temporary folder is its maker's alone; what a web server is to read is not.
    await chmod(temporary, existsSync(target) ? (await stat(target)).mode & 0o777 : usual);
    if (existsSync(target)) await rmdir(target);
    await rename(temporary, target);
    return { folder: into, ...size };
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    throw fileError(error, 'write', into);
  }
}

async function requireEmpty(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  if (!(await stat(folder)).isDirectory()) throw new CadenzaError(`${folder}: is a file; name a new folder`);
  if ((await readdir(folder)).length > 0) {
    throw new CadenzaError(`${folder}: is not empty; name a new folder, or delete what is in it first`);
  }
}

async function fill(folder: string, folders: StudioFolders): Promise<void> {
  await cp(folders.app, folder, { recursive: true });
  const models = await listModels(folders);
  await mkdir(join(folder, 'models'), { recursive: true });
  await writeFile(join(folder, 'models', 'index.json'), `${JSON.stringify(models, null, 2)}\n`);
  for (const { file, card } of models) {
    for (const address of card === undefined ? [file] : [file, card]) {
      const segments = address.split('/').map(decodeURIComponent);
      const place = locate(segments, folders);
      if (place !== undefined) await cp(join(place.root, ...place.path), join(folder, ...segments));
    }
  }
  if (existsSync(folders.sounds)) await cp(folders.sounds, join(folder, 'sounds'), { recursive: true });
  await writeFile(join(folder, '_headers'), headersFile());
}

async function measure(folder: string): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files++;
    bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return { files, bytes };
}
