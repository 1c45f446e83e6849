import { describe, expect, it } from 'vitest';
import { gridOfRows } from '../../../test/helpers/grids.js';
import { Random } from '../../random.js';
import { computeMetrics } from '../metrics/metrics.js';
import type { NamedPiece } from '../metrics/set-metrics.js';
import { metricsReport } from './metrics-report.js';

/** Throws unless tags are balanced and text has no stray markup. */
function checkMarkup(markup: string): void {
  const open: string[] = [];
  const rest = markup.replace(
    /<(\/?)([a-z][a-z\d]*)((?: [\w:-]+="[^"<]*")*)\s*>|<[a-z]+(?: [\w:-]+="[^"<]*")*\/>/g,
    (_, close, name) => {
      if (close) expect(open.pop()).toBe(name);
      else if (name) open.push(name);
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest.replace(/&(amp|lt|gt|quot);/g, '')).not.toMatch(/[<>&]/);
}

function bodyOf(page: string): string {
  return page.slice(page.indexOf('<body>'), page.indexOf('</html>'));
}

function pieces(role: string, from: number, count: number): NamedPiece[] {
  return Array.from({ length: count }, (_, i) => {
    const random = new Random(from + i);
    let now = -1;
    const notes = gridOfRows(
      Array.from({ length: 60 }, () => {
        now += 1 + random.below(50);
        return [20 + random.below(40), random.below(32), now, now + random.below(100)];
      }),
    );
    return { name: `${role}-${i}.mid`, notes };
  });
}

const generated = pieces('new', 1, 15);
const reference = pieces('real', 50, 5);
const train = pieces('train', 90, 6);
const everything = computeMetrics({ generated, reference, train, ceiling: true });
const headings = (page: string) => [...page.matchAll(/<h2>([^<]*)</g)].map(([, text]) => text);

describe('metricsReport', () => {
  const page = metricsReport(everything, { generated, reference, remarks: ['What was <left> out & why'] });

  it('is one well-formed page that needs nothing else', () => {
    checkMarkup(bodyOf(page));
    expect(page).toMatch(/^<!DOCTYPE html>/);
    expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|https?:/);
    expect(page).not.toMatch(/NaN|Infinity|undefined|null|\[object/);
  });

  it('has tables, plots and piano rolls, in this order', () => {
    expect(headings(page)).toEqual([
      'Pieces',
      'Means of the histograms',
      'Overlap with the reference',
      'Distances between pieces',
      'Copied from the train corpus',
      'Generated pieces',
      'Piano rolls',
    ]);
    // Histograms, features, and the rolls of 12 of the generated and 3 of the reference pieces.
    expect(page.match(/<svg /g)).toHaveLength(4 + 12 + 12 + 3);
    expect(page).toContain('>new-11.mid</figcaption>');
    expect(page).not.toContain('>new-12.mid</figcaption>');
    expect(page).toContain('<th scope="row">new-14.mid</th>');
    expect(page).toContain('>real-2.mid</figcaption>');
  });

  it('has the colours of a light and a dark page', () => {
    expect(page).toContain('@media (prefers-color-scheme: dark)');
    const [light, dark] = page.split('@media (prefers-color-scheme: dark)');
    for (const colour of ['paper', 'ink', 'faint', 'grid', 'generated', 'reference', 'between']) {
      for (const half of [light, dark]) expect(half).toMatch(new RegExp(`--${colour}: #`));
    }
  });

  it('shows the remarks and the numbers', () => {
    expect(page).toContain('<li>What was &lt;left&gt; out &amp; why</li>');
    expect(page).toContain(`>${everything.comparison!.meanOverlap.toFixed(3)}<`);
    expect(page).toContain(`>${everything.comparison!.ceiling!.meanOverlap.toFixed(3)}<`);
  });

  it('without a reference and a train corpus has what there is', () => {
    const alone = metricsReport(computeMetrics({ generated: generated.slice(0, 1) }), { generated });
    checkMarkup(bodyOf(alone));
    expect(headings(alone)).toEqual(['Pieces', 'Means of the histograms', 'Generated pieces', 'Piano rolls']);
    const compared = computeMetrics({ generated: generated.slice(0, 1), reference });
    const withReference = metricsReport(compared, { generated, reference });
    checkMarkup(bodyOf(withReference));
    expect(headings(withReference)).toContain('Distances between pieces');
    expect(withReference).not.toContain('Among generated pieces');
  });

  it('escapes the names of files', () => {
    const named = [{ name: '<b>"&.mid', notes: generated[0].notes }];
    const strange = metricsReport(computeMetrics({ generated: named }), {
      generated: named,
      subtitle: '<i>',
    });
    checkMarkup(bodyOf(strange));
    expect(strange).toContain('&lt;b&gt;&quot;&amp;.mid');
  });
});
