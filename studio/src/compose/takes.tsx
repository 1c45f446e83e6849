/** The takes: to play, compare, keep, make again, take away. */
import { Icon } from '../shell/icons.js';
import { Menu } from '../shell/menu.js';
import { transport } from '../shell/sound.js';
import { countOf } from '../shell/words.js';
import { changed } from '../state/history.js';
import { complain } from '../state/messages.js';
import { depthOf, removeTakes, select, type Take, toggleStar, unstarred } from '../state/session.js';
import { changeSettings, settingsOf } from '../state/settings.js';
import { useStore, useStoreCalmly } from '../state/store.js';
import { continueNow, regenerate } from './making.js';
import { giveFile } from './out/drag-out.js';
import { commit, sessionOf, stopIfGone, studio } from './studio.js';
import { Thumbnail } from './thumbnail.js';

/** Milliseconds between two drawings of a take that grows. */
const DRAW_EVERY = 250;

/** Shows a take, or the primer; the playhead stays where it is. */
export function chooseTake(id: string | undefined): void {
  studio.get().stopLive();
  studio.set(({ history }) => ({
    history: changed(history, select(history.present, id)),
    selection: undefined,
  }));
}

/** Shows a take and plays it from where it begins, or pauses it. */
function playTake({ id, cut }: Take): void {
  if (sessionOf().current === id && transport.isPlaying) {
    transport.pause();
    return;
  }
  chooseTake(id);
  if (!transport.isPlaying) transport.seek(cut);
  transport.play().catch(complain);
}

export function removeTake({ id, name }: Take): void {
  studio.get().stopLive();
  commit(removeTakes(sessionOf(), new Set([id])), `delete ${name}`, { selection: undefined });
  stopIfGone();
}

export function Takes() {
  const session = useStore(studio, (state) => state.history.present);
  const making = useStore(studio, (state) => state.making);
  const { takes, current, source } = session;
  const spare = unstarred(session);
  return (
    <section class="takes" aria-labelledby="takes-title">
      <div class="section-head">
        <h2 id="takes-title">Takes</h2>
        {takes.length > 0 && (
          <Menu
            label=""
            name="What to do with all takes"
            icon="more"
            items={[
              {
                label: 'Keep only starred takes',
                detail: 'and what they go on from; undo brings the others back',
                isDisabled: spare.size === 0 || spare.size === takes.length || making !== undefined,
                run: () =>
                  commit(removeTakes(session, spare), 'keep only starred takes', { selection: undefined }),
              },
            ]}
          />
        )}
      </div>
      <ul>
        <li class={current === undefined ? 'take primer current' : 'take primer'}>
          <button
            type="button"
            class="take-main"
            aria-current={current === undefined}
            onClick={() => chooseTake(undefined)}
          >
            <span class="take-name">Primer</span>
            <span class="small muted">{source.title}</span>
          </button>
        </li>
        {takes.map((take, index) => (
          <TakeRow
            key={take.id}
            take={take}
            number={index + 1}
            depth={depthOf(session, take)}
            isCurrent={take.id === current}
            isBusy={making !== undefined}
          />
        ))}
      </ul>
      {takes.length === 0 && (
        <p class="small muted">
          Press{' '}
          <button type="button" class="link" onClick={continueNow}>
            Continue
          </button>{' '}
          and Cadenza plays on from the primer, in several ways. Then go on from the one you like.
        </p>
      )}
    </section>
  );
}

interface TakeRowProps {
  readonly take: Take;
  readonly number: number;
  readonly depth: number;
  readonly isCurrent: boolean;
  readonly isBusy: boolean;
}

