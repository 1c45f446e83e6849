import type { Row } from './rows.js';

/** A line of names and one a row, every number with all its digits. */
export function writeCsv(rows: readonly Row[], columns: readonly string[]): string {
  const lines = rows.map((row) => columns.map((column) => row[column]).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}
