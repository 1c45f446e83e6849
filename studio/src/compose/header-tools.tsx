/** What Compose has in the header: the model, the transport, the exports. */
import { Icon } from '../shell/icons.js';
import { Menu } from '../shell/menu.js';
import { goTo } from '../shell/routes.js';
import { transport } from '../shell/sound.js';
import { complain } from '../state/messages.js';
import { chooseModel, chosenModel, type ModelEntry, models } from '../state/models.js';
import { useStore } from '../state/store.js';
import { ExportMenu } from './export-menu.js';
import { redo, studio, undo } from './studio.js';
import { usePlaying } from './takes.js';
import { Clock } from './time/clock.js';

export function HeaderTools() {
  return (
    <>
      <ModelMenu />
      <div class="header-space" />
      <TransportButtons />
      <div class="header-space" />
      <UndoButtons />
      <ExportMenu />
    </>
  );
}

const ORIGIN_WORDS: Readonly<Record<ModelEntry['origin'], string>> = {
  shipped: 'comes with Cadenza',
  run: 'trained in a run folder',
  kept: 'kept in this browser',
};

function ModelMenu() {
  const state = useStore(models, (all) => all);
  const modelState = useStore(studio, (all) => all.modelState);
  const model = chosenModel(state);
  const words = { loading: 'loading', ready: '', failed: 'not loaded' }[modelState];
  return (
    <Menu
      class="model-menu"
      label={<span class={modelState === 'ready' ? undefined : 'loading'}>{model.name}</span>}
      name={`Model: ${model.name}${words && `, ${words}`}`}
      align="start"
      items={[
        ...state.entries.map(({ id, name, origin }) => ({
          label: name,
          detail: ORIGIN_WORDS[origin],
          isChosen: id === model.id,
          run: () => chooseModel(id),
        })),
        { label: 'About the models …', run: () => goTo('models') },
      ]}
    />
  );
}

export function togglePlay(): void {
  if (transport.isPlaying) transport.pause();
  else transport.play().catch(complain);
}

function TransportButtons() {
  const isPlaying = usePlaying();
  const isLooping = useStore(studio, (state) => state.isLooping);
  return (
    <fieldset class="plain transport" aria-label="Transport">
      <button
        type="button"
        class="button quiet icon"
        aria-label="Back to the beginning"
        title="Back to the beginning (Home)"
        onClick={() => transport.seek(0)}
      >
        <Icon name="back" filled />
      </button>
      <button
        type="button"
        class="button icon play-button"
        aria-label={isPlaying ? 'Pause' : 'Play'}
        title={isPlaying ? 'Pause (Space)' : 'Play (Space)'}
        onClick={togglePlay}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} filled={!isPlaying} />
      </button>
      <button
        type="button"
        class="button quiet icon stop-button"
        aria-label="Stop"
        title="Stop (.)"
        onClick={() => transport.stop()}
      >
        <Icon name="stop" filled />
      </button>
      <button
        type="button"
        class="button quiet icon loop-button"
        aria-label="Play again and again"
        title="Play again and again"
        aria-pressed={isLooping}
        onClick={() => studio.set({ isLooping: !isLooping })}
      >
        <Icon name="loop" />
      </button>
      <Clock />
    </fieldset>
  );
}

function UndoButtons() {
  const past = useStore(studio, ({ history }) => history.past.at(-1)?.label);
  const future = useStore(studio, ({ history }) => history.future.at(-1)?.label);
  return (
    <div class="undo-buttons">
      <button
        type="button"
        class="button quiet icon"
        disabled={past === undefined}
        aria-label="Undo"
        title={past === undefined ? 'Nothing to undo' : `Undo: ${past} (Ctrl-Z)`}
        onClick={undo}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        class="button quiet icon"
        disabled={future === undefined}
        aria-label="Redo"
        title={future === undefined ? 'Nothing to redo' : `Redo: ${future} (Shift-Ctrl-Z)`}
        onClick={redo}
      >
        <Icon name="redo" />
      </button>
    </div>
  );
}
