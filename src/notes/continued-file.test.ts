import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  control,
  fileOf,
  key,
  program,
  strike,
  sysEx,
  type TrackEvent,
  tempo,
} from '../../test/helpers/midi-tracks.js';
import type { MidiFile } from '../midi/midi-file.js';
import { readMidi } from '../midi/read.js';
import { TrackWriter, writeMidiOfDivision } from '../midi/write.js';
import { evenBeats } from './beats.js';
import { continuedFile, fineEnough, longestSeconds, longTickAt, playedFile } from './continued-file.js';
import { declareGrid } from './declare-grid.js';
import { listen } from './listen.js';
import { createNoteTable, type NoteTable } from './note-table.js';
import { soundingNotes } from './sounding.js';
import { timeGridOf } from './time-grid.js';

/** Rows of pitch, start, end; velocity 64. */
function notesOf(...rows: readonly (readonly [pitch: number, start: number, end: number])[]): NoteTable {
  const notes = createNoteTable(rows.length);
  for (const [n, [pitch, start, end]] of rows.entries()) {
    notes.pitch[n] = pitch;
    notes.velocity[n] = 64;
    notes.start[n] = start;
    notes.end[n] = end;
  }
  return notes;
}

const rowsOf = ({ length, pitch, start, end }: NoteTable) =>
  Array.from({ length }, (_, n) => [pitch[n], start[n], end[n]] as const);

/** Everything that a track says, in order. */
function saidIn(midi: MidiFile, track: number): string[] {
  const { tick, status, data1, data2, track: tracks } = midi.events;
  const events = Array.from({ length: midi.events.length }, (_, i) => i)
    .filter((i) => tracks[i] === track)
    .map((i) => ({ order: i, text: `${tick[i]} ${status[i]} ${data1[i]} ${data2[i]}` }));
  const messages = midi.messages
    .filter((message) => message.track === track)
    .map(({ tick: at, before, status: kind, type, data }) => ({
      order: before - 0.5,
      text: `${at} ${kind} ${type} ${data}`,
    }));
  return [...events, ...messages].sort((a, b) => a.order - b.order).map(({ text }) => text);
}

const metre: TrackEvent = { at: 0, meta: 0x58, data: [3, 2, 24, 8] };
const keySignature: TrackEvent = { at: 0, meta: 0x59, data: [-3 & 0xff, 0] };
const waltz = [
  [tempo(0, 90), metre, keySignature, { at: 0, meta: 1, data: [65, 66] }, { at: 4320, meta: 6, data: [67] }],
  [program(0, 4), control(0, 7, 99), control(0, 101, 0), ...key(480, 960, 63), ...key(1440, 1440, 67)],
  [
    sysEx(0, 0x7e, 0x7f, 0x09, 0x01),
    control(480, 64, 127, 1),
    ...key(480, 480, 39, 60, 1),
    control(1900, 64, 0, 1),
  ],
] satisfies TrackEvent[][];
const WALTZ = readMidi(fileOf(waltz, [5000, 3000, 2500]), 'waltz.mid');
/** The waltz's last note ends at tick 2880, at 90 beats a minute. */
const END = (2880 * 60) / (90 * 480);

