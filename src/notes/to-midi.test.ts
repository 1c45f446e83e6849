import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NoteRow, readPrettyMidiGoldens } from '../../test/fixtures/midi-fixtures.js';
import { CadenzaError } from '../errors.js';
import { readMidi } from '../midi/read.js';
import { instrumentsOf, notesFromMidi } from './from-midi.js';
import { createNoteTable, type NoteTable } from './note-table.js';
import { midiFromNotes, quantizeNotes } from './to-midi.js';

function tableOf(rows: readonly NoteRow[]): NoteTable {
  const notes = createNoteTable(rows.length);
  rows.forEach(([pitch, velocity, start, end], i) => {
    notes.pitch[i] = pitch;
    notes.velocity[i] = velocity;
    notes.start[i] = start;
    notes.end[i] = end;
  });
  return notes;
}

/** Few pitches and short times, so that notes collide. */
const crowded = fc
  .array(
    fc.record({
      pitch: fc.oneof(fc.constantFrom(60, 61, 127), fc.integer({ min: 0, max: 127 })),
      velocity: fc.integer({ min: 1, max: 127 }),
      start: fc.oneof(fc.constantFrom(0, 0.5), fc.double({ min: 0, max: 0.01, noNaN: true })),
      duration: fc.oneof(fc.constantFrom(0, 0.001), fc.double({ min: 0, max: 0.01, noNaN: true })),
    }),
    { maxLength: 40 },
  )
  .map((notes) => tableOf(notes.map((n): NoteRow => [n.pitch, n.velocity, n.start, n.start + n.duration])));
const ticksPerBeat = fc.constantFrom(1, 24, 220, 480, 960, 32767);

describe('what is written reads back', () => {
  test('as quantizeNotes says, to the last bit', () => {
    fc.assert(
      fc.property(crowded, ticksPerBeat, (notes, resolution) => {
        const options = { ticksPerBeat: resolution };
        const midi = readMidi(midiFromNotes(notes, options));
        const quantized = quantizeNotes(notes, options);
        expect(midi.warnings).toEqual([]);
        expect(quantized.length).toBe(notes.length);
        expect(notesFromMidi(midi)).toEqual(quantized);
      }),
      { numRuns: 500 },
    );
  });

  test('and once quantized, notes change no more', () => {
    fc.assert(
      fc.property(crowded, ticksPerBeat, (notes, resolution) => {
        const options = { ticksPerBeat: resolution };
        const quantized = quantizeNotes(notes, options);
        expect(quantizeNotes(quantized, options)).toEqual(quantized);
      }),
      { numRuns: 300 },
    );
  });

  test('within half a tick where nothing collides', () => {
    const times = fc.uniqueArray(fc.double({ min: 0, max: 100, noNaN: true }), {
      minLength: 2,
      selector: (t) => Math.round(t * 10),
    });
    fc.assert(
      fc.property(times, (list) => {
        const sorted = list.sort((a, b) => a - b).filter((t, i, all) => i === 0 || t - all[i - 1] > 0.01);
        const notes = tableOf(sorted.map((t, i): NoteRow => [60, 1 + (i % 127), t, t + 0.005]));
        const back = notesFromMidi(readMidi(midiFromNotes(notes)));
        expect(back.velocity).toEqual(notes.velocity);
        const halfTick = 0.5 / 1920 + 1e-9;
        for (let i = 0; i < notes.length; i++) {
          expect(Math.abs(back.start[i] - notes.start[i])).toBeLessThanOrEqual(halfTick);
          expect(Math.abs(back.end[i] - notes.end[i])).toBeLessThanOrEqual(halfTick);
        }
      }),
    );
  });
});

describe('collisions', () => {
  const tick = 0.5 / 220;
  const ticksOf = (rows: NoteRow[]) => {
    const { pitch, velocity, start, end } = quantizeNotes(
      tableOf(rows.map(([p, v, s, e]) => [p, v, s * tick, e * tick])),
      { ticksPerBeat: 220 },
    );
    return Array.from(start, (s, i) => [
      pitch[i],
      velocity[i],
      Math.round(s / tick),
      Math.round(end[i] / tick),
    ]);
  };

  test('a chord stays, in the order of its ends, then pitches', () => {
    expect(
      ticksOf([
        [67, 1, 0, 9],
        [64, 2, 0, 5],
        [60, 3, 0, 9],
      ]),
    ).toEqual([
      [64, 2, 0, 5],
      [60, 3, 0, 9],
      [67, 1, 0, 9],
    ]);
  });

  test('a note ends where its pitch is struck again', () => {
    expect(
      ticksOf([
        [60, 1, 0, 10],
        [60, 2, 4, 8],
        [60, 3, 8, 9],
      ]),
    ).toEqual([
      [60, 1, 0, 4],
      [60, 2, 4, 8],
      [60, 3, 8, 9],
    ]);
  });

  test('of two strikes of a pitch on one tick the later moves on, and pushes those behind it', () => {
    expect(
      ticksOf([
        [60, 1, 3, 9],
        [60, 2, 3, 9],
        [60, 3, 4, 9],
      ]),
    ).toEqual([
      [60, 1, 3, 4],
      [60, 2, 4, 5],
      [60, 3, 5, 9],
    ]);
  });

  test('another pitch on that tick does not move', () => {
    expect(
      ticksOf([
        [60, 1, 3, 9],
        [60, 2, 3, 9],
        [62, 3, 3, 9],
      ]),
    ).toEqual([
      [60, 1, 3, 4],
      [62, 3, 3, 9],
      [60, 2, 4, 9],
    ]);
  });

  test('a note of no length lasts one tick', () => {
    expect(
      ticksOf([
        [60, 1, 3, 3],
        [62, 1, 3.1, 3.2],
      ]),
    ).toEqual([
      [60, 1, 3, 4],
      [62, 1, 3, 4],
    ]);
  });
});

