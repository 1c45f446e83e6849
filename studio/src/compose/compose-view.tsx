/** Compose: a piece, its takes, and what is asked of them. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { Icon } from '../shell/icons.js';
import { piano } from '../shell/sound.js';
import { useStore } from '../state/store.js';
import { Amounts, Controls } from './controls.js';
import { Foot } from './foot.js';
import { Help } from './help.js';
import { continueNow, makeMissing } from './making.js';
import { keepModelReady } from './model.js';
import { acceptFiles, openAddress } from './opening.js';
import { RollPane } from './roll-pane.js';
import { openStudio } from './sessions/sessions.js';
import { listenToKeys } from './shortcuts.js';
import { followShown, loadShown } from './showing.js';
import { studio } from './studio.js';
import { Takes } from './takes.js';
import './compose.css';

let opened: Promise<void> | undefined;
/** Whether takes that the last visit left unmade are made by now, or stopped. */
let isResumed = false;

/** Once a page: the session of the last visit, or what the address holds. */
function open(): Promise<void> {
  opened ??= (async () => {
    await openStudio();
    followShown();
    loadShown(0);
    keepModelReady();
    piano.startOnGesture();
    // The model first: it takes longer, and is wanted as soon.
    const stop = studio.subscribe(() => {
      if (studio.get().modelState === 'loading') return;
      stop();
      piano.prefetch();
    });
  })();
  return opened;
}

export function ComposeView() {
  const [isOver, setOver] = useState(false);
  const isReady = useStore(studio, (state) => state.isReady);
  const isSheetOpen = useStore(studio, (state) => state.isSheetOpen);
  // What the address holds may be new each time the view is entered.
  useEffect(() => {
    void open()
      .then(openAddress)
      .then((isOpened) => {
        if (!isOpened && !isResumed) void makeMissing();
        isResumed = true;
      });
  }, []);
  // Before it is painted: what can be seen can be dropped on.
  useLayoutEffect(() => {
    const endings = [listenToKeys(), acceptFiles(setOver)];
    addEventListener('hashchange', openAddress);
    return () => {
      removeEventListener('hashchange', openAddress);
      for (const end of endings) end();
      // Nothing is recorded where nothing can end it.
      studio.get().stopLive();
    };
  }, []);
  return (
    <div class={isSheetOpen ? 'compose sheet-open' : 'compose'} data-ready={isReady}>
      {isReady ? <RollPane /> : <div class="roll-pane" />}
      <aside class="panel" aria-label="Takes and controls">
        <ContinueButton />
        <div class="panel-body">
          <Amounts />
          <Takes />
          <Controls />
        </div>
      </aside>
      <Foot />
      <Help />
      {isOver && <p class="drop-hint">Drop it: a MIDI file, a .cadenza.json, or a model</p>}
    </div>
  );
}

function ContinueButton() {
  const making = useStore(studio, (state) => state.making);
  const isSheetOpen = useStore(studio, (state) => state.isSheetOpen);
  const isLive = useStore(studio, (state) => state.live !== 'off');
  return (
    <div class="panel-top">
      {making === undefined ? (
        <button
          type="button"
          class="button primary continue"
          disabled={isLive}
          aria-keyshortcuts="Enter"
          onClick={continueNow}
        >
          Continue <kbd>⏎</kbd>
        </button>
      ) : (
        <button type="button" class="button continue" aria-keyshortcuts="Escape" onClick={making.cancel}>
          Stop <kbd>Esc</kbd>
        </button>
      )}
      <button
        type="button"
        class="button icon sheet-button"
        aria-expanded={isSheetOpen}
        aria-label="Takes and controls"
        onClick={() => studio.set({ isSheetOpen: !isSheetOpen })}
      >
        <Icon name="panel" />
      </button>
    </div>
  );
}