function TakeRow({ take, number, depth, isCurrent, isBusy }: TakeRowProps) {
  const { id, name, isStarred, recipe } = take;
  const material = useStoreCalmly(studio, (state) => state.materials[id], DRAW_EVERY);
  const isPlaying = usePlaying() && isCurrent;
  const { events = [], edited } = material ?? {};
  const notes = edited?.notes.length ?? events.reduce((sum, { velocity }) => sum + Number(velocity > 0), 0);
  const isMaking = useStore(studio, ({ making }) => making?.takes.includes(id) ?? false);
  const words = { making: 'playing …', stopped: 'stopped', made: '' };
  const state = material === undefined && !isMaking ? 'not made yet' : words[material?.state ?? 'making'];
  const what = whatOf(take);
  const fit = material?.bits;
  const fits = fit === undefined ? '' : `, ${Math.round(fit)} bits`;
  return (
    <li class={isCurrent ? 'take current' : 'take'} data-depth={Math.min(depth, 4)}>
      <button
        type="button"
        class="take-main"
        aria-current={isCurrent}
        aria-label={`Take ${name}, ${countOf(notes, 'note')}${what && `, ${what}`}${fits}${state && `, ${state}`}`}
        aria-keyshortcuts={number <= 9 ? String(number) : undefined}
        title={`Show take ${name}${number <= 9 ? ` (${number})` : ''}; the playhead stays, to compare`}
        draggable
        onDragStart={(event) => giveFile(event, take)}
        onClick={() => chooseTake(id)}
      >
        <span class="take-name">{name}</span>
        <Thumbnail take={take} material={material} />
        {recipe.isEdited && <span class="take-fit small muted">edited by you</span>}
        {fit !== undefined && (
          <span
            class="take-fit small muted numbers"
            title="Bits that the model needs for what is given in the span and after it: fewer fit better"
          >
            {Math.round(fit)} bits
          </span>
        )}
      </button>
      <button
        type="button"
        class="button quiet icon"
        aria-label={isPlaying ? `Pause take ${name}` : `Play take ${name}`}
        title={isPlaying ? 'Pause' : 'Play'}
        onClick={() => playTake(take)}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} filled={!isPlaying} />
      </button>
      <button
        type="button"
        class={isStarred ? 'button quiet icon starred' : 'button quiet icon'}
        aria-pressed={isStarred}
        aria-label={`Keep take ${name}`}
        title={isStarred ? 'Kept' : 'Keep'}
        onClick={() => commit(toggleStar(sessionOf(), id), isStarred ? `unstar ${name}` : `star ${name}`)}
      >
        <Icon name="star" filled={isStarred} />
      </button>
      <Menu
        label=""
        name={`More for take ${name}`}
        icon="more"
        items={[
          {
            label: 'Make again',
            detail: 'with another seed, in its place',
            isDisabled: isBusy || recipe.isPlayed === true,
            run: () => regenerate(id),
          },
          {
            label: 'Ask for the same',
            detail: recipe.isPlayed
              ? 'it was played by hand'
              : `sets the controls as they were, with seed ${recipe.options.seed}`,
            isDisabled: recipe.isPlayed === true,
            run: () => changeSettings(settingsOf(recipe)),
          },
          {
            label: 'Delete',
            detail: 'with all that goes on from it; undo brings it back',
            run: () => removeTake(take),
          },
        ]}
      />
    </li>
  );
}

/** How a take came to be, where that is not as usual. */
function whatOf({ recipe, until, kept }: Take): string {
  if (recipe.isEdited) return 'edited by you';
  if (recipe.isPlayed) return 'played by you';
  if (kept === undefined) return until === undefined ? '' : 'rewritten';
  return kept.length === 0 ? 'filled in' : `played to ${countOf(kept.length, 'note')}`;
}

/** Whether the transport plays. */
export function usePlaying(): boolean {
  return useStore(transportState, ({ isPlaying }) => isPlaying);
}

/** The transport's state as a store, for views. */
const transportState = {
  get: () => ({ isPlaying: transport.isPlaying }),
  set: () => {},
  subscribe: (listener: () => void) => transport.on('state', listener),
};
