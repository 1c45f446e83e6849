/** Keeps sessions in the browser's storage, undone steps and all, so that each reopens as it was. */
import { createStore as createDatabase, delMany, get, getMany, keys, set, setMany } from 'idb-keyval';
import { type History, takesIn } from './history.js';
import type { Material, Materials } from './material.js';

const database = createDatabase('cadenza-sessions', 'session');
/** The session that there is before anybody makes another. */
export const FIRST_SESSION = 'first';
const HISTORY = 'history';
const ABOUT = 'about';
const TAKE = 'take/';
const SOON = 100;
const LATER = 1500;
/** After it did not take something. */
const ONCE_MORE = 5000;

/** What a list of sessions says of each. */
export interface SessionAbout {
  readonly id: string;
  readonly name: string;
  /** Whether somebody has named it; else it is called as its primer is. */
  readonly isNamed?: boolean;
  /** Milliseconds of the clock when it was changed last. */
  readonly changed: number;
  readonly takes: number;
}

/** The first session's keys stand alone; those of others begin with their ids. */
const keyOf = (id: string, rest: string) => (id === FIRST_SESSION ? rest : `${id}/${rest}`);
const isOf = (id: string, key: string) =>
  id === FIRST_SESSION ? /^(history|about|take\/)/.test(key) : key.startsWith(`${id}/`);

/** All sessions, the one that was changed last first. */
export async function listSessions(): Promise<SessionAbout[]> {
  const all = await keys<string>(database);
  const found = await getMany<SessionAbout | undefined>(
    all.filter((key) => key === ABOUT || key.endsWith(`/${ABOUT}`)),
    database,
  );
  const listed = found.filter((about) => about !== undefined);
  const isListed = listed.some(({ id }) => id === FIRST_SESSION);
  const first = isListed ? undefined : await get<History>(HISTORY, database);
  if (first !== undefined) {
    // From before there were several.
    const { source, takes } = first.present;
    listed.push({ id: FIRST_SESSION, name: source.title, changed: 0, takes: takes.length });
  }
  return listed.sort((a, b) => b.changed - a.changed);
}

/** A session as it was left; undefined where there is none. */
export async function restoreSession(
  session: string,
): Promise<{ history: History; materials: Materials } | undefined> {
  const history = await get<History>(keyOf(session, HISTORY), database);
  if (history === undefined) return undefined;
  const ids = [...takesIn(history)];
  const kept = await getMany<Material>(
    ids.map((id) => keyOf(session, TAKE + id)),
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

/** What the storage holds of a session. */
export type Entries = readonly (readonly [key: string, value: unknown])[];

async function entriesOf(session: string): Promise<Entries> {
  const own = (await keys<string>(database)).filter((key) => isOf(session, key));
  const values = await getMany<unknown>(own, database);
  return own.map((key, i) => [key, values[i]]);
}

/** Takes a session out of the storage; gives what it held, to be put back. */
export async function removeSession(session: string): Promise<Entries> {
  const entries = await entriesOf(session);
  await delMany(
    entries.map(([key]) => key),
    database,
  );
  return entries;
}

export const putBack = (entries: Entries): Promise<void> => setMany(entries as [string, unknown][], database);

/** Copies all of a session. */
export async function copySession(from: string, about: SessionAbout): Promise<void> {
  const own = (await entriesOf(from)).filter(([key]) => key !== keyOf(from, ABOUT));
  const rest = (key: string) => (from === FIRST_SESSION ? key : key.slice(from.length + 1));
  const copied = own.map(([key, value]) => [keyOf(about.id, rest(key)), value] as [string, unknown]);
  await setMany([...copied, [keyOf(about.id, ABOUT), about]], database);
}

/** Gives a session another name. */
export async function nameSession(session: string, name: string): Promise<void> {
  const about = await get<SessionAbout>(keyOf(session, ABOUT), database);
  if (about !== undefined) await set(keyOf(session, ABOUT), { ...about, name, isNamed: true }, database);
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

  private session = FIRST_SESSION;
  private isFailing = false;

  /**
   * @param onProblem called once where the storage takes nothing; it is tried until it does
   * @param onKept called after every write
   */
  constructor(
    private readonly onProblem: (error: unknown) => void,
    private readonly onKept: (session: string) => void = () => {},
  ) {}

  /** Which session is kept from now on, and what is there of it already. */
  known(session: string, history?: History, materials: Materials = {}): void {
    this.session = session;
    this.wanted = undefined;
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
    const { wanted, session } = this;
    if (wanted === undefined) return;
    this.wanted = undefined;
    this.writing = this.write(wanted).then(
      () => {
        this.isFailing = false;
        this.onKept(session);
      },
      (error) => {
        if (!this.isFailing) this.onProblem(error);
        this.isFailing = true;
        if (this.session !== session) return;
        this.wanted ??= wanted;
        this.timer ??= setTimeout(() => void this.flush(), ONCE_MORE);
      },
    );
    await this.writing;
    this.writing = undefined;
  }

  private async write({ history, materials }: { history: History; materials: Materials }): Promise<void> {
    const { session } = this;
    const before = await get<SessionAbout>(keyOf(session, ABOUT), database);
    // Somebody may have cleared the storage meanwhile: then all is written anew.
    const isCleared = before === undefined;
    const kept = takesIn(history);
    const fresh = Object.entries(materials).filter(
      ([id, material]) => kept.has(id) && (isCleared || this.written[id] !== material),
    );
    // Takes first: a history never names what is not there.
    if (fresh.length > 0) {
      await setMany(
        fresh.map(([id, material]) => [keyOf(session, TAKE + id), material]),
        database,
      );
    }
    if (isCleared || history !== this.writtenHistory) {
      const { present } = history;
      const name = before?.isNamed ? before.name : present.source.title;
      const about = { ...before, id: session, name, changed: Date.now(), takes: present.takes.length };
      await setMany(
        [
          [keyOf(session, HISTORY), history],
          [keyOf(session, ABOUT), about],
        ],
        database,
      );
      const prefix = keyOf(session, TAKE);
      const stored = await keys<string>(database);
      const gone = stored.filter((key) => key.startsWith(prefix) && !kept.has(key.slice(prefix.length)));
      if (gone.length > 0) await delMany(gone, database);
    }
    // Of a take that was begun and came to nothing there is nothing to keep.
    const emptied = Object.keys(this.written).filter((id) => materials[id] === undefined);
    if (emptied.length > 0)
      await delMany(
        emptied.map((id) => keyOf(session, TAKE + id)),
        database,
      );
    // Only those: what no step names is taken out, and comes back where the step is withdrawn that led away.
    this.written = Object.fromEntries(Object.entries(materials).filter(([id]) => kept.has(id)));
    this.writtenHistory = history;
  }
}

/**
 * The right to write a session, which only one page at a time has, or two tabs would overwrite each other.
 *
 * @param patience milliseconds to wait for it
 * @returns how to give it back; undefined where another page has it
 */
export async function claimSession(session: string, patience = 0): Promise<(() => void) | undefined> {
  if (navigator.locks === undefined) return () => {}; // not served securely; nobody to ask
  const signal = AbortSignal.timeout(patience);
  return new Promise((resolve) => {
    navigator.locks
      .request(`cadenza-session ${session}`, patience > 0 ? { signal } : { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(undefined);
          return undefined;
        }
        return new Promise<void>((release) => resolve(release));
      })
      .catch(() => resolve(patience > 0 && signal.aborted ? undefined : () => {}));
  });
}
