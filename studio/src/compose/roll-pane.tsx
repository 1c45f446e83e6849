/** The piano roll's place in the page. */
import { useEffect, useRef } from 'preact/hooks';
import { PianoRoll, type RollTool } from '../../../src/web/index.js';
import { Icon } from '../shell/icons.js';
import { lazyView } from '../shell/lazy-view.js';
import { transport } from '../shell/sound.js';
import { shownBeats } from '../state/session-beats.js';
import { useStore } from '../state/store.js';
import { PickedBar } from './edit/picked-bar.js';
import { type Keeping, tracksOf, USUAL_KEEPING } from './keeping.js';
import { rewriteSelection } from './making.js';
import { PartsMenu } from './parts/parts-panel.js';
import { connectRoll } from './roll-sync.js';
import { sessionOf, studio } from './studio.js';
import { spanInWords } from './time/bars.js';
import { counting } from './time/counting.js';

const ScoreView = lazyView('Score', async () => (await import('./score/score-view.js')).ScoreView);

export function RollPane() {
  const host = useRef<HTMLDivElement>(null);
  const roll = useRef<PianoRoll>(undefined);
  const tool = useStore(studio, (state) => state.tool);
  const isScoreOpen = useStore(studio, (state) => state.isScoreOpen);
  useEffect(() => {
    const made = new PianoRoll(host.current as HTMLElement, { markerLabel: 'goes on here' });
    roll.current = made;
    const disconnect = connectRoll(made);
    return () => {
      disconnect();
      made.destroy();
    };
  }, []);
  const choose = (chosen: RollTool) => studio.set({ tool: tool === chosen ? 'pan' : chosen });
  return (
    <section class="roll-pane" aria-label="Piano roll">
      <div class="roll-host" ref={host} />
      {isScoreOpen && <ScoreView />}
      <div class="roll-tools">
        <button
          type="button"
          class="button"
          aria-pressed={isScoreOpen}
          title="Show the score instead of the roll"
          onClick={() => studio.set({ isScoreOpen: !isScoreOpen })}
        >
          Score
        </button>
        <PartsMenu />
        <button
          type="button"
          class="button icon"
          aria-pressed={tool === 'select'}
          aria-label="Select a span by dragging"
          title="Select a span by dragging (or hold Shift)"
          onClick={() => choose('select')}
        >
          <Icon name="select" />
        </button>
        <button
          type="button"
          class="button icon"
          aria-pressed={tool === 'edit'}
          aria-label="Edit notes"
          title="Edit notes: pick, move, lengthen, draw (E)"
          onClick={() => choose('edit')}
        >
          <Icon name="pencil" />
        </button>
        <button
          type="button"
          class="button icon"
          aria-label="Show the whole piece"
          title="Show the whole piece"
          onClick={() => roll.current?.fit()}
        >
          <Icon name="fit" />
        </button>
      </div>
      <div class="roll-bars">
        <SelectionBar />
        <PickedBar />
      </div>
    </section>
  );
}

/** What stays in the selected span when it is rewritten. */
function KeepingChoice() {
  const keeping = useStore(studio, (state) => state.keeping);
  const source = useStore(studio, (state) => sessionOf(state).source);
  const tracks = tracksOf(source);
  return (
    <label class="keeping small">
      Stays:
      <select
        class="field"
        value={keeping}
        title="What of the span stays as it is; the rest is played anew around it"
        onChange={({ currentTarget }) => studio.set({ keeping: currentTarget.value as Keeping })}
      >
        {USUAL_KEEPING.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
        {tracks.length > 0 && (
          <optgroup label="Tracks of the file">
            {tracks.map(({ keeping, name }) => (
              <option key={keeping} value={keeping}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

/** What can be done with the selected span. */
function SelectionBar() {
  const selection = useStore(studio, (state) => state.selection);
  const isMaking = useStore(studio, (state) => state.making !== undefined);
  const isLooping = useStore(studio, (state) => state.isLooping);
  const canFill = useStore(studio, (state) => state.kind.canFill);
  const session = useStore(studio, sessionOf);
  const isCounted = useStore(counting, ({ showsBars }) => showsBars);
  const clear = () => studio.set({ selection: undefined });
  if (selection === undefined) return null;
  const { start } = selection;
  return (
    <fieldset class="plain selection-bar" aria-label="Selected span">
      <span class="numbers">{spanInWords(selection, isCounted ? shownBeats(session) : undefined)}</span>
      <button
        type="button"
        class="button primary"
        disabled={isMaking}
        title={
          canFill
            ? 'Plays this span anew, so that it leads into what follows; everything else stays (W)'
            : 'Plays this span anew from what comes before it; everything else stays (W)'
        }
        onClick={rewriteSelection}
      >
        Rewrite
      </button>
      {canFill && <KeepingChoice />}
      <button
        type="button"
        class="button"
        aria-pressed={isLooping}
        onClick={() => {
          studio.set({ isLooping: !isLooping });
          if (!isLooping) transport.seek(start);
        }}
      >
        <Icon name="loop" />
        Loop
      </button>
      <button type="button" class="button quiet icon" aria-label="Clear the selection" onClick={clear}>
        <Icon name="close" />
      </button>
    </fieldset>
  );
}
