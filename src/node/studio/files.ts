/** Where the studio's server looks for what is asked of it, and nowhere else. */
import { constants, existsSync } from 'node:fs';
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listShippedModels } from '../files/model-files.js';

/** The folders that are served. */
export interface StudioFolders {
  /** The built page. */
  readonly app: string;
  /** Shipped models, `NAME/NAME.safetensors` with `NAME/README.md`. */
  readonly models: string;
  /** Sounds of instruments. */
  readonly sounds: string;
  /** Run folders; of each only its weights are served. */
  readonly runs?: string;
}

/** A model that the page can fetch, as `models/index.json` lists it. */
export interface ListedModel {
  readonly name: string;
  readonly kind: 'shipped' | 'run';
  /** Address of the weights, relative to the page's. */
  readonly file: string;
  /** Address of the model's card. */
  readonly card?: string;
  readonly bytes: number;
}

const packaged = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The package's own folders. */
export const PACKAGED_FOLDERS: StudioFolders = {
  app: packaged('dist/studio/'),
  models: packaged('models/'),
  sounds: packaged('sounds/'),
};

const WEIGHTS = ['best.safetensors', 'last.safetensors'];

/** Which file of which folder an address means; undefined where there is nothing to give. */
export function locate(
  segments: readonly string[],
  { app, models, sounds, runs }: StudioFolders,
): { readonly root: string; readonly path: readonly string[] } | undefined {
  const [first, ...path] = segments;
  const [name, file] = path;
  switch (first) {
    case 'models':
      return path.length === 2 && [`${name}.safetensors`, 'README.md'].includes(file)
        ? { root: models, path }
        : undefined;
    case 'sounds':
      return path.length === 1 ? { root: sounds, path } : undefined;
    case 'runs':
      return runs !== undefined && path.length === 2 && WEIGHTS.includes(file)
        ? { root: runs, path }
        : undefined;
    default:
      return { root: app, path: segments.length === 0 ? ['index.html'] : segments };
  }
}

/**
 * Opens a regular file within a folder; undefined where there is none, also where a symbolic link leads out
 * of the folder or to something hidden.
 */
export async function openWithin(root: string, path: readonly string[]): Promise<FileHandle | undefined> {
  const found = await pathWithin(root, path);
  if (found === undefined) return undefined;
  // Links were followed above; one that takes the file's place since is not, and a pipe does not hold us up.
  const handle = await open(
    found,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  ).catch(() => undefined);
  if (handle === undefined || (await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

async function pathWithin(root: string, path: readonly string[]): Promise<string | undefined> {
  try {
    const inside = (await realpath(root)).replace(/[/\\]+$/, '') + sep;
    const found = await realpath(join(inside, ...path));
    const hidden = found
      .slice(inside.length)
      .split(sep)
      .some((name) => name.startsWith('.'));
    return found.startsWith(inside) && !hidden ? found : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The models that the page can choose from: the shipped ones, then those of the run folders, newest first.
 */
export async function listModels({ models, runs }: StudioFolders): Promise<ListedModel[]> {
  const listed: ListedModel[] = [];
  for (const name of await listShippedModels(models)) {
    const file = await stat(join(models, name, `${name}.safetensors`));
    const address = (path: string) => `models/${encodeURIComponent(name)}/${path}`;
    const card = existsSync(join(models, name, 'README.md')) ? { card: address('README.md') } : {};
    listed.push({
      name,
      kind: 'shipped',
      file: address(encodeURIComponent(`${name}.safetensors`)),
      ...card,
      bytes: file.size,
    });
  }
  return runs === undefined ? listed : [...listed, ...(await listRuns(runs))];
}

async function listRuns(runs: string): Promise<ListedModel[]> {
  const found: { model: ListedModel; changed: number }[] = [];
  for (const name of await readdir(runs).catch(() => [])) {
    if (name.startsWith('.') || !existsSync(join(runs, name, 'config.json'))) continue;
    for (const file of WEIGHTS) {
      const path = await pathWithin(runs, [name, file]);
      if (path === undefined) continue;
      const { size, mtimeMs } = await stat(path);
      const model = {
        name,
        kind: 'run',
        file: `runs/${encodeURIComponent(name)}/${file}`,
        bytes: size,
      } as const;
      found.push({ model, changed: mtimeMs });
      break;
    }
  }
  return found.sort((a, b) => b.changed - a.changed).map(({ model }) => model);
}
