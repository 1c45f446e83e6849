import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CadenzaError } from '../../errors.js';
import { fileError } from './files.js';

/** Where the weights of a model lie, and what named them. */
export interface ModelFile {
  /** The `.safetensors` file. */
  readonly path: string;
  /** A model that comes with the package, the folder of a training run, or a file. */
  readonly origin: 'shipped' | 'run' | 'file';
}

/** The package's models; the same place seen from `src/node` and from `dist/node`. */
const SHIPPED_FOLDER = fileURLToPath(new URL('../../../models/', import.meta.url));

/**
 * Finds the weights of a model, which everywhere is the name of a shipped model, a run folder (its best
 * weights, else its last), or a `.safetensors` file. A shipped name goes before a folder of that name: write
 * `./name` for the folder.
 *
 * @param shippedFolder the folder of shipped models, `NAME/NAME.safetensors`
 * @throws CadenzaError when there is no such model, or a run has no weights yet
 */
export async function resolveModel(model: string, shippedFolder = SHIPPED_FOLDER): Promise<ModelFile> {
  const shipped = await listShippedModels(shippedFolder);
  if (shipped.includes(model)) return { path: shippedPath(shippedFolder, model), origin: 'shipped' };

  const info = await stat(model).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw fileError(error, 'read', model);
  });
  if (info === undefined) throw new CadenzaError(await notFound(model, shipped));
  if (info.isDirectory()) return { path: await weightsOfRun(model), origin: 'run' };
  if (!model.endsWith('.safetensors')) {
    throw new CadenzaError(
      `${model}: not a model; name a .safetensors file, a run folder, or a shipped model (${listed(shipped)})`,
    );
  }
  return { path: model, origin: 'file' };
}

/** Names of the models that come with the package, sorted. */
export async function listShippedModels(shippedFolder = SHIPPED_FOLDER): Promise<string[]> {
  const names = existsSync(shippedFolder) ? await readdir(shippedFolder) : [];
  return names.filter((name) => existsSync(shippedPath(shippedFolder, name))).sort();
}

function shippedPath(folder: string, name: string): string {
  return join(folder, name, `${name}.safetensors`);
}

async function weightsOfRun(folder: string): Promise<string> {
  if (!existsSync(join(folder, 'config.json'))) {
    const runs = (await readdir(folder)).filter((name) => existsSync(join(folder, name, 'config.json')));
    const run = runs.sort().at(-1);
    throw new CadenzaError(
      `${folder}: not a run folder, it has no config.json; ` +
        (run === undefined ? 'name a folder that cadenza train made' : `did you mean ${join(folder, run)}?`),
    );
  }
  for (const file of ['best.safetensors', 'last.safetensors']) {
    const path = join(folder, file);
    if (existsSync(path)) return path;
  }
  throw new CadenzaError(`${folder}: the run has no weights yet; let it train for at least one epoch`);
}

async function notFound(model: string, shipped: readonly string[]): Promise<string> {
  const folder = dirname(model);
  const beside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const paths = beside
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.safetensors'))
    .map((entry) => join(folder, entry.name));
  const near = nearest(model, [...shipped, ...paths]);
  const hint = near === undefined ? '' : `did you mean ${near}? `;
  return (
    `${model}: no such model; ${hint}` +
    `name a shipped model (${listed(shipped)}), a run folder, or a .safetensors file`
  );
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.join(', ') : 'none in this package';
}

/** The candidate within a third of the word's letters of being it. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance: letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
