/** Filling as a player does it, with every representation that can play. */
import { describe, expect, test } from 'vitest';
import { tinyEventModel } from '../../../../test/helpers/tiny-event-model.js';
import { decodeCheckpoint } from '../../../checkpoint/checkpoint.js';
import { plainEngine } from '../../../engine/plain/plain.js';
import type { NoteTable } from '../../../notes/note-table.js';
import { builtInOpening } from '../../../playing/opening.js';
import type { GivenPiece } from '../../kind.js';
import { modelFromCheckpoint } from '../../load.js';

const SPAN = { from: 20, to: 22 };
const notes = builtInOpening();

describe.each(['performance', 'performance-recall', 'performance-guided', 'metrical'])(
  '%s',
  (representation) => {
    const { kind, ...loaded } = modelFromCheckpoint(decodeCheckpoint(tinyEventModel(representation), 'tiny'));
    const fill = async (given: GivenPiece, options = {}) => {
      const player = await kind.player(loaded, plainEngine());
      const fills = await player.fill?.(given, { particles: 4, ahead: 8, seed: 3, ...options });
      await player.release();
      if (fills === undefined) throw new Error('it cannot fill');
      return fills;
    };
    const spansOf = ({ pitch, start, end }: NoteTable) =>
      Array.from(pitch, (key, n) => ({ key, start: start[n], end: end[n] }));

    test('fills a span and no more, the same for a seed, the best first', async () => {
      const fills = await fill({ notes, ...SPAN });
      expect(fills.length).toBeGreaterThan(0);
      for (const { notes: played, bits, bitsAfter, weight } of fills) {
        for (const { start, end } of spansOf(played)) {
          expect(start).toBeGreaterThanOrEqual(SPAN.from - 0.05);
          expect(end).toBeLessThanOrEqual(SPAN.to + 0.05);
        }
        expect([bits, bitsAfter, weight].every(Number.isFinite)).toBe(true);
      }
      expect(fills.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
      const bits = fills.map((each) => each.bits);
      expect(bits).toEqual([...bits].sort((a, b) => a - b));
      expect((await fill({ notes, ...SPAN }))[0]).toEqual(fills[0]);
    });

    test('strikes no key that sounds as given, and leaves it free when it is struck', async () => {
      const [{ notes: played }] = await fill({ notes, ...SPAN, isKept: (note) => note % 2 === 0 });
      const given = spansOf(notes).filter(
        ({ start }, n) => start < SPAN.from || start >= SPAN.to || n % 2 === 0,
      );
      const tick = 0.05;
      for (const own of spansOf(played)) {
        const same = given.filter(({ key }) => key === own.key);
        for (const other of same) {
          const overlap = Math.min(own.end, other.end) - Math.max(own.start, other.start);
          expect(
            overlap,
            `${own.key}: ${own.start} to ${own.end}, given ${other.start} to ${other.end}`,
          ).toBeLessThan(tick);
        }
      }
    });

    test('accompanies from the very beginning, within limits', async () => {
      const tune = {
        ...notes,
        length: 24,
        pitch: notes.pitch.slice(0, 24),
        velocity: notes.velocity.slice(0, 24),
        start: notes.start.slice(0, 24),
        end: notes.end.slice(0, 24),
      };
      const given = { notes: tune, from: 0, to: Math.max(...tune.end), isKept: () => true };
      const [{ notes: played }] = await fill(given, { range: [30, 50] });
      for (const { key } of spansOf(played)) expect(key >= 30 && key <= 50).toBe(true);
      expect(played.start[0]).toBeLessThan(given.to);
    });

    test('what cannot be is said in words', async () => {
      await expect(fill({ notes, from: 5, to: 5 })).rejects.toThrow(/nothing to fill/);
      const late = { notes, from: -9, to: -5 };
      await expect(fill(late)).rejects.toThrow(/there must be notes before the span/);
    });
  },
);
