/** The models one can play with: shipped, of run folders, and those kept in this browser. */
import { createStore as createDatabase, del, entries, get, setMany } from 'idb-keyval';
import { CadenzaError, decodeCheckpoint, modelFromCheckpoint } from '../../../src/index.js';
import { createStore } from './store.js';

export interface ModelEntry {
  /** What sessions remember: `shipped:maestro`, `run:performance-001`, `kept:` and a fingerprint. */
  readonly id: string;
  readonly name: string;
  /** Where it comes from. */
  readonly origin: 'shipped' | 'run' | 'kept';
  readonly bytes: number;
  /** Where its weights are; kept ones are in the browser's storage. */
  readonly file?: string;
  /** Where its card is. */
  readonly card?: string;
}

interface ModelsState {
  readonly entries: readonly ModelEntry[];
  /** Of the one to play with. */
  readonly chosen: string;
}

/** What `models/index.json` lists. */
interface IndexEntry {
  readonly name: string;
  readonly kind: 'shipped' | 'run';
  readonly file: string;
  readonly card?: string;
  readonly bytes: number;
}

/** A model in the browser's storage, beside its weights. */
interface Kept {
  readonly name: string;
  readonly bytes: number;
  readonly card?: string;
}

export const DEFAULT_MODEL = 'shipped:maestro';
const CHOSEN_KEY = 'cadenza.model';
const SHIPPED: readonly ModelEntry[] = [
  {
    id: DEFAULT_MODEL,
    name: 'maestro',
    origin: 'shipped',
    bytes: 0, // not known without the list
    file: 'models/maestro/maestro.safetensors',
    card: 'models/maestro/README.md',
  },
];

export const models = createStore<ModelsState>({
  entries: SHIPPED,
  chosen: localStorage.getItem(CHOSEN_KEY) ?? DEFAULT_MODEL,
});

const database = createDatabase('cadenza-models', 'models');

/** The one to play with: the chosen one, or the first where that is gone. */
export function chosenModel({ entries, chosen }: ModelsState = models.get()): ModelEntry {
  return entries.find(({ id }) => id === chosen) ?? entries[0];
}

export function chooseModel(id: string): void {
  localStorage.setItem(CHOSEN_KEY, id);
  // Also where it was chosen before: another choice is another try.
  models.set(({ entries }) => ({ chosen: id, entries: [...entries] }));
}

/** Reads the list anew, from the server and from the browser's storage. */
export async function refreshModels(): Promise<void> {
  const [listed, kept] = await Promise.all([listedModels(), keptModels()]);
  models.set({ entries: [...listed, ...kept] });
}

async function listedModels(): Promise<readonly ModelEntry[]> {
  try {
    const response = await fetch('models/index.json');
    if (!response.ok) return SHIPPED;
    const index = (await response.json()) as readonly IndexEntry[];
    return index.map(({ kind: origin, ...entry }) => ({ ...entry, origin, id: `${origin}:${entry.name}` }));
  } catch {
    return SHIPPED; // a host that has only what is shipped, or none within reach
  }
}

async function keptModels(): Promise<readonly ModelEntry[]> {
  const kept = await entries<string, Kept | Uint8Array>(database).catch(() => []);
  return kept.flatMap(([key, value]) =>
    value instanceof Uint8Array
      ? []
      : [{ id: `kept:${key}`, name: value.name, origin: 'kept' as const, bytes: value.bytes }],
  );
}

/**
 * Keeps a model in the browser's storage, from a dropped file or trained here; the same file only once.
 *
 * @returns what to choose it by
 * @throws CadenzaError when it is no model of Cadenza's, or the storage is full
 */
export async function keepModel(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  card?: string,
): Promise<string> {
  modelFromCheckpoint(decodeCheckpoint(bytes, name));
  const key = await fingerprint(bytes);
  const plain = name.replace(/\.safetensors$/i, '');
  try {
    await setMany(
      [
        [key, { name: plain, bytes: bytes.length, card } satisfies Kept],
        [`${key}/weights`, bytes],
      ],
      database,
    );
  } catch (error) {
    throw new CadenzaError(`${name}: the browser's storage did not take it (${(error as Error).message})`);
  }
  await refreshModels();
  return `kept:${key}`;
}

/** Takes a kept model out of the browser's storage. */
export async function forgetModel({ id, origin }: ModelEntry): Promise<void> {
  if (origin !== 'kept') return;
  const key = id.slice('kept:'.length);
  await Promise.all([del(key, database), del(`${key}/weights`, database)]);
  await refreshModels();
}

/**
 * The file of a model.
 *
 * @throws CadenzaError when it cannot be had
 */
export async function modelBytes({ id, name, file }: ModelEntry): Promise<Uint8Array<ArrayBuffer>> {
  if (file === undefined) {
    const bytes = await get<Uint8Array<ArrayBuffer>>(`${id.slice('kept:'.length)}/weights`, database);
    if (bytes === undefined)
      throw new CadenzaError(`the model ${name} is no longer in the browser's storage`);
    return bytes;
  }
  const response = await fetch(file).catch(() => undefined);
  if (response?.ok) return new Uint8Array(await response.arrayBuffer());
  throw new CadenzaError(`the model ${name} could not be loaded; is the studio still being served?`);
}

/** The text of a model's card; undefined where it has none. */
export async function modelCard({ id, origin, card }: ModelEntry): Promise<string | undefined> {
  if (origin === 'kept') {
    const kept = await get<Kept>(id.slice('kept:'.length), database);
    return kept?.card;
  }
  const response = card === undefined ? undefined : await fetch(card).catch(() => undefined);
  return response?.ok ? response.text() : undefined;
}

/** Tells one file from all others; by its length and a sum where the page is not served securely. */
export async function fingerprint(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (crypto.subtle === undefined) {
    const sum = bytes.reduce((hash, byte) => (Math.imul(hash, 31) + byte) | 0, 7);
    return `${bytes.length.toString(16)}-${(sum >>> 0).toString(16)}`;
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
