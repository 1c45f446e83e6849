/** Random small files are heard as an independent listener hears them (listening-oracle.ts). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMidi } from '../../src/midi/read.js';
import { listen } from '../../src/notes/listen.js';
import { control, fileOf, program, release, strike, sysEx, type TrackEvent } from '../helpers/midi-tracks.js';
import { oracleNotes } from './listening-oracle.js';

/** More by hand: docs/promises.md. */
const FILES = Number(process.env.CADENZA_RANDOM_FILES ?? 2500);

const at = fc.nat(24);
const channel = fc.constantFrom(0, 0, 0, 1, 9);
const pitch = fc.constantFrom(60, 60, 61);
const level = fc.constantFrom(0, 63, 64, 127);
const part = fc.constantFrom(0x0, 0x1, 0x2);

const event: fc.Arbitrary<TrackEvent> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(at, pitch, fc.integer({ min: 1, max: 3 }), channel).map((x) => strike(...x)),
  },
  { weight: 6, arbitrary: fc.tuple(at, pitch, channel).map((x) => release(...x)) },
  { weight: 2, arbitrary: fc.tuple(at, pitch, fc.constant(0), channel).map((x) => strike(...x)) },
  { weight: 3, arbitrary: fc.tuple(at, fc.constant(64), level, channel).map((x) => control(...x)) },
  { weight: 2, arbitrary: fc.tuple(at, fc.constant(66), level, channel).map((x) => control(...x)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(at, fc.constantFrom(120, 121, 123, 124, 127), fc.constant(0), channel)
      .map((x) => control(...x)),
  },
  { weight: 1, arbitrary: fc.tuple(at, fc.constant(0), level, channel).map((x) => control(...x)) },
  { weight: 1, arbitrary: fc.tuple(at, fc.nat(3), channel).map((x) => program(...x)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(at, part, fc.nat(1))
      .map(([when, of, map]) => sysEx(when, 0x41, 0x10, 0x42, 0x12, 0x40, 0x10 | of, 0x15, map, 0)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        at,
        fc.constantFrom(
          [0x41, 0x10, 0x42, 0x12, 0x40, 0x00, 0x7f, 0x00, 0x41],
          [0x43, 0x10, 0x4c, 0x00, 0x00, 0x7e, 0x00],
          [0x7e, 0x7f, 0x09, 0x01],
        ),
      )
      .map(([when, bytes]) => sysEx(when, ...bytes)),
  },
);

const file = fc.array(fc.tuple(fc.array(event, { maxLength: 14 }), fc.nat(30)), {
  minLength: 1,
  maxLength: 3,
});

test(`${FILES} random files are heard as the oracle hears them`, { timeout: 60_000 + 10 * FILES }, () => {
  fc.assert(
    fc.property(file, (tracks) => {
      const events = tracks.map(([each]) => each);
      const ends = tracks.map(([each, end]) => each.reduce((last, { at }) => Math.max(last, at), end));
      const midi = readMidi(fileOf(events, ends));
      const { notes } = listen({ ...midi, ticksPerSecond: 1 }); // times in ticks
      const heard = Array.from({ length: notes.length }, (_, n) => ({
        start: notes.start[n],
        end: notes.end[n],
        released: notes.released[n],
        pitch: notes.pitch[n],
        velocity: notes.velocity[n],
        channel: notes.channel[n],
        track: notes.track[n],
      }));
      expect(heard).toEqual(oracleNotes(events, ends));
    }),
    { numRuns: FILES },
  );
});
