/**
 * A training under way, or as it ended: where it stands, its losses, its samples, and what can be done with
 * it.
 */
import { useStore } from '../state/store.js';
import { exportModel, goOn, learn, leaveRun, pause, resume, stop, useInCompose } from './learn-store.js';
import { LossCharts } from './loss-charts.js';
import { bestLoss, formatCount, formatLoss, formatSpan, lossName, phaseWords } from './run-words.js';
import { Samples } from './samples.js';

export function RunPanel() {
  const state = useStore(learn, (all) => all);
  const { record, losses, samples, corpus, isBusy, plan } = state;
  const preset = record?.preset ?? plan.preset;
  return (
    <>
      <section class="learn-panel" aria-label="Training">
        <div class="learn-head">
          <div>
            <h2>{record?.title ?? corpus?.name ?? 'Training'}</h2>
            <p class="muted numbers">
              {preset} model
              {record &&
                `, learning from ${formatCount(record.corpus.pieces - record.corpus.heldOutPieces)} pieces, judged on ${formatCount(record.corpus.heldOutPieces)} held out`}
            </p>
          </div>
          <Actions />
        </div>
        <Standing />
        {record?.corpus.remarks.map((remark) => (
          <p key={remark} class="muted small">
            {remark}
          </p>
        ))}
      </section>
      {losses.length > 0 && <LossCharts losses={losses} preset={preset} />}
      {(samples.length > 0 || isBusy) && <Samples samples={samples} isBusy={isBusy} />}
    </>
  );
}

function Actions() {
  const { record, standing, isBusy, losses } = useStore(learn, (state) => state);
  const isPaused = standing?.phase === 'paused';
  const hasModel = record !== undefined && (!isBusy || losses.length > 0);
  return (
    <div class="run-actions">
      {isBusy && (
        <>
          <button
            type="button"
            class="button"
            onClick={isPaused ? goOn : pause}
            disabled={losses.length === 0}
          >
            {isPaused ? 'Go on' : 'Pause'}
          </button>
          <button type="button" class="button" onClick={stop}>
            Stop
          </button>
        </>
      )}
      {!isBusy && record && !record.isFinished && (
        <button type="button" class="button primary" onClick={() => resume(record)}>
          Go on
        </button>
      )}
      <button type="button" class="button" onClick={exportModel} disabled={!hasModel}>
        Export
      </button>
      <button
        type="button"
        class={record?.isFinished ? 'button primary' : 'button'}
        onClick={useInCompose}
        disabled={!hasModel}
      >
        Use it in Compose
      </button>
      {!isBusy && (
        <button type="button" class="button quiet" onClick={leaveRun}>
          New training
        </button>
      )}
    </div>
  );
}

function Standing() {
  const { record, standing, ended, isBusy, reading, losses } = useStore(learn, (state) => state);
  const updates = (isBusy ? standing?.updates : undefined) ?? record?.updates ?? 0;
  const total = (isBusy ? standing?.totalUpdates : undefined) || record?.totalUpdates || 0;
  const seconds = (isBusy ? standing?.seconds : undefined) ?? record?.seconds ?? 0;
  const best = bestLoss(losses);
  const preset = record?.preset;
  const isMoving = standing?.phase === 'training' && isBusy;
  const facts: [string, string][] = [];
  if (best && preset) {
    const where = best.split === 'validation' ? 'held-out pieces' : 'the last steps';
    facts.push([lossName('loss', preset), `${formatLoss(best.losses.loss)} on ${where}`]);
  }
  if (total > 0) facts.push(['Steps', `${formatCount(updates)} of ${formatCount(total)}`]);
  if (isMoving && standing.notesPerSecond !== undefined) {
    facts.push(['Speed', `${formatCount(Number(standing.notesPerSecond.toPrecision(3)))} notes/s`]);
  }
  if (seconds > 0) facts.push(['Trained for', formatSpan(seconds)]);
  if (isMoving && standing.secondsLeft !== undefined)
    facts.push(['Time left', `about ${formatSpan(standing.secondsLeft)}`]);
  const words =
    isBusy && reading
      ? 'Reading the pieces'
      : phaseWords(isBusy ? standing : undefined, isBusy ? undefined : (ended ?? 'stopped'));
  return (
    <div class="standing" data-phase={isBusy ? (standing?.phase ?? 'preparing') : (ended ?? 'stopped')}>
      <p role="status">{words}</p>
      <progress class="bar" value={updates} max={Math.max(1, total)} aria-label="Steps done" />
      <dl class="facts numbers">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt class="muted small">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
