import { describe, expect, it } from 'vitest';
import { createNoteTable } from '../../../../src/index.js';
import { ATTRIBUTES, describeHistogram, quantile, SCALES, StatisticsBuilder } from './statistics.js';

function piece(pitches: readonly number[], step: number, duration: number, velocity: number) {
  const notes = createNoteTable(pitches.length);
  for (const [i, pitch] of pitches.entries()) {
    notes.pitch[i] = pitch;
    notes.velocity[i] = velocity;
    notes.start[i] = i * step;
    notes.end[i] = i * step + duration;
  }
  return notes;
}

describe('statistics of a corpus', () => {
  it('count pieces, notes and time, and sort every note into the bars', () => {
    const builder = new StatisticsBuilder();
    builder.add(piece([60, 62, 64], 0.5, 1, 80));
    builder.add(piece([21, 108], 0, 0.05, 127));
    const { pieces, notes, seconds, histograms } = builder.result;
    expect([pieces, notes]).toEqual([2, 5]);
    expect(seconds).toBeCloseTo(2.05, 9);
    const totals = ATTRIBUTES.map((name) => histograms[name].reduce((sum, count) => sum + count, 0));
    // A piece's first note has no step.
    expect(totals).toEqual([5, 3, 5, 5]);
    expect(histograms.pitch[0]).toBe(1);
    expect(histograms.pitch.at(-1)).toBe(1);
    expect(histograms.step[0]).toBe(1);
    expect(histograms.velocity[31]).toBe(2);
  });

  it('count what lies beyond the bars in the last ones', () => {
    const builder = new StatisticsBuilder();
    builder.add(piece([0, 127], 100, 1000, 1));
    const { histograms } = builder.result;
    expect([histograms.pitch[0], histograms.pitch.at(-1)]).toEqual([1, 1]);
    expect(histograms.step.at(-1)).toBe(1);
    expect(histograms.duration.at(-1)).toBe(2);
  });

  it('find a value again where it was put, within a bar', () => {
    for (const name of ATTRIBUTES) {
      const { place, value, bars } = SCALES[name];
      for (let bar = name === 'step' || name === 'duration' ? 1 : 0; bar < bars; bar++) {
        expect(place(value(bar + 0.5))).toBeCloseTo(bar + 0.5, 6);
      }
    }
  });

  it('are told in words', () => {
    const builder = new StatisticsBuilder();
    builder.add(piece(Array(101).fill(60), 0.25, 0.5, 64));
    const { histograms } = builder.result;
    expect(quantile('step', histograms.step, 0.5)).toBeGreaterThan(0.2);
    expect(quantile('step', histograms.step, 0.5)).toBeLessThan(0.3);
    expect(describeHistogram('pitch', histograms.pitch)).toMatch(
      /^half of the notes from .+ to .+, middle .+$/,
    );
    expect(describeHistogram('step', new Uint32Array(36))).toBe('no notes');
  });
});
