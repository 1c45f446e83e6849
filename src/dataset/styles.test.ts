import { expect, it } from 'vitest';
import { frequentComposers } from './styles.js';

const pieces = (...counts: [composer: string | undefined, count: number][]) =>
  counts.flatMap(([composer, count]) => Array.from({ length: count }, () => composer));

it('takes composers with enough pieces, by name, and those with most of them where not all fit', () => {
  const all = pieces(['Satie', 15], [undefined, 40], ['Hensel', 14], ['Bach', 20], ['Chopin', 16]);
  expect(frequentComposers(all, 16)).toEqual(['Bach', 'Chopin', 'Satie']);
  expect(frequentComposers(all, 2)).toEqual(['Bach', 'Chopin']);
  expect(frequentComposers(all, 0)).toEqual([]);
  expect(frequentComposers(pieces(['Liszt', 15], ['Brahms', 15]), 1)).toEqual(['Brahms']);
});
