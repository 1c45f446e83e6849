import { expect, test } from 'vitest';
import { Random } from '../../../random.js';
import { copyOf } from './copy-of.js';

class Counter {
  readonly counts = Float64Array.of(1, 2);
  readonly lists = new Map<number, { list: number[] }>([[1, { list: [1] }]]);
  readonly names = new Set(['a']);
  readonly nested = [{ value: 1 }];
  self: Counter | undefined;
  n = 0;
  constructor(readonly random: Random) {
    this.self = this;
  }
  add(): number {
    this.counts[0]++;
    this.lists.get(1)?.list.push(2);
    this.names.add('b');
    this.nested[0].value++;
    return ++this.n;
  }
}

test('a copy goes its own way, with all that it holds', () => {
  const original = new Counter(new Random(1));
  const copy = copyOf(original);
  expect(copy).toBeInstanceOf(Counter);
  expect(copy).toEqual(original);
  expect(copy.self).toBe(copy);
  copy.add();
  expect([
    original.counts[0],
    original.lists.get(1)?.list,
    [...original.names],
    original.nested[0].value,
  ]).toEqual([1, [1], ['a'], 1]);
  expect([copy.counts[0], copy.lists.get(1)?.list, copy.n]).toEqual([2, [1, 2], 1]);
});

test('chance is shared, or given anew', () => {
  const [one, other] = [new Random(1), new Random(2)];
  const original = new Counter(one);
  expect(copyOf(original).random).toBe(one);
  expect(copyOf(original, new Map([[one, other]])).random).toBe(other);
});
