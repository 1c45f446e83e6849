import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NoteRow as Row, tableOf } from '../../test/helpers/note-rows.js';
import { readMidi } from '../midi/read.js';
import { listen } from './listen.js';
import type { NoteTable } from './note-table.js';
import { midiFromNotes } from './to-midi.js';

const written = (notes: NoteTable, isPedalled: boolean, hasHands = false) =>
  listen(readMidi(midiFromNotes(notes, { ticksPerBeat: 500, shape: { isPedalled, hasHands } })));
const soundsOf = ({ notes: { pitch, velocity, start, end } }: ReturnType<typeof written>) => ({
  pitch,
  velocity,
  start,
  end,
});
/** Pitch and the seconds from strike to release. */
const keysOf = ({ notes }: ReturnType<typeof written>) =>
  [...notes.pitch].map(
    (pitch, n) => [pitch, Number((notes.released[n] - notes.start[n]).toFixed(3))] as const,
  );
const pedalOf = ({ pedals }: ReturnType<typeof written>) =>
  [...pedals.time].map((time, i) => [Number(time.toFixed(3)), pedals.value[i]]);

describe('keys and pedal', () => {
  test('a hand leaves what it cannot reach, and the pedal holds it', () => {
    const heard = written(
      tableOf([
        [36, 0, 2],
        [55, 0.5, 2],
      ]),
      true,
    );
    // Both are the left hand's or each has its own; either way the sound is the same.
    expect(soundsOf(heard)).toEqual(
      soundsOf(
        written(
          tableOf([
            [36, 0, 2],
            [55, 0.5, 2],
          ]),
          false,
        ),
      ),
    );
    const arpeggio: Row[] = [31, 43, 55, 67, 79, 91, 103].map((pitch, n) => [pitch, n / 4, 3]);
    const both = written(tableOf(arpeggio), true);
    expect(
      Math.max(
        ...keysOf(both)
          .slice(0, -2)
          .map(([, held]) => held),
      ),
    ).toBeLessThan(3);
    expect(pedalOf(both).at(-1)).toEqual([3, 0]);
    expect(new Set(soundsOf(both).end)).toEqual(new Set([3]));
  });

  test('the foot lifts where notes end together, and comes down after that', () => {
    const chords = [0, 1, 2].flatMap((n): Row[] => [
      [48 + n, n, n + 1],
      [60 + n, n + 0.25, n + 1],
    ]);
    expect(pedalOf(written(tableOf(chords), true))).toEqual([
      [0, 127],
      [1, 0],
      [1.08, 127],
      [2, 0],
      [2.08, 127],
      [3, 0],
    ]);
  });

  test('what sounds on over the end of another note is held by the hand', () => {
    const rows: Row[] = [
      [48, 0, 2],
      [52, 0.5, 1],
    ];
    const heard = written(tableOf(rows), true);
    expect(keysOf(heard)[0][1]).toBeGreaterThan(1);
    expect([...heard.notes.end]).toEqual([2, 1]);
  });

  test('short and single notes need no pedal', () => {
    const rows = [0, 1, 2].map((n): Row => [60 + n, n / 4, n / 4 + 0.2]);
    expect(pedalOf(written(tableOf(rows), true))).toEqual([]);
  });
});

/** Few keys and few times, so that much coincides. */
const busy = fc
  .array(
    fc.record({
      pitch: fc.oneof(fc.constantFrom(60, 61, 36), fc.integer({ min: 21, max: 108 })),
      start: fc.integer({ min: 0, max: 60 }),
      duration: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 2, 300)),
    }),
    { maxLength: 30 },
  )
  .map((rows) => [...rows].sort((a, b) => a.start - b.start))
  .map((rows) => tableOf(rows.map((r): Row => [r.pitch, r.start / 20, (r.start + r.duration) / 20])));

test('it sounds the same, to the bit', () => {
  fc.assert(
    fc.property(busy, (notes) => {
      expect(soundsOf(written(notes, true))).toEqual(soundsOf(written(notes, false)));
    }),
    { numRuns: 1000 },
  );
});

test('and in two tracks, but for a tick where a key goes from the left hand to the right', () => {
  const byNote = ({ pitch, start, end }: NoteTable) =>
    [...pitch].map((key, n) => [key, start[n], end[n]] as const).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  fc.assert(
    fc.property(busy, fc.boolean(), (notes, isPedalled) => {
      const one = byNote(written(notes, false).notes);
      const two = byNote(written(notes, isPedalled, true).notes);
      expect(two.map(([pitch, start]) => [pitch, start])).toEqual(
        one.map(([pitch, start]) => [pitch, start]),
      );
      for (const [n, [, , end]] of two.entries()) {
        expect(one[n][2] - end).toBeLessThanOrEqual(0.001001);
        expect(end).toBeLessThanOrEqual(one[n][2]);
      }
    }),
    { numRuns: 500 },
  );
});
