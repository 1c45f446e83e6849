/** Times are shown with six decimals, the rest as it is. */
const TIMES: ReadonlySet<string> = new Set(['start', 'end', 'step', 'duration']);

/** Right-aligned columns behind the note's number: the look of a pandas table. */
export function formatTable<Column extends string>(
  rows: readonly Readonly<Record<Column, string | number>>[],
  columns: readonly Column[],
): string {
  const index = ['', ...rows.map((_, i) => String(i))];
  const indexWidth = widest(index);
  const lines = index.map((cell) => cell.padEnd(indexWidth));
  for (const column of columns) {
    const format = (value: string | number) => (TIMES.has(column) ? Number(value).toFixed(6) : String(value));
    const cells = [column, ...rows.map((row) => format(row[column]))];
    const width = widest(cells);
    cells.forEach((cell, i) => {
      lines[i] += `  ${cell.padStart(width)}`;
    });
  }
  return `${lines.join('\n')}\n`;
}

function widest(cells: readonly string[]): number {
  return cells.reduce((width, cell) => Math.max(width, cell.length), 0);
}
