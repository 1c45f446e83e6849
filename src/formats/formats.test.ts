import { describe, expect, it } from 'vitest';
import { builtInOpening } from '../playing/opening.js';
import { FORMATS, ROW_FORMATS } from './formats.js';
import { NOTE_COLUMNS, noteRows } from './rows.js';

describe('formats of rows', () => {
  const rows = noteRows(builtInOpening(), 3).map((row) => ({ ...row }));

  it('are those that write them', () => {
    expect(ROW_FORMATS.map(([name]) => name)).toEqual(['csv', 'json']);
    expect(new Set(Object.values(FORMATS).map(({ extension }) => extension)).size).toBe(
      Object.keys(FORMATS).length,
    );
  });

  it('csv: read back, every number is the same', () => {
    const [names, ...lines] = FORMATS.csv.writeRows(rows, NOTE_COLUMNS).trimEnd().split('\n');
    expect(names.split(',')).toEqual([...NOTE_COLUMNS]);
    const read = lines.map((line) => line.split(','));
    expect(read).toEqual(rows.map((row) => NOTE_COLUMNS.map((column) => String(row[column]))));
  });

  it('json: read back, every row is the same', () => {
    expect(JSON.parse(FORMATS.json.writeRows(rows))).toEqual(rows);
    expect(JSON.parse(FORMATS.json.writeRows([]))).toEqual([]);
  });
});