test('on its grid of 220 ticks a beat, the ticks are those that pretty_midi writes', () => {
  const { notes, events } = readPrettyMidiGoldens().written;
  const midi = readMidi(midiFromNotes(tableOf(notes), { ticksPerBeat: 220 }));
  const { tick, status, data1, data2 } = midi.events;
  const strikes = Array.from(tick, (t, i) => [t, data1[i], data2[i]]).filter((_, i) => status[i] === 0x90);
  const sorted = (rows: number[][]) => rows.map((row) => row.join(' ')).sort();
  expect(strikes.length).toBe(2 * notes.length);
  expect(sorted(strikes)).toEqual(sorted(events));
});

test('on one tick the pedal moves first, then keys are released, then struck', () => {
  const notes = tableOf([
    [60, 64, 0, 1],
    [62, 64, 0, 1],
    [60, 64, 1, 2],
    [61, 64, 1, 2],
  ]);
  const pedal = { length: 1, time: Float64Array.of(1), value: Uint8Array.of(127) };
  const { length, tick, status, data1, data2 } = readMidi(midiFromNotes(notes, { pedal })).events;
  const inTheMiddle = Array.from({ length }, (_, i) => i).filter((i) => tick[i] === 1920);
  expect(inTheMiddle.map((i) => [status[i], data1[i], data2[i]])).toEqual([
    [0xb0, 64, 127],
    [0x90, 60, 0],
    [0x90, 62, 0],
    [0x90, 60, 64],
    [0x90, 61, 64],
  ]);
});

test('program, name, tempo and pedal are written along', () => {
  const pedal = {
    length: 4,
    time: Float64Array.of(0, 0.25, 0.25, 3),
    value: Uint8Array.of(127, 90, 10, 0),
  };
  const notes = tableOf([[60, 64, 0.5, 1]]);
  const midi = readMidi(midiFromNotes(notes, { program: 5, trackName: 'Flügel', pedal }));
  expect(midi.format).toBe(1);
  expect(midi.ticksPerBeat).toBe(960);
  expect(midi.tempos).toEqual([{ tick: 0, track: 0, microsecondsPerBeat: 500_000 }]);
  expect(midi.timeSignatures).toEqual([{ tick: 0, track: 0, numerator: 4, denominator: 4 }]);
  const [instrument] = instrumentsOf(midi);
  expect(instrument).toMatchObject({ program: 5, name: 'Flügel', isDrum: false, track: 1, channel: 0 });
  expect(instrument.notes).toEqual(notes);
  expect(instrument.pedal).toEqual({
    length: 3,
    time: Float64Array.of(0, 0.25, 3),
    value: Uint8Array.of(127, 10, 0), // of two on one tick the last
  });
});

test('a table out of order is written in order', () => {
  const notes = tableOf([
    [60, 1, 1, 2],
    [62, 2, 0, 1],
  ]);
  expect([...notesFromMidi(readMidi(midiFromNotes(notes))).pitch]).toEqual([62, 60]);
});

test('no notes are written too', () => {
  expect(notesFromMidi(readMidi(midiFromNotes(createNoteTable(0)))).length).toBe(0);
});

describe('refuses', () => {
  test.each<[string, NoteRow, string]>([
    ['a pitch above 127', [128, 64, 0, 1], 'note 0: pitch is 128'],
    ['velocity 0, which would be a release', [60, 0, 0, 1], 'note 0: velocity is 0'],
    ['a velocity above 127', [60, 128, 0, 1], 'note 0: velocity is 128'],
    ['a start before 0', [60, 64, -0.1, 1], 'note 0: start is -0.1 s'],
    ['NaN as start', [60, 64, Number.NaN, 1], 'note 0: start is NaN s'],
    ['NaN as end', [60, 64, 0, Number.NaN], 'note 0: end is NaN s'],
    ['an end before the start', [60, 64, 1, 0.9], 'note 0: end is 0.9 s'],
    ['infinite times', [60, 64, 0, Number.POSITIVE_INFINITY], 'a time of Infinity s is too late'],
    ['times beyond what a file can hold', [60, 64, 1e6, 1e6], 'a time of 1000000 s is too late'],
  ])('%s', (_, row, message) => {
    for (const write of [midiFromNotes, quantizeNotes]) {
      expect(() => write(tableOf([row]))).toThrow(CadenzaError);
      expect(() => write(tableOf([row]))).toThrow(message);
    }
  });

  const none = createNoteTable(0);
  const pedal = (time: number, value: number) => ({
    length: 1,
    time: Float64Array.of(time),
    value: Uint8Array.of(value),
  });
  test.each([
    ['a program above 127', { program: 128 }],
    ['0 ticks a beat', { ticksPerBeat: 0 }],
    ['a fractional resolution', { ticksPerBeat: 220.5 }],
    ['a pedal above 127', { pedal: pedal(0, 128) }],
    ['a pedal movement before 0', { pedal: pedal(-1, 0) }],
    ['a pedal movement at NaN', { pedal: pedal(Number.NaN, 0) }],
  ])('%s', (_, options) => expect(() => midiFromNotes(none, options)).toThrow(CadenzaError));
});
