import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNoteTable } from '../../notes/note-table.js';
import { PEDAL, RELEASE, STRIKE, Timeline } from './timeline.js';

const eventsOf = ({ length, time, kind, pitch, value }: Timeline) =>
  Array.from({ length }, (_, i) => [time[i], kind[i], pitch[i], value[i]]);

function oneNote(start: number, end: number, pitch = 60) {
  const notes = createNoteTable(1);
  [notes.start[0], notes.end[0], notes.pitch[0], notes.velocity[0]] = [start, end, pitch, 80];
  return notes;
}

describe('a timeline', () => {
  it('orders events of one moment: releases, pedal, strikes', () => {
    const timeline = new Timeline();
    const notes = createNoteTable(2);
    notes.start.set([0, 1]);
    notes.end.set([1, 2]);
    notes.pitch.set([60, 60]);
    notes.velocity.set([80, 90]);
    timeline.addNotes(notes, { length: 1, time: Float64Array.of(1), value: Uint8Array.of(127) });
    expect(eventsOf(timeline)).toEqual([
      [0, STRIKE, 60, 80],
      [1, RELEASE, 60, 0],
      [1, PEDAL, 0, 127],
      [1, STRIKE, 60, 90],
      [2, RELEASE, 60, 0],
    ]);
    expect(timeline.hasPedal).toBe(true);
    expect(timeline.pedalBefore(5)).toBe(127);
    expect(timeline.pedalBefore(2)).toBe(0);
  });

  it('stays ascending whatever is appended when', () => {
    const event = fc.record({
      time: fc.integer({ min: 0, max: 50 }),
      pitch: fc.integer({ min: 0, max: 127 }),
      velocity: fc.integer({ min: -1, max: 127 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(event, { maxLength: 60 }), { maxLength: 12 }), (batches) => {
        const timeline = new Timeline();
        for (const batch of batches) timeline.add(batch);
        const all = batches.flat();
        expect(timeline.length).toBe(all.length);
        const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
        expect(sum(eventsOf(timeline).map(([, , pitch]) => pitch))).toBe(sum(all.map(({ pitch }) => pitch)));
        for (let i = 1; i < timeline.length; i++) {
          expect(timeline.time[i]).toBeGreaterThanOrEqual(timeline.time[i - 1]);
        }
        expect(timeline.indexAt(25)).toBe(all.filter(({ time }) => time < 25).length);
        expect(timeline.end).toBe(Math.max(0, ...all.map(({ time }) => time)));
      }),
    );
  });

  it('releases every note after its strike, one without length too', () => {
    const timeline = new Timeline();
    timeline.add(oneNote(3, 3));
    expect(eventsOf(timeline).map(([, kind]) => kind)).toEqual([STRIKE, RELEASE]);
  });
});
