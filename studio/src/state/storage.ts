/** Keeps the session in the browser's storage, undone steps and all, so that it reopens as it was. */
import { createStore as createDatabase, delMany, get, getMany, keys, set, setMany } from 'idb-keyval';
import { type History, takesIn } from './history.js';
import type { Material, Materials } from './material.js';

const database = createDatabase('cadenza-sessions', 'session');
const HISTORY_KEY = 'history';
const TAKE_PREFIX = 'take/';
const SOON = 100;
const LATER = 1500;

/** The session of the last visit; undefined at the first. */
export async function restoreSession(): Promise<{ history: History; materials: Materials } | undefined> {
  const history = await get<History>(HISTORY_KEY, database);
  if (history === undefined) return undefined;
  const ids = [...takesIn(history)];
  const kept = await getMany<Material>(
    ids.map((id) => TAKE_PREFIX + id),
    database,
  );
  const materials = Object.fromEntries(
    ids.flatMap((id, i) => {
      const material = kept[i];
      if (material === undefined) return [];
      // Whatever was being made when the page closed has stopped there.
      return [[id, material.state === 'making' ? { ...material, state: 'stopped' as const } : material]];
    }),
  );
  return { history, materials };
}

/**
 * Writes what changed since it was last asked to: at most one write at a time, and the latest always gets
 * written.
 */
export class SessionKeeper {
  private wanted: { readonly history: History; readonly materials: Materials } | undefined;
  private writing: Promise<void> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private written: Materials = {};
  private writtenHistory: History | undefined;

  constructor(private readonly onProblem: (error: unknown) => void) {}

  /** What is there already. */
  known(history: History, materials: Materials): void {
    this.writtenHistory = history;
    this.written = materials;
  }

  /** Writes it soon: what was done within moments, what is still being made now and then. */
  keep(history: History, materials: Materials): void {
    const isDeed = history !== (this.wanted?.history ?? this.writtenHistory);
    this.wanted = { history, materials };
    if (isDeed) clearTimeout(this.timer);
    if (isDeed || this.timer === undefined) {
      this.timer = setTimeout(() => void this.flush(), isDeed ? SOON : LATER);
    }
  }

  /** Writes at once; resolves when all is written. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.writing !== undefined) await this.writing;
    if (this.wanted === undefined) return;
    this.writing = this.write(this.wanted).catch(this.onProblem);
    this.wanted = undefined;
    await this.writing;
    this.writing = undefined;
  }

  private async write({ history, materials }: { history: History; materials: Materials }): Promise<void> {
    const kept = takesIn(history);
    const fresh = Object.entries(materials).filter(
      ([id, material]) => kept.has(id) && this.written[id] !== material,
    );
    // Takes first: a history never names what is not there.
    if (fresh.length > 0) {
      await setMany(
        fresh.map(([id, material]) => [TAKE_PREFIX + id, material]),
        database,
      );
    }
    if (history !== this.writtenHistory) {
      await set(HISTORY_KEY, history, database);
      const stored = await keys<string>(database);
      const gone = stored.filter(
        (key) => key.startsWith(TAKE_PREFIX) && !kept.has(key.slice(TAKE_PREFIX.length)),
      );
      if (gone.length > 0) await delMany(gone, database);
    }
    this.written = materials;
    this.writtenHistory = history;
  }
}

/**
 * Whether this page may write: only one at a time, or two tabs would overwrite each other. The right lasts as
 * long as the page.
 */
export async function claimStorage(): Promise<boolean> {
  if (navigator.locks === undefined) return true; // not served securely; nobody to ask
  return new Promise((resolve) => {
    navigator.locks
      .request('cadenza-session', { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>(() => {});
      })
      .catch(() => resolve(true));
  });
}
