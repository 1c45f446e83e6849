import { describe, expect, it } from 'vitest';
import { BarGrid } from '../../notes/bar-grid.js';
import { evenBeats } from '../../notes/beats.js';
import { TimeScale } from './geometry.js';
import { barTicksOf, ticksOf, timeLabel } from './ticks.js';

describe('the ruler', () => {
  it('has labels that do not touch, at round times', () => {
    for (const span of [0.5, 3, 10, 25, 120, 600, 3600]) {
      const scale = new TimeScale({ start: 1.3, end: 1.3 + span }, 0, 900);
      const labelled = ticksOf(scale).filter(({ label }) => label !== '');
      expect(labelled.length).toBeGreaterThan(0);
      for (let i = 1; i < labelled.length; i++) {
        expect(scale.xOf(labelled[i].time) - scale.xOf(labelled[i - 1].time)).toBeGreaterThanOrEqual(63.9);
      }
    }
    const ticks = ticksOf(new TimeScale({ start: 0, end: 10 }, 0, 900)).filter(({ label }) => label !== '');
    expect(ticks.map(({ label }) => label).slice(0, 3)).toEqual(['0:00', '0:01', '0:02']);
  });

  it('writes times as clocks do', () => {
    expect(timeLabel(0)).toBe('0:00');
    expect(timeLabel(59.6)).toBe('1:00');
    expect(timeLabel(125)).toBe('2:05');
    expect(timeLabel(61.25, 2)).toBe('1:01.25');
    expect(timeLabel(9.96, 1)).toBe('0:10.0');
    expect(timeLabel(59.999, 1)).toBe('1:00.0');
    expect(timeLabel(-3)).toBe('0:00');
  });

  it('counts bars, as many as there is room for', () => {
    const grid = new BarGrid(evenBeats(0, 90, 3)); // two seconds a bar
    const labels = (span: number) =>
      barTicksOf(new TimeScale({ start: 8, end: 8 + span }, 0, 900), grid)
        .map(({ label }) => label)
        .filter((label) => label !== '');
    expect(labels(4)).toEqual(['5', '5.2', '5.3', '6', '6.2', '6.3', '7']);
    expect(labels(40).slice(0, 3)).toEqual(['5', '6', '7']);
    expect(labels(400).slice(0, 3)).toEqual(['9', '17', '25']);
    const marks = barTicksOf(new TimeScale({ start: 8, end: 16 }, 0, 900), grid);
    expect(marks.length).toBe(13);
    expect(marks.filter(({ isMain }) => isMain).map(({ time }) => Math.round(time))).toEqual([
      8, 10, 12, 14, 16,
    ]);
  });
});
