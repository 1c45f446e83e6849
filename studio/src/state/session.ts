/**
 * A session: a primer, and takes that go on from it or from one another. Everything here is data that is
 * never changed in place, and functions from one session to the next; what the takes hold is kept apart (see
 * `material.ts`).
 */
import type { Beats, NoteTable, Pedal, PerformOptions } from '../../../src/index.js';

/** Where the music came from. */
export interface Source {
  /** What it is called on the page and in files. */
  readonly title: string;
  /** Name of a built-in opening, so that a link can say it in a word. */
  readonly opening?: string;
  readonly notes: NoteTable;
  /** Its beats, where whoever wrote it says them. */
  readonly beats?: Beats;
  readonly pedal?: Pedal;
  /** The MIDI file that it was opened from, so that what is made can be added to it as it is. */
  readonly file?: Uint8Array;
}

/** All that is needed to make a take again, given what it goes on from. */
export interface Recipe {
  readonly model: { readonly id: string; readonly name: string; readonly fingerprint?: string };
  readonly options: Omit<PerformOptions, 'seconds' | 'notes' | 'silence'>;
  /** Which of the variations it is. */
  readonly variation: number;
  readonly seconds: number;
  /** The chords that were asked for, as they were typed; where they lie is in the options. */
  readonly chords?: string;
  readonly isSilentToCut?: boolean;
  /** It was played, or edited, by hand: there is nothing to make again. */
  readonly isPlayed?: boolean;
  readonly isEdited?: boolean;
}

export interface Take {
  readonly id: string;
  /** `A`, `B` …; `A·1` for the first that goes on from A. */
  readonly name: string;
  /** The take it goes on from; the primer where undefined. */
  readonly parent: string | undefined;
  /** Seconds of the parent's piece from which on it is new. */
  readonly cut: number;
  /** Of a rewritten span: from here on the parent's piece stays as it is. */
  readonly until?: number;
  /**
   * Of a span that leads into what follows it: which of the parent's notes stay in it, by their places. Where
   * undefined, the span goes on from what is before it, and nothing in it stays.
   */
  readonly kept?: readonly number[];
  readonly recipe: Recipe;
  readonly isStarred: boolean;
}

export interface Session {
  readonly source: Source;
  /** Every take after the one it goes on from. */
  readonly takes: readonly Take[];
  /** The take that is shown; the primer where undefined. */
  readonly current: string | undefined;
  /** Where the next take goes on in what is shown; its end where undefined. */
  readonly cut: number | undefined;
  /** Where beats and bars lie, where that was set by hand; as the source says where undefined. */
  readonly beats?: Beats;
}

export function newSession(source: Source): Session {
  return { source, takes: [], current: undefined, cut: undefined };
}

export function takeOf(session: Session, id: string | undefined): Take | undefined {
  return session.takes.find((take) => take.id === id);
}

/** How many takes lie between a take and the primer. */
export function depthOf(session: Session, take: Take): number {
  const parent = takeOf(session, take.parent);
  return parent === undefined ? 0 : depthOf(session, parent) + 1;
}

/** Shows a take, or the primer. */
export function select(session: Session, id: string | undefined): Session {
  if (id === session.current) return session;
  return { ...session, current: id, cut: undefined };
}

/** Moves the place where the next take goes on. */
export function moveCut(session: Session, cut: number | undefined): Session {
  return cut === session.cut ? session : { ...session, cut };
}

/** Has bars lie where they are set by hand; as the source says where undefined. */
export function setBeats(session: Session, beats: Beats | undefined): Session {
  const { beats: _, ...rest } = session;
  return beats === undefined ? rest : { ...rest, beats };
}

/** What is new about takes that are to be made; they get their names here. */
export type NewTake = Omit<Take, 'name' | 'isStarred'>;

/** Adds takes beside their siblings, and shows the first. */
export function addTakes(session: Session, added: readonly NewTake[]): Session {
  let next = session;
  for (const take of added) {
    const named = { ...take, name: nextName(next, take.parent), isStarred: false };
    const takes = [...next.takes];
    takes.splice(placeAfter(next, take.parent), 0, named);
    next = { ...next, takes };
  }
  return added.length === 0 ? session : { ...next, current: added[0].id, cut: undefined };
}

/**
 * Puts a take in the place of another, with its name. Where takes go on from the old one it stays, and the
 * new one comes beside it.
 */
export function replaceTake(session: Session, old: string, take: NewTake): Session {
  const replaced = takeOf(session, old);
  if (replaced === undefined || session.takes.some(({ parent }) => parent === old)) {
    return addTakes(session, [take]);
  }
  const { name } = replaced;
  const isStarred = take.recipe.isEdited === true && replaced.isStarred;
  const takes = session.takes.map((other) => (other.id === old ? { ...take, name, isStarred } : other));
  return { ...session, takes, current: take.id, cut: undefined };
}

/** Takes away takes and all that goes on from them. What is shown then is what the shown one went on from. */
export function removeTakes(session: Session, ids: ReadonlySet<string>): Session {
  const gone = new Set<string>();
  // A take stands after the one it goes on from.
  for (const { id, parent } of session.takes) {
    if (ids.has(id) || (parent !== undefined && gone.has(parent))) gone.add(id);
  }
  if (gone.size === 0) return session;
  let current = session.current;
  while (current !== undefined && gone.has(current)) current = takeOf(session, current)?.parent;
  const takes = session.takes.filter(({ id }) => !gone.has(id));
  return { ...session, takes, current, cut: current === session.current ? session.cut : undefined };
}

/** The takes without a star that no starred one goes on from. */
export function unstarred(session: Session): ReadonlySet<string> {
  const kept = new Set<string>();
  for (const take of session.takes.filter(({ isStarred }) => isStarred)) {
    for (let t: Take | undefined = take; t !== undefined; t = takeOf(session, t.parent)) kept.add(t.id);
  }
  return new Set(session.takes.map(({ id }) => id).filter((id) => !kept.has(id)));
}

export function toggleStar(session: Session, id: string): Session {
  const takes = session.takes.map((take) =>
    take.id === id ? { ...take, isStarred: !take.isStarred } : take,
  );
  return { ...session, takes };
}

/** Where the next take of a parent stands: after all that goes on from it, however far. */
function placeAfter({ takes }: Session, parent: string | undefined): number {
  if (parent === undefined) return takes.length;
  const family = new Set([parent]);
  let place = 0;
  for (const [i, take] of takes.entries()) {
    if (take.parent !== undefined && family.has(take.parent)) family.add(take.id);
    if (family.has(take.id)) place = i + 1;
  }
  return place;
}

/** The first name that no take of this parent has. */
function nextName(session: Session, parent: string | undefined): string {
  const taken = new Set(session.takes.map(({ name }) => name));
  const prefix = takeOf(session, parent)?.name;
  for (let n = 0; ; n++) {
    const name = prefix === undefined ? letters(n) : `${prefix}·${n + 1}`;
    if (!taken.has(name)) return name;
  }
}

/** A … Z, AA, AB … */
function letters(n: number): string {
  const last = String.fromCharCode(65 + (n % 26));
  return n < 26 ? last : letters(Math.floor(n / 26) - 1) + last;
}
