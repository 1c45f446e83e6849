/** Trainings in the browser's storage: to go on with, to look at, to delete. */
import { useState } from 'preact/hooks';
import { Icon } from '../shell/icons.js';
import { useStore } from '../state/store.js';
import { forget, learn, resume, show } from './learn-store.js';
import { bestLoss, formatCount, formatLoss, formatSpan, totalName } from './run-words.js';
import type { RunRecord } from './training/run-record.js';

export function StoredRuns() {
  const stored = useStore(learn, (state) => state.stored);
  if (stored.length === 0) return null;
  return (
    <section class="learn-panel" aria-label="Trainings in this browser">
      <h2>Trainings in this browser</h2>
      <ul class="stored-runs">
        {stored.map((record) => (
          <StoredRun key={record.id} record={record} />
        ))}
      </ul>
    </section>
  );
}

function StoredRun({ record }: { readonly record: RunRecord }) {
  const [isAsking, setAsking] = useState(false);
  const { title, preset, isFinished, updates, totalUpdates, seconds, losses, changed } = record;
  const best = bestLoss(losses);
  const unit = totalName(preset);
  const left = totalUpdates > 0 ? ` of ${formatCount(totalUpdates)}` : '';
  return (
    <li class="stored-run">
      <div>
        <strong>{title}</strong>
        <p class="muted small numbers">
          {preset}, {isFinished ? 'done' : 'not finished'}: {formatCount(updates)}
          {isFinished ? '' : left} steps in {formatSpan(seconds)}
          {best && `, ${formatLoss(best.losses.loss)} ${unit}`}, {new Date(changed).toLocaleString()}
        </p>
      </div>
      {isAsking ? (
        <div class="stored-actions">
          <button type="button" class="button" onClick={() => forget(record)}>
            Delete for good
          </button>
          <button type="button" class="button quiet" onClick={() => setAsking(false)}>
            Keep it
          </button>
        </div>
      ) : (
        <div class="stored-actions">
          {!isFinished && (
            <button type="button" class="button primary" onClick={() => resume(record)}>
              Go on
            </button>
          )}
          <button type="button" class="button" onClick={() => show(record)}>
            Look
          </button>
          <button
            type="button"
            class="button quiet icon"
            aria-label={`Delete the training of ${title}`}
            title="Delete"
            onClick={() => setAsking(true)}
          >
            <Icon name="remove" />
          </button>
        </div>
      )}
    </li>
  );
}
