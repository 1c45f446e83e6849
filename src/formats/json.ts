import type { Row } from './rows.js';

/** A list of objects, one a line. */
export function writeJson(rows: readonly Row[]): string {
  return rows.length === 0 ? '[]\n' : `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}
