import type { MetricsTable } from '../evaluation/metrics-report/tables.js';

/** Between the columns. */
const GAP = '   ';

/** A table for the terminal, with its title above and how to read it below. */
export function formatMetricsTable({ title, header, rows, explanation }: MetricsTable): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const isText = (column: number) => column === 0 || header[column] === 'unit';
  const line = (row: readonly string[]) => {
    const cells = row.map((cell, i) => (isText(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
    return cells.join(GAP).trimEnd();
  };
  return `${[title, ...all.map(line), wrap(explanation)].join('\n')}\n`;
}

const LINE = 100;

function wrap(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last.length > 0 && last.length + word.length >= LINE) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join('\n');
}
