import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampView,
  firstView,
  layoutOf,
  PitchScale,
  panView,
  partAt,
  pitchRange,
  TimeScale,
  zoomView,
} from './geometry.js';

const view = fc
  .record({
    start: fc.double({ min: 0, max: 500, noNaN: true }),
    span: fc.double({ min: 0.5, max: 300, noNaN: true }),
  })
  .map(({ start, span }) => ({ start, end: start + span }));
const extent = fc.double({ min: 0, max: 1000, noNaN: true });

describe('the layout', () => {
  it('gives every point to the part that is drawn there', () => {
    const layout = layoutOf(800, 400);
    expect(partAt(layout, 400, 5)).toBe('ruler');
    expect(partAt(layout, 10, 200)).toBe('keyboard');
    expect(partAt(layout, 400, 200)).toBe('notes');
    expect(partAt(layout, 400, layout.pedal.y + 2)).toBe('pedal');
    expect(partAt(layout, 400, 399)).toBe('overview');
    expect(partAt(layout, 10, 5)).toBeUndefined();
  });

  it('fills the whole height and width without overlap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 3000 }),
        fc.integer({ min: 60, max: 2000 }),
        fc.boolean(),
        (width, height, hasChords) => {
          const parts = layoutOf(width, height, {}, { hasChords });
          const { ruler, chords, keyboard, notes, pedal, overview } = parts;
          expect(chords.y).toBe(ruler.height);
          expect(chords.height > 0).toBe(hasChords);
          expect(notes.y).toBe(chords.y + chords.height);
          expect(pedal.y).toBe(notes.y + notes.height);
          expect(pedal.y + pedal.height).toBeLessThanOrEqual(overview.y);
          expect(overview.y + overview.height).toBe(height);
          expect(keyboard.width + notes.width).toBe(width);
          expect(notes.height).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('leaves out what is not wanted, and what a low roll has no room for', () => {
    const bare = layoutOf(800, 400, { ruler: false, keyboard: false, pedal: false, overview: false });
    expect(bare.notes).toEqual({ x: 0, y: 0, width: 800, height: 400 });
    expect(layoutOf(800, 140).overview.height).toBe(0);
    expect(layoutOf(800, 100).pedal.height).toBe(0);
  });
});

describe('the scales', () => {
  it('turn times and pitches into places and back', () => {
    const time = new TimeScale({ start: 10, end: 20 }, 44, 1000);
    expect(time.xOf(10)).toBe(44);
    expect(time.xOf(15)).toBe(544);
    expect(time.timeOf(time.xOf(12.3))).toBeCloseTo(12.3, 9);
    const pitch = new PitchScale(36, 95, 22, 600);
    expect(pitch.yOf(95)).toBe(22);
    for (const p of [36, 60, 61, 95]) expect(pitch.pitchOf(pitch.yOf(p) + 1)).toBe(p);
    expect(pitch.pitchOf(-100)).toBe(95);
    expect(pitch.pitchOf(5000)).toBe(36);
  });
});

describe('the view', () => {
  it('never begins before the piece, is never too close or too wide, and always shows some of the piece', () => {
    fc.assert(
      fc.property(view, extent, (wanted, end) => {
        const clamped = clampView(wanted, end);
        const span = clamped.end - clamped.start;
        expect(clamped.start).toBeGreaterThanOrEqual(0);
        expect(span).toBeGreaterThanOrEqual(0.5 - 1e-9);
        expect(span).toBeLessThanOrEqual(Math.max(10, end * 1.1) + 1e-9);
        expect(clamped.start).toBeLessThanOrEqual(end);
        const again = clampView(clamped, end);
        expect(again.start).toBeCloseTo(clamped.start, 6);
        expect(again.end).toBeCloseTo(clamped.end, 6);
      }),
    );
  });

  it('zooms about a time, which stays where it is', () => {
    const before = { start: 40, end: 60 };
    const after = zoomView(before, 2, 45, 1000);
    expect(after.end - after.start).toBeCloseTo(10, 9);
    expect((45 - after.start) / 10).toBeCloseTo((45 - before.start) / 20, 9);
    expect(zoomView(before, 1e9, 45, 1000).end - zoomView(before, 1e9, 45, 1000).start).toBeCloseTo(0.5, 9);
  });

  it('pans, and stops at the edges', () => {
    expect(panView({ start: 10, end: 20 }, 5, 100)).toEqual({ start: 15, end: 25 });
    expect(panView({ start: 10, end: 20 }, -50, 100)).toEqual({ start: 0, end: 10 });
    expect(panView({ start: 10, end: 20 }, 500, 100)).toEqual({ start: 95, end: 105 });
  });

  it('begins with all of a short piece and the beginning of a long one', () => {
    expect(firstView(20, 1000).end).toBeGreaterThanOrEqual(20);
    expect(firstView(600, 1000)).toEqual({ start: 0, end: 25 });
    expect(firstView(0, 1000)).toEqual({ start: 0, end: 10 });
  });
});

describe('the rows', () => {
  it('are whole octaves around the notes, at least four, within MIDI', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 127 }), fc.integer({ min: 0, max: 127 }), (a, b) => {
        const [low, high] = pitchRange(Math.min(a, b), Math.max(a, b));
        expect(low % 12).toBe(0);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(Math.min(a, b));
        expect(high).toBeGreaterThanOrEqual(Math.max(a, b));
        expect(high).toBeLessThanOrEqual(127);
        expect(high - low + 1).toBeGreaterThanOrEqual(44);
      }),
    );
    expect(pitchRange(127, 0)).toEqual([36, 95]);
  });
});
