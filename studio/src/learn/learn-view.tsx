/** Learn: from a folder of MIDI files to a model, without anything leaving the page. */
import { useEffect, useRef } from 'preact/hooks';
import { useStore } from '../state/store.js';
import { CorpusPanel } from './corpus-panel.js';
import { DropPanel, ReadingPanel } from './drop-panel.js';
import './learn.css';
import { learn, refreshStored, takeFiles } from './learn-store.js';
import { PlanPanel } from './plan-panel.js';
import { RunPanel } from './run-panel.js';
import { StoredRuns } from './stored-runs.js';
import { useFileDrop } from './use-file-drop.js';

export function LearnView() {
  const { record, standing, corpus, reading, isBusy, problem } = useStore(learn, (state) => state);
  const view = useRef<HTMLDivElement>(null);
  const isOver = useFileDrop(view, !isBusy, takeFiles);
  useEffect(() => {
    refreshStored();
  }, []);
  const isTraining = isBusy || record !== undefined || standing !== undefined;
  return (
    <div ref={view} class={isOver ? 'page learn is-over' : 'page learn'}>
      {problem && (
        <p class="learn-problem" role="alert">
          {problem}
        </p>
      )}
      {isTraining ? (
        <RunPanel />
      ) : (
        <>
          {reading ? <ReadingPanel {...reading} /> : corpus === undefined && <DropPanel />}
          {corpus && (
            <>
              <CorpusPanel corpus={corpus} />
              <PlanPanel />
            </>
          )}
          <StoredRuns />
        </>
      )}
    </div>
  );
}
