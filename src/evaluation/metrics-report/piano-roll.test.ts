import { describe, expect, it } from 'vitest';
import { gridOfRows } from '../../../test/helpers/grids.js';
import { pianoRoll } from './piano-roll.js';

/** Where each note is drawn: left, middle and width, by the class of loudness. */
function notesIn(svg: string) {
  return [...svg.matchAll(/<path d="([^"]*)" class="note (\w+)"[^>]* opacity="([\d.]+)"/g)].map(
    ([, path, role, opacity]) => ({
      role,
      opacity: Number(opacity),
      notes: [...path.matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)].map(([, ...numbers]) => numbers.map(Number)),
    }),
  );
}

describe('pianoRoll', () => {
  it('draws each note where its time and key are, louder ones stronger', () => {
    const notes = gridOfRows([
      [10, 0, 0, 500],
      [40, 31, 500, 1000],
    ]);
    const svg = pianoRoll(notes, { title: 'Two', role: 'generated' });
    const [soft, loud] = notesIn(svg);
    expect([soft.role, soft.opacity, loud.opacity]).toEqual(['generated', 0.25, 1]);
    const half = (1080 - 34) / 2;
    // Keys 10 … 40 have 31 rows of 3 pixels, from the highest down.
    expect(soft.notes).toEqual([[34, 30 * 3 + 1.5, half]]);
    expect(loud.notes).toEqual([[34 + half, 1.5, half]]);
    expect(svg).toContain('<title>Two</title>');
    expect(svg).toContain('>10 s</text>');
  });

  it('shows the beginning of a longer piece, and cuts notes off at its end', () => {
    const notes = gridOfRows([
      [10, 0, 0, 100],
      [80, 0, 300, 5000],
      [20, 0, 1000, 1100],
    ]);
    const [{ notes: drawn }] = notesIn(pianoRoll(notes, { title: '', role: 'reference', seconds: 10 }));
    expect(drawn).toHaveLength(2);
    const [left, , width] = drawn[1];
    expect(left + width).toBeCloseTo(1080, 0);
  });

  it('shows two octaves at least, and notes without length', () => {
    const svg = pianoRoll(gridOfRows([[40, 9, 0, 0]]), { title: '', role: 'reference' });
    const [{ notes: drawn }] = notesIn(svg);
    expect(drawn).toHaveLength(1);
    expect(drawn[0][2]).toBeGreaterThan(0);
    expect(svg).toContain(`viewBox="0 0 1080 ${24 * 3 + 20}"`);
    // Keys 28 … 51 are C#3 … C5.
    expect([...svg.matchAll(/>(C-?\d)</g)].map(([, name]) => name)).toEqual(['C4', 'C5']);
  });
});
