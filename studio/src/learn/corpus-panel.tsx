/** The corpus that was dropped: how much there is, how its notes are spread, what was left out and why. */
import { ATTRIBUTES } from './corpus/statistics.js';
import { PickButtons } from './drop-panel.js';
import { Histogram } from './histogram.js';
import { formatCount, formatSpan } from './run-words.js';
import type { CorpusSummary } from './training/messages.js';

export function CorpusPanel({ corpus }: { readonly corpus: CorpusSummary }) {
  const { name, statistics, problems } = corpus;
  const { pieces, notes, seconds, histograms } = statistics;
  return (
    <section class="learn-panel" aria-label="Corpus">
      <div class="learn-head">
        <div>
          <h2>{name}</h2>
          <p class="muted numbers" data-figures="corpus">
            {formatCount(pieces)} {pieces === 1 ? 'piece' : 'pieces'} · {formatCount(notes)} notes ·{' '}
            {formatSpan(seconds)}
          </p>
        </div>
        <PickButtons isPrimary={false} />
      </div>
      <div class="histograms">
        {ATTRIBUTES.map((attribute) => (
          <Histogram key={attribute} attribute={attribute} counts={histograms[attribute]} />
        ))}
      </div>
      {problems.length > 0 && (
        <details class="skipped">
          <summary>
            {formatCount(problems.length)} {problems.length === 1 ? 'file was' : 'files were'} left out
          </summary>
          <ul>
            {problems.slice(0, MOST_SHOWN).map(({ name: file, message }) => (
              <li key={file}>{message}</li>
            ))}
            {problems.length > MOST_SHOWN && <li>and {formatCount(problems.length - MOST_SHOWN)} more</li>}
          </ul>
        </details>
      )}
    </section>
  );
}

const MOST_SHOWN = 200;
