import { describe, expect, it } from 'vitest';
import { plainEngine } from '../../engine/plain/plain.js';
import { createGridNotes, type GridNotes } from '../../notes/grid.js';
import { Random } from '../../random.js';
import { PERFORMANCE } from '../../representation/performance.js';
import { REPRESENTATIONS } from '../../representation/representations.js';
import { TIME_BINS } from '../../representation/time-bins.js';
import { type Bits, BitsEvaluator, bitsPerNote, bootstrapInterval } from './bits.js';
import { EventLstm, type EventLstmConfig } from './network.js';

const config = (representation: string): EventLstmConfig => ({
  kind: 'events',
  formatVersion: 1,
  representation,
  layers: 1,
  hiddenSize: 2,
  headSize: 2,
  contextUnits: 3,
  keyFeatures: 2,
});

function grid(rows: readonly (readonly [onset: number, offset: number, key: number, velocity: number])[]) {
  const notes = createGridNotes(rows.length);
  rows.forEach(([onset, offset, key, velocity], i) => {
    notes.onset[i] = onset;
    notes.offset[i] = offset;
    notes.key[i] = key;
    notes.velocity[i] = velocity;
  });
  return notes;
}

async function measure(representation: string, pieces: GridNotes[], size: number, steps = 3, seed?: number) {
  const model = new EventLstm(config(representation), REPRESENTATIONS[representation], steps);
  const random = new Random(seed ?? 0);
  const parameters = new Float32Array(model.parameterCount);
  if (seed !== undefined) for (let i = 0; i < parameters.length; i++) parameters[i] = random.next() - 0.5;
  const evaluator = await BitsEvaluator.create(model, plainEngine('float64'), parameters, [], size);
  return evaluator.measure(pieces);
}

describe('bits a note', () => {
  it('of a model that knows nothing are those of the choices there are, counted by hand', async () => {
    // Two notes: strikes of keys 10 and 20 in tick 0, release of 10 after 5 ticks, of 20 after 40.
    const piece = grid([
      [0, 5, 10, 3],
      [0, 40, 20, 31],
    ]);
    const [{ bits, notes }] = await measure('performance', [piece], 2);
    expect(notes).toBe(2);
    const log2 = Math.log2;
    // 35 ticks lie in a bin of 4: 32 … 35.
    expect(bits.time).toBeCloseTo(4 * log2(TIME_BINS) + log2(4), 5);
    // 88 silent keys to strike; the 77 above key 10, or the release of key 10, struck in this tick; then,
    // later, any of 86 to strike and 2 to release; at last 87 to strike and 1 to release.
    expect(bits.symbol).toBeCloseTo(log2(88) + log2(77 + 1) + log2(86 + 2) + log2(87 + 1), 5);
    expect(bits.velocity).toBeCloseTo(2 * log2(32), 5);
    expect(bits.total).toBeCloseTo(bits.time + bits.symbol + bits.velocity, 5);
  });

  it('of the 388 tokens are their number', async () => {
    const [{ bits }] = await measure('midi-like', [grid([[0, 5, 10, 3]])], 1);
    // Velocity, strike, shift, release.
    expect(bits.total).toBeCloseTo(4 * Math.log2(388), 5);
  });

  it('are each piece’s own, however many are measured side by side', async () => {
    const random = new Random(7);
    const pieces = [9, 1, 0, 14, 5, 2].map((length) =>
      grid(
        Array.from(
          { length },
          (_, i) => [10 * i, 10 * i + 1 + random.below(9), random.below(88), random.below(32)] as const,
        ),
      ),
    );
    const alone: Bits[] = [];
    for (const piece of pieces) alone.push(...(await measure('performance', [piece], 1, 50, 1)));
    for (const size of [1, 2, 8]) {
      const together = await measure('performance', pieces, size, 3, 1);
      expect(together.map(({ notes }) => notes)).toEqual(alone.map(({ notes }) => notes));
      together.forEach(({ bits }, i) => {
        expect(bits.total).toBeCloseTo(alone[i].bits.total, 4);
      });
    }
    const model = new EventLstm(config('performance'), PERFORMANCE, 3);
    const weights = new Float32Array(model.parameterCount);
    const evaluator = await BitsEvaluator.create(model, plainEngine('float32'), weights, [], 2);
    const told: number[] = [];
    await evaluator.measure(pieces, (notes) => told.push(notes));
    expect(told.sort((a, b) => a - b)).toEqual([0, 1, 2, 5, 9, 14]);
    const mean = bitsPerNote(alone);
    const notes = pieces.reduce((sum, { length }) => sum + length, 0);
    expect(mean.total).toBeCloseTo(alone.reduce((sum, { bits }) => sum + bits.total, 0) / notes, 9);
    expect(Object.keys(mean)).toEqual(['total', ...PERFORMANCE.attributes.map(({ name }) => name)]);
  });

  it('have an interval that holds their mean, is repeatable, and narrows with more pieces', () => {
    const random = new Random(5);
    const pieces = Array.from({ length: 400 }, () => {
      const notes = 50 + random.below(100);
      return { notes, bits: { total: notes * (12 + random.next()) } };
    });
    const width = (count: number) => {
      const some = pieces.slice(0, count);
      const [lower, upper] = bootstrapInterval(some, { seed: 1 });
      const { total } = bitsPerNote(some);
      expect(lower).toBeLessThan(total);
      expect(upper).toBeGreaterThan(total);
      return upper - lower;
    };
    // Uniform on one bit: a standard deviation of 0.289, ± 1.96 of it over √n.
    expect(width(400)).toBeGreaterThan(0.04);
    expect(width(400)).toBeLessThan(0.08);
    expect(width(20)).toBeGreaterThan(2 * width(400));
    expect(bootstrapInterval(pieces, { seed: 1 })).toEqual(bootstrapInterval(pieces, { seed: 1 }));
    expect(bootstrapInterval([{ notes: 4, bits: { total: 48 } }])).toEqual([12, 12]);
  });
});
