/** What was done, so that it can be undone and done again. */
import type { Session } from './session.js';

interface Step {
  readonly session: Session;
  /** What led away from this session, or to it: "delete B". */
  readonly label: string;
}

export interface History {
  readonly present: Session;
  /** The sessions before, each with what was done then; the latest at the end. */
  readonly past: readonly Step[];
  /** The sessions that were undone, each with what had led to it; the next at the end. */
  readonly future: readonly Step[];
}

/** Steps that can be undone. */
const MOST_STEPS = 200;

export function newHistory(present: Session): History {
  return { present, past: [], future: [] };
}

/** Goes on to another session; what was undone before is done away with. */
export function done(history: History, session: Session, label: string): History {
  if (session === history.present) return history;
  const past = [...history.past, { session: history.present, label }].slice(-MOST_STEPS);
  return { present: session, past, future: [] };
}

/** Goes on without a step of its own: what is looked at is no deed. */
export function changed(history: History, session: Session): History {
  return session === history.present ? history : { ...history, present: session };
}

export function undone(history: History): History {
  const step = history.past.at(-1);
  if (step === undefined) return history;
  const future = [...history.future, { session: history.present, label: step.label }];
  return { present: step.session, past: history.past.slice(0, -1), future };
}

export function redone(history: History): History {
  const step = history.future.at(-1);
  if (step === undefined) return history;
  const past = [...history.past, { session: history.present, label: step.label }];
  return { present: step.session, past, future: history.future.slice(0, -1) };
}

/** What was done while `history` was still being fetched, from some other beginning, comes on top of it. */
export function continued(history: History, meanwhile: History): History {
  const [first, ...others] = meanwhile.past;
  if (first === undefined) return history;
  const past = [...history.past, { ...first, session: history.present }, ...others].slice(-MOST_STEPS);
  return { ...meanwhile, past };
}

/**
 * As if its last step had not been taken, to which `before` had led: what was undone then can be done again.
 */
export function withdrawn(history: History, before: History): History {
  return { ...undone(history), future: before.future };
}

/** The takes that any of its sessions holds. */
export function takesIn({ present, past, future }: History): ReadonlySet<string> {
  const sessions = [present, ...past.map(({ session }) => session), ...future.map(({ session }) => session)];
  return new Set(sessions.flatMap(({ takes }) => takes.map(({ id }) => id)));
}
