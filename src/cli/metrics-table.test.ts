import { expect, test } from 'vitest';
import { formatMetricsTable } from './metrics-table.js';

test('numbers stand right below their heads, names and units left, and the explanation is wrapped', () => {
  const word = 'explanation';
  const text = formatMetricsTable({
    title: 'Title',
    header: ['', 'generated', 'unit'],
    rows: [
      ['notes', '12', ''],
      ['mean step', '0.118', 's'],
    ],
    explanation: new Array(10).fill(word).join(' '),
  });
  expect(text.split('\n')).toEqual([
    'Title',
    '            generated   unit',
    'notes              12',
    'mean step       0.118   s',
    new Array(8).fill(word).join(' '),
    `${word} ${word}`,
    '',
  ]);
});
