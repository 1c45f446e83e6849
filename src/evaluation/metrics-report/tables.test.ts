import { expect, test } from 'vitest';
import { gridOfRows } from '../../../test/helpers/grids.js';
import { Random } from '../../random.js';
import { FEATURES } from '../metrics/features.js';
import { computeMetrics } from '../metrics/metrics.js';
import { metricsTables, overlapTable } from './tables.js';

const pieces = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => {
    const random = new Random(from + i);
    let now = -1;
    const notes = gridOfRows(
      Array.from({ length: 40 }, () => {
        now += 1 + random.below(50);
        return [20 + random.below(40), random.below(32), now, now + random.below(100)];
      }),
    );
    return { name: `${from + i}`, notes };
  });
const input = { generated: pieces(1, 3), reference: pieces(10, 4), train: pieces(20, 5) };

test('overlaps with their ceiling, and the part of it that is reached', () => {
  const metrics = computeMetrics({ ...input, ceiling: true });
  const { rows, header } = overlapTable(metrics)!;
  expect(rows).toHaveLength(FEATURES.length + 1);
  for (const [i, { name, label }] of FEATURES.entries()) {
    const { reference, generated } = metrics.comparison!.features[name];
    const ceiling = metrics.comparison!.ceiling!.overlaps[name];
    expect(rows[i]).toEqual([
      label,
      ...[reference.overlap, reference.divergence].map((value) => value.toFixed(3)),
      ...[generated!.overlap, generated!.divergence].map((value) => value.toFixed(3)),
      ceiling.toFixed(3),
      `${((100 * reference.overlap) / ceiling).toFixed(1)} %`,
    ]);
  }
  for (const row of rows) expect(row).toHaveLength(header.length);
});

test('there are as many tables as there is to tell, and every row is as long as its head', () => {
  const { generated, reference, train } = input;
  const titles = (...parts: Parameters<typeof computeMetrics>) =>
    metricsTables(computeMetrics(...parts)).map(({ title, header, rows }) => {
      for (const row of rows) expect(row).toHaveLength(header.length);
      return title;
    });
  const [own, overlap, copies] = ['Pieces', 'Overlap with the reference', 'Copied from the train corpus'];
  expect(titles({ generated })).toEqual([own]);
  expect(titles({ generated, reference })).toEqual([own, overlap]);
  expect(titles({ generated, train })).toEqual([own, copies]);
  expect(titles(input)).toEqual([own, overlap, copies]);
});
