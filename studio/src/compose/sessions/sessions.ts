/** Sessions in the browser's storage: kept as they are worked on, opened, copied, deleted. */
import { CadenzaError } from '../../../../src/index.js';
import { transport } from '../../shell/sound.js';
import { continued, newHistory } from '../../state/history.js';
import { complain, say } from '../../state/messages.js';
import { newSession } from '../../state/session.js';
import { OPENINGS } from '../../state/session-file.js';
import {
  claimSession,
  copySession,
  FIRST_SESSION,
  listSessions,
  nameSession,
  putBack,
  removeSession,
  restoreSession,
  type SessionAbout,
  SessionKeeper,
} from '../../state/storage.js';
import { createStore } from '../../state/store.js';
import { newId, studio } from '../studio.js';

/** What there is, the one that was changed last first. */
export const sessions = createStore<{ readonly all: readonly SessionAbout[] }>({ all: [] });

/** The session of this tab stays its own over a reload; a new tab begins with the one used last. */
const THIS_TAB = 'cadenza.session';

/** Milliseconds for which a tab that is being closed may still have its session. */
const CLOSING = 1000;

const keeper = new SessionKeeper(
  (error) =>
    complain(
      new CadenzaError(
        `this browser's storage does not take the session (${(error as Error).message}); ` +
          'make room, or export the session: it is tried again',
      ),
    ),
  // With the storage it may have been forgotten.
  remember,
);
let giveBack = () => {};

function remember(id: string): void {
  sessionStorage.setItem(THIS_TAB, id);
  localStorage.setItem(THIS_TAB, id);
}

const lastUsed = () => sessionStorage.getItem(THIS_TAB) ?? localStorage.getItem(THIS_TAB) ?? FIRST_SESSION;

export async function refreshSessions(): Promise<void> {
  await keeper.flush();
  sessions.set({ all: await listSessions().catch(() => []) });
}

/**
 * The session of the last visit, if there is one; from now on all changes are kept. Whoever was quicker
 * than the storage keeps what he opened, on top of that session. Where another tab has it, this one begins
 * another.
 */
export async function openStudio(): Promise<void> {
  let id = lastUsed();
  // Read when it is this tab's: one that is just being closed writes to the last.
  const claimed = await claimSession(id, CLOSING);
  const restored = claimed && (await restoreSession(id).catch(() => undefined));
  const { history: meanwhile, materials } = studio.get();
  if (claimed === undefined) {
    id = newId();
    giveBack = (await claimSession(id)) ?? giveBack;
    keeper.known(id);
    say('The last session is open in another tab; this is a new one. All are under “Sessions”.');
  } else {
    giveBack = claimed;
    keeper.known(id, restored?.history, restored?.materials);
    if (restored !== undefined) {
      const history = continued(restored.history, meanwhile);
      studio.set({ history, materials: { ...restored.materials, ...materials } });
    }
  }
  remember(id);
  studio.set({ sessionId: id, isReady: true });
  const keep = () => {
    const { history, materials } = studio.get();
    keeper.keep(history, materials);
  };
  studio.subscribe(keep);
  if (meanwhile.past.length > 0) keep();
  addEventListener('pagehide', () => void keeper.flush());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) void keeper.flush();
  });
}

/** Shows another session, in place of the one that is open, which stays in the storage. */
async function show(id: string, opened: Awaited<ReturnType<typeof restoreSession>>): Promise<boolean> {
  const claimed = await claimSession(id);
  if (claimed === undefined) {
    complain(new CadenzaError('this session is open in another tab; go on there, or close it'));
    return false;
  }
  studio.get().stopLive();
  studio.get().making?.cancel();
  transport.pause();
  await keeper.flush();
  giveBack();
  giveBack = claimed;
  keeper.known(id, opened?.history, opened?.materials);
  remember(id);
  studio.set({
    sessionId: id,
    history: opened?.history ?? newHistory(newSession(OPENINGS.prelude())),
    materials: opened?.materials ?? {},
    selection: undefined,
    picked: [],
    keeping: 'nothing',
  });
  transport.seek(0);
  return true;
}

export async function openKept(id: string): Promise<void> {
  if (id !== studio.get().sessionId) await show(id, await restoreSession(id));
}

/** Begins a session beside the others. */
export async function beginSession(): Promise<void> {
  if (await show(newId(), undefined)) say('A new session; the others are under “Sessions”.');
}

export async function duplicateSession({ id, name }: SessionAbout): Promise<void> {
  await keeper.flush();
  const copy = { id: newId(), name: `${name} (copy)`, isNamed: true, changed: Date.now() };
  const about = sessions.get().all.find((each) => each.id === id);
  await copySession(id, { ...copy, takes: about?.takes ?? 0 });
  await openKept(copy.id);
  await refreshSessions();
}

export async function renameSession(id: string, name: string): Promise<void> {
  await keeper.flush();
  if (name.trim() !== '') await nameSession(id, name.trim());
  await refreshSessions();
}

/**
 * Deletes a session that is not the open one; what was deleted can be had back as long as the page is open.
 */
export async function deleteSession({ id, name }: SessionAbout): Promise<void> {
  const claimed = await claimSession(id);
  if (claimed === undefined) {
    complain(new CadenzaError('this session is open in another tab; close it there first'));
    return;
  }
  const entries = await removeSession(id);
  claimed();
  await refreshSessions();
  const undo = async () => {
    await putBack(entries);
    await refreshSessions();
  };
  say(`Deleted: ${name}.`, { label: 'Undo', run: () => void undo().catch(complain) });
}