describe('continuedFile', () => {
  const notes = notesOf([60, 0, 0.5], [62, 0.5, 1]);
  const written = readMidi(continuedFile(WALTZ, { at: END, isCut: false }, notes, () => 0, 'Continuation'));

  test('keeps every event at its tick, and the ends of tracks', () => {
    expect(written.format).toBe(1);
    expect(written.ticksPerBeat).toBe(480);
    for (const track of [0, 1, 2]) {
      expect(saidIn(written, track)).toEqual(saidIn(WALTZ, track));
      expect(written.tracks[track].endTick).toBe(WALTZ.tracks[track].endTick);
    }
  });

  test('adds what was played in a track of its own, on a channel of its own that sounds alike', () => {
    const heard = listen(written).notes;
    const played = rowsOf(soundingNotes(written)).filter((_, n) => heard.track[n] === 3);
    for (const [n, [pitch, start, end]] of rowsOf(notes).entries()) {
      expect(played[n][0]).toBe(pitch);
      expect(Math.abs(played[n][1] - END - start)).toBeLessThan(0.001);
      expect(Math.abs(played[n][2] - END - end)).toBeLessThan(0.001);
    }
    expect(played[0][1]).toBeGreaterThanOrEqual(END);
    const own = saidIn(written, 3);
    expect(own).toContain('2880 178 7 99'); // 0xB2: the volume of the first channel
    expect(own).toContain('2880 194 4 0'); // and its program
    expect(heard.channel[heard.length - 1]).toBe(2);
  });

  test('lifts a pedal that the file leaves down, where the file ends', () => {
    const held = readMidi(fileOf([[control(0, 64, 127), ...key(0, 240, 60)]], [960]));
    const added = readMidi(
      continuedFile(held, { at: 1, isCut: false }, notesOf([64, 0, 3]), () => 0, 'more'),
    );
    expect(rowsOf(soundingNotes(added))).toEqual([
      [60, 0, 1],
      [64, 1, 4],
    ]);
  });

  test('cuts off, and goes on holding what sounds over the cut', () => {
    const file = readMidi(
      fileOf([
        [
          ...key(0, 1920, 48),
          strike(480, 60),
          control(480, 64, 127),
          ...key(720, 100, 72),
          ...key(2000, 480, 50),
        ],
        [{ at: 3000, meta: 0x51, data: [1, 0, 0] }],
      ]),
    );
    const releases = new Map([
      [48, 0.25],
      [60, 0.5],
    ]);
    const bytes = continuedFile(
      file,
      { at: 1, isCut: true },
      notesOf([60, 0.5, 1]),
      (pitch) => releases.get(pitch) ?? 0.75,
      'more',
    );
    const cut = readMidi(bytes);
    expect(rowsOf(soundingNotes(cut))).toEqual([
      [48, 0, 1.25],
      [60, 0.5, 1.5],
      [72, 0.75, 1.75],
      [60, 1.5, 2],
    ]);
    expect(cut.tempos).toEqual([]);
  });

  test('a file of one track becomes one of two', () => {
    const single = readMidi(fileOf([[tempo(0, 60), ...key(0, 480, 60)]]));
    expect(single.format).toBe(0);
    const two = readMidi(
      continuedFile(single, { at: 1, isCut: false }, notesOf([62, 0, 1]), () => 0, 'more'),
    );
    expect([two.format, two.tracks.length, two.warningCount]).toEqual([1, 2, 0]);
    expect(saidIn(two, 0)).toEqual(saidIn(single, 0));
  });

  test('time code stays time code', () => {
    const track = new TrackWriter();
    track.event(0, 0x90, 60, 80);
    track.event(500, 0x80, 60, 0);
    const division = ((256 - 25) << 8) | 40; // 25 frames of 40 ticks: milliseconds
    const frames = readMidi(writeMidiOfDivision(division, [track]));
    const more = readMidi(
      continuedFile(frames, { at: 0.5, isCut: false }, notesOf([62, 0.25, 1]), () => 0, 'more'),
    );
    expect(more.division).toBe(division);
    expect(rowsOf(soundingNotes(more))).toEqual([
      [60, 0, 0.5],
      [62, 0.75, 1.5],
    ]);
  });

  test('any file, with anything played behind it, sounds as both', () => {
    const event = fc.oneof(
      fc
        .tuple(fc.nat(40), fc.integer({ min: 60, max: 63 }), fc.nat(2))
        .map(([at, pitch, ch]) => strike(at * 20, pitch, 80, ch)),
      fc
        .tuple(fc.nat(40), fc.integer({ min: 60, max: 63 }), fc.nat(2))
        .map(([at, pitch, ch]) => strike(at * 20, pitch, 0, ch)),
      fc
        .tuple(fc.nat(40), fc.constantFrom(0, 127), fc.nat(2))
        .map(([at, value, ch]) => control(at * 20, 64, value, ch)),
      fc
        .tuple(fc.nat(40), fc.constantFrom(0, 127), fc.nat(2))
        .map(([at, value, ch]) => control(at * 20, 66, value, ch)),
      fc.tuple(fc.nat(40), fc.constantFrom(60, 120)).map(([at, bpm]) => tempo(at * 20, bpm)),
    );
    const files = fc.array(fc.array(event, { maxLength: 12 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(files, (tracks) => {
        const primer = readMidi(fileOf(tracks));
        const before = soundingNotes(primer);
        const at = before.end.reduce((last, time) => Math.max(last, time), 0);
        const after = notesOf([61, 0, 0.5], [62, 0.5, 1.5]);
        const whole = soundingNotes(
          readMidi(continuedFile(primer, { at, isCut: false }, after, () => 0, 'more')),
        );
        const expected = [
          ...rowsOf(before),
          ...rowsOf(after).map(([p, s, e]) => [p, at + s, at + e] as const),
        ];
        const found = rowsOf(whole);
        expect(found.map(([pitch]) => pitch)).toEqual(expected.map(([pitch]) => pitch));
        for (const [n, [, start, end]] of found.entries()) {
          expect(Math.abs(start - expected[n][1])).toBeLessThan(0.002);
          expect(Math.abs(end - expected[n][2])).toBeLessThan(0.002);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('playedFile', () => {
  test('begins with a bar of the beats that are known, in the metre of the file where that is as long', () => {
    const beats = evenBeats(0.2, 120, 3);
    const played = (numerator: number, power: number) => {
      const signature: TrackEvent = { at: 0, meta: 0x58, data: [numerator, power, 24, 8] };
      const midi = readMidi(fileOf([[tempo(0, 120), signature, ...key(0, 400, 60)]]));
      // 2.45 s are 4.5 beats after the first bar line, 1.5 after the second.
      return readMidi(playedFile(midi, { at: 2.45, isCut: true, beats }, notesOf([60, 0, 0.5]), 'Piano'));
    };
    expect(timeGridOf(played(6, 3)).metres).toMatchObject([{ numerator: 6, denominator: 8 }]);
    const other = played(1, 2);
    expect(timeGridOf(other).metres).toMatchObject([{ numerator: 3, denominator: 4 }]);
    expect(soundingNotes(other).start[0]).toBeCloseTo(0.75, 3);
  });

  test('has the tempo, metre, key and program that hold at the place, and begins with its bar', () => {
    const midi = readMidi(playedFile(WALTZ, { at: END - 0.5, isCut: false }, notesOf([60, 0, 0.5]), 'Piano'));
    const { tempos, metres, keys } = timeGridOf(midi);
    expect(tempos[0].microsecondsPerBeat).toBe(666_667);
    expect(metres[0]).toMatchObject({ numerator: 3, denominator: 4 });
    expect(keys[0]).toMatchObject({ sharps: -3, minor: false });
    expect(midi.ticksPerBeat).toBe(480);
    const [[, start]] = rowsOf(soundingNotes(midi));
    expect(start).toBeCloseTo(2 - 0.5, 2); // the last bar before the place begins 1.5 s before it
    expect(listen(midi).notes.program[0]).toBe(4);
  });

  test('begins at once where no bars are said', () => {
    const plain = readMidi(fileOf([key(0, 700, 60)]));
    const midi = readMidi(playedFile(plain, { at: 700 / 960, isCut: false }, notesOf([60, 0, 0.5]), 'Piano'));
    expect(rowsOf(soundingNotes(midi))).toEqual([[60, 0, 0.5]]);
  });
});

test('ticks are as fine as milliseconds ask for', () => {
  expect([fineEnough(480), fineEnough(480, 1_000_000), fineEnough(24), fineEnough(384)]).toEqual([
    480, 960, 264, 384,
  ]);
  expect(fineEnough(32_767)).toBe(32_767);
});

test('ticks that move what is played are found', () => {
  expect(longTickAt(WALTZ, { at: 1, isCut: false })).toBeUndefined();
  const coarse = { ...WALTZ, ticksPerBeat: 24 };
  expect(longTickAt(coarse, { at: 1, isCut: false })).toBeCloseTo(60 / 90 / 24, 6);
});

test('how much can be written is known before', () => {
  const fine = { ...WALTZ, ticksPerBeat: 32_000, tempos: [] };
  expect(longestSeconds(fine, { at: 100, isCut: false }, true)).toBeLessThan(2100);
  expect(longestSeconds(WALTZ, { at: 0, isCut: false }, false)).toBeGreaterThan(100_000);
});

describe('declareGrid', () => {
  const plain = readMidi(fileOf([key(0, 480, 60)]), 'plain.mid');

  test('a file is heard and written as it is told', () => {
    const said = declareGrid(plain, {
      beatsPerMinute: 60,
      metre: { numerator: 3, denominator: 8 },
      keySignature: { sharps: -2, minor: true },
    });
    expect(rowsOf(soundingNotes(said))).toEqual([[60, 0, 1]]);
    const written = readMidi(
      continuedFile(said, { at: 1, isCut: false }, notesOf([62, 0, 1]), () => 0, 'more'),
    );
    const { tempos, metres, keys } = timeGridOf(written);
    expect([tempos[0].microsecondsPerBeat, metres[0].numerator, keys[0].sharps]).toEqual([1_000_000, 3, -2]);
  });

  test.each([
    [{ beatsPerMinute: 80 }, 'waltz.mid: says 90 beats a minute itself; leave out --bpm'],
    [{ metre: { numerator: 4, denominator: 4 } }, 'waltz.mid: says 3/4 itself; leave out --metre'],
    [
      { keySignature: { sharps: 0, minor: false } },
      'waltz.mid: says Eb major itself; leave out --key-signature',
    ],
  ])('refuses what the file says: %j', (grid, message) => {
    expect(() => declareGrid(WALTZ, grid)).toThrow(message);
  });
});
