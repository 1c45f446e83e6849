/** The list of sessions. */
import { useEffect } from 'preact/hooks';
import { Icon } from '../../shell/icons.js';
import { Popover } from '../../shell/popover.js';
import { countOf } from '../../shell/words.js';
import { complain } from '../../state/messages.js';
import type { SessionAbout } from '../../state/storage.js';
import { useStore } from '../../state/store.js';
import { sessionOf, studio } from '../studio.js';
import {
  beginSession,
  deleteSession,
  duplicateSession,
  openKept,
  refreshSessions,
  renameSession,
  sessions,
} from './sessions.js';

export function SessionsMenu() {
  return (
    <Popover
      class="sessions-menu"
      name="Sessions"
      title="Sessions that are kept in this browser"
      label="Sessions"
    >
      {() => <SessionList />}
    </Popover>
  );
}

const run = (deed: Promise<void>) => void deed.catch(complain);

function SessionList() {
  const { all } = useStore(sessions, (state) => state);
  const open = useStore(studio, (state) => state.sessionId);
  const title = useStore(studio, (state) => sessionOf(state).source.title);
  useEffect(() => run(refreshSessions()), []);
  const current = all.find(({ id }) => id === open);
  return (
    <>
      <label class="session-field small">
        This session
        <input
          class="field"
          value={current?.name ?? title}
          onChange={({ currentTarget }) => run(renameSession(open, currentTarget.value))}
        />
      </label>
      <ul class="session-list">
        {all
          .filter(({ id }) => id !== open)
          .map((about) => (
            <SessionRow key={about.id} about={about} />
          ))}
      </ul>
      <span class="row wrap">
        <button type="button" class="button" onClick={() => run(beginSession().then(refreshSessions))}>
          New session
        </button>
        {current && (
          <button type="button" class="button" onClick={() => run(duplicateSession(current))}>
            Duplicate this one
          </button>
        )}
      </span>
      <p class="explanation">They are kept in this browser as they are worked on, undo and all.</p>
    </>
  );
}

function SessionRow({ about }: { about: SessionAbout }) {
  const { id, name, changed, takes } = about;
  const day = new Date(changed).toLocaleDateString([], { day: 'numeric', month: 'short' });
  return (
    <li class="row">
      <button type="button" class="link session-name" onClick={() => run(openKept(id).then(refreshSessions))}>
        {name}
      </button>
      <span class="small muted">
        {countOf(takes, 'take')}, {day}
      </span>
      <button
        type="button"
        class="button quiet icon"
        aria-label={`Delete ${name}`}
        title="Delete"
        onClick={() => run(deleteSession(about))}
      >
        <Icon name="remove" />
      </button>
    </li>
  );
}
