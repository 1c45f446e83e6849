/** The piano roll's place in the page. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { PianoRoll, type RollTool } from '../../../src/web/index.js';
import { Icon } from '../shell/icons.js';
import { transport } from '../shell/sound.js';
import { timeOf } from '../shell/words.js';
import { useStore } from '../state/store.js';
import { rewriteSelection } from './making.js';
import { connectRoll } from './roll-sync.js';
import { studio } from './studio.js';

export function RollPane() {
  const host = useRef<HTMLDivElement>(null);
  const roll = useRef<PianoRoll>(undefined);
  const [tool, setTool] = useState<RollTool>('pan');
  useEffect(() => {
    const made = new PianoRoll(host.current as HTMLElement, { markerLabel: 'goes on here' });
    roll.current = made;
    const disconnect = connectRoll(made);
    return () => {
      disconnect();
      made.destroy();
    };
  }, []);
  const choose = (chosen: RollTool) => {
    setTool(chosen);
    if (roll.current) roll.current.tool = chosen;
  };
  return (
    <section class="roll-pane" aria-label="Piano roll">
      <div class="roll-host" ref={host} />
      <div class="roll-tools">
        <button
          type="button"
          class="button icon"
          aria-pressed={tool === 'select'}
          aria-label="Select a span by dragging"
          title="Select a span by dragging (or hold Shift)"
          onClick={() => choose(tool === 'select' ? 'pan' : 'select')}
        >
          <Icon name="select" />
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
      <SelectionBar />
    </section>
  );
}

/** What can be done with the selected span. */
function SelectionBar() {
  const selection = useStore(studio, (state) => state.selection);
  const isMaking = useStore(studio, (state) => state.making !== undefined);
  const isLooping = useStore(studio, (state) => state.isLooping);
  const clear = () => studio.set({ selection: undefined });
  if (selection === undefined) return null;
  const { start, end } = selection;
  return (
    <fieldset class="plain selection-bar" aria-label="Selected span">
      <span class="numbers">
        {timeOf(start)}–{timeOf(end)}
      </span>
      <button
        type="button"
        class="button primary"
        disabled={isMaking}
        title="Plays this span anew from what comes before it; everything else stays"
        onClick={rewriteSelection}
      >
        Rewrite
      </button>
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
