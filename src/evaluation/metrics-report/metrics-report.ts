/** Metrics as a page to look at: one HTML file with everything in it, without a script. */

import type { Calibration } from '../metrics/calibration.js';
import type { Comparison, Metrics } from '../metrics/metrics.js';
import type { NamedPiece, PieceMetrics } from '../metrics/set-metrics.js';
import type { CurveRole } from './curve-plot.js';
import { pianoRoll } from './piano-roll.js';
import { calibrationPlot, formPlots, histogramPlots, minutePlots, overlapPlots } from './plots.js';
import { PAGE_STYLE } from './style.js';
import { escapeXml } from './svg.js';
import {
  calibrationTable,
  type MetricsTable,
  memorizationTable,
  overlapTable,
  statisticsTable,
} from './tables.js';

export interface MetricsReportOptions {
  readonly generated: readonly NamedPiece[];
  readonly reference?: readonly NamedPiece[];
  /** What the reader should know: what was not measured, and which files were left out. */
  readonly remarks?: readonly string[];
  /** Where the pieces come from, in one line. */
  readonly subtitle?: string;
  /** What a model makes of them. */
  readonly calibration?: Calibration;
}

/** Piano rolls shown of each set. */
const GENERATED_ROLLS = 12;
const REFERENCE_ROLLS = 3;
/** Rows of the table of generated pieces. */
const MOST_ROWS = 200;

/** Makes the report of metrics that were computed of the given pieces. */
export function metricsReport(metrics: Metrics, options: MetricsReportOptions): string {
  const { generated, reference = [], remarks = [], subtitle = '' } = options;
  const { comparison } = metrics;
  const rolls = [
    ...generated.slice(0, GENERATED_ROLLS).map((piece) => rollHtml(piece, 'generated')),
    ...reference.slice(0, REFERENCE_ROLLS).map((piece) => rollHtml(piece, 'reference')),
  ];
  const cutOff = 'Curves far above the others are cut off.';
  const sections = [
    tableHtml(statisticsTable(metrics)),
    tableHtml(options.calibration && calibrationTable(options.calibration)),
    figures('Means of the histograms', `${histogramLegend(metrics)} ${cutOff}`, histogramPlots(metrics)),
    goingOn(metrics, options.calibration),
    tableHtml(overlapTable(metrics)),
    comparison
      ? figures(
          'Distances between pieces',
          `${overlapLegend(comparison)} ${cutOff}`,
          overlapPlots(comparison),
        )
      : '',
    tableHtml(memorizationTable(metrics)),
    tableHtml(piecesTable(metrics.generated.pieces)),
    `<section><h2>Piano rolls</h2><p>The first minute; louder notes are stronger in colour.</p>
${rolls.join('\n')}</section>`,
  ];
  const notes = remarks.map((remark) => `<li>${escapeXml(remark)}</li>`).join('');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cadenza metrics</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>Cadenza metrics</h1>
<p>${escapeXml(subtitle)}</p>
${notes && `<ul class="remarks">${notes}</ul>`}
${sections.join('\n')}
</body>
</html>
`;
}

function tableHtml(table: MetricsTable | undefined): string {
  if (!table) return '';
  const { title, header, rows, explanation } = table;
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell, i) =>
      i === 0 ? `<th scope="row">${escapeXml(cell)}</th>` : `<${tag}>${escapeXml(cell)}</${tag}>`,
    );
  const body = rows.map((row) => `<tr>${cells('td', row).join('')}</tr>`).join('\n');
  return `<section><h2>${escapeXml(title)}</h2>
<p>${escapeXml(explanation)}</p>
<div class="wide"><table><thead><tr>${cells('th', header).join('')}</tr></thead>
<tbody>${body}</tbody></table></div></section>`;
}

function figures(title: string, introduction: string, images: readonly string[]): string {
  const drawn = images.map((image) => `<figure>${image}</figure>`).join('\n');
  return `<section><h2>${title}</h2><p>${introduction}</p><div class="figures">${drawn}</div></section>`;
}

/** How pieces go on, where there is anything to draw. */
function goingOn(metrics: Metrics, calibration: Calibration | undefined): string {
  const images = [
    ...minutePlots(metrics),
    ...formPlots(metrics),
    ...(calibration ? [calibrationPlot(calibration)] : []),
  ];
  if (images.length === 0) return '';
  const text =
    'A model that runs away shows it from minute to minute; one without form has bars that are no more alike than any two.';
  return figures('How it goes on', `${histogramLegend(metrics)} ${text}`, images);
}

function key(role: CurveRole, text: string): string {
  return `<span class="key ${role}"></span>${text}`;
}

function histogramLegend({ reference }: Metrics): string {
  return key('generated', 'Generated.') + (reference ? key('reference', 'Reference.') : '');
}

function overlapLegend({ features }: Comparison): string {
  const hasOwn = Object.values(features).some(({ generated }) => generated);
  return (
    key('reference', 'Among reference pieces.') +
    key('between', 'From generated to reference pieces.') +
    (hasOwn ? key('generated', 'Among generated pieces.') : '')
  );
}

function piecesTable(pieces: readonly PieceMetrics[]): MetricsTable {
  const isCompared = pieces.some(({ memorization }) => memorization);
  const rows = pieces.slice(0, MOST_ROWS).map(({ name, statistics, memorization }) => {
    const { notes, seconds, pitchEntropy, lowestPitchEntropy, longestPitchRun } = statistics;
    const numbers = [notes?.toFixed(0), seconds?.toFixed(1), pitchEntropy?.toFixed(2)];
    const row = [name, ...numbers, lowestPitchEntropy?.toFixed(2), String(longestPitchRun)];
    if (isCompared) row.push(String(memorization?.pairs.longest), memorization?.pairs.copiedFrom ?? '–');
    return row.map((cell) => cell ?? '–');
  });
  const more = pieces.length > MOST_ROWS ? ` The first ${MOST_ROWS} of ${pieces.length}.` : '';
  return {
    title: 'Generated pieces',
    header: [
      'piece',
      'notes',
      'seconds',
      'pitch entropy',
      'lowest rolling',
      'longest run of one pitch',
      ...(isCompared ? ['longest copied run', 'from'] : []),
    ],
    rows,
    explanation: `Entropies in bits.${more}`,
  };
}

function rollHtml({ name, notes }: NamedPiece, role: 'generated' | 'reference'): string {
  return `<figure><figcaption><span class="key ${role}"></span>${escapeXml(name)}</figcaption>${pianoRoll(notes, { title: name, role })}</figure>`;
}
