import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GramTable, joinSequences, NONE } from './gram-table.js';

const sequences = (size: number) =>
  fc.array(
    fc.array(fc.integer({ min: 0, max: size }), { maxLength: 25 }).map((row) => Uint16Array.from(row)),
    { maxLength: 4 },
  );

/** The n-grams of sequences as texts, in order, those that would reach beyond their sequence left out. */
function gramsByHand(rows: readonly Uint16Array[], n: number): { text: string; at: number }[] {
  let from = 0;
  return rows.flatMap((row) => {
    const count = Math.max(0, row.length - n + 1);
    const grams = Array.from({ length: count }, (_, i) => ({
      text: row.slice(i, i + n).join(),
      at: from + i,
    }));
    from += row.length;
    return grams;
  });
}

describe('GramTable', () => {
  it('numbers different n-grams and finds them elsewhere, as by hand', () => {
    fc.assert(
      fc.property(sequences(2), sequences(2), fc.integer({ min: 1, max: 6 }), (own, others, n) => {
        const table = new GramTable(joinSequences(own), n);
        const grams = gramsByHand(own, n);
        const texts = [...new Set(grams.map(({ text }) => text))];
        expect(table.count).toBe(texts.length);
        const ids = new Array(table.idAt.length).fill(NONE);
        for (const { text, at } of grams) ids[at] = texts.indexOf(text);
        expect([...table.idAt]).toEqual(ids);
        const elsewhere = gramsByHand(others, n);
        const places = texts.map((text) => elsewhere.find((gram) => gram.text === text)?.at ?? NONE);
        expect([...table.findIn(joinSequences(others))]).toEqual(places);
      }),
      { numRuns: 500 },
    );
  });

  it('tells n-grams of one hash apart', () => {
    // Σ symbol · FACTOR^(n − 1 − i) modulo 2³²: the Thue–Morse word and its complement collide for every odd
    // factor.
    const word = Uint16Array.from({ length: 2048 }, (_, i) => i.toString(2).replaceAll('0', '').length % 2);
    const complement = word.map((bit) => 1 - bit);
    const table = new GramTable(joinSequences([word, complement]), 2048);
    expect(table.count).toBe(2);
    expect([...table.findIn(joinSequences([complement, word]))]).toEqual([2048, 0]);
    expect([...table.findIn(joinSequences([complement]))]).toEqual([NONE, 0]);
  });
});
