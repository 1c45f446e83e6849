import { describe, expect, test } from 'vitest';
import {
  control,
  fileOf,
  key,
  program,
  release,
  strike,
  sysEx,
  type TrackEvent,
  tempo,
} from '../../test/helpers/midi-tracks.js';
import { readMidi } from '../midi/read.js';
import { listen } from './listen.js';

/** Start and end of the sound in seconds, pitch, velocity. */
type Sound = readonly [start: number, end: number, pitch: number, velocity: number];

interface Case {
  readonly tracks: readonly (readonly TrackEvent[])[];
  readonly heard: readonly Sound[];
  readonly ends?: readonly number[];
  readonly unreleased?: number;
}

const GS_RESET = [0x41, 0x10, 0x42, 0x12, 0x40, 0x00, 0x7f, 0x00, 0x41];
const XG_ON = [0x43, 0x10, 0x4c, 0x00, 0x00, 0x7e, 0x00];
const GM_ON = [0x7e, 0x7f, 0x09, 0x01];
const gsRhythm = (part: number, map: number) => [0x41, 0x10, 0x42, 0x12, 0x40, 0x10 | part, 0x15, map, 0];

/** Worked out by hand: at 120 beats a minute, 480 ticks are half a second. */
const CASES: Record<string, Case> = {
  'a tempo event holds for the file, whichever track it stands in': {
    tracks: [
      [...key(0, 480, 60), ...key(960, 480, 62)],
      [tempo(0, 60), tempo(960, 240)],
    ],
    heard: [
      [0, 1, 60, 80],
      [2, 2.25, 62, 80],
    ],
  },
  'also in the middle of a note': {
    tracks: [key(0, 960, 48), [tempo(480, 60)]],
    heard: [[0, 1.5, 48, 80]],
  },
  'a pedal holds for its channel, whichever track it stands in': {
    tracks: [key(0, 240, 60), [control(0, 64, 127), control(960, 64, 0)]],
    heard: [[0, 1, 60, 80]],
  },
  'and only for its channel': {
    tracks: [[control(0, 64, 127, 1), ...key(0, 240, 60), ...key(0, 240, 72, 80, 1), control(960, 64, 0, 1)]],
    heard: [
      [0, 0.25, 60, 80],
      [0, 1, 72, 80],
    ],
  },
  'a release holds for its channel': {
    tracks: [
      [strike(0, 60), strike(240, 67)],
      [release(480, 67), release(960, 60)],
    ],
    heard: [
      [0, 1, 60, 80],
      [0.25, 0.5, 67, 80],
    ],
  },
  'a key that nobody releases sounds until its track ends': {
    tracks: [[...key(0, 480, 60), strike(480, 64, 70)], key(0, 9600, 30)],
    ends: [1920],
    heard: [
      [0, 0.5, 60, 80],
      [0, 10, 30, 80],
      [0.5, 2, 64, 70],
    ],
    unreleased: 1,
  },
  'also where another track strikes it later': {
    tracks: [[strike(0, 60)], key(1920, 480, 60, 90)],
    ends: [960],
    heard: [
      [0, 1, 60, 80],
      [2, 2.5, 60, 90],
    ],
  },
  'controller 123 releases the keys of its channel': {
    tracks: [[strike(0, 60), strike(0, 61, 80, 1), control(480, 123, 0), release(960, 61, 1)]],
    heard: [
      [0, 0.5, 60, 80],
      [0, 1, 61, 80],
    ],
  },
  'and leaves to the pedal what it holds': {
    tracks: [[control(0, 64, 127), strike(0, 60), control(480, 123, 0), control(960, 64, 0)]],
    heard: [[0, 1, 60, 80]],
  },
  'a change of the channel mode does the same': {
    tracks: [[strike(0, 60), control(480, 126, 1)]],
    ends: [960],
    heard: [[0, 0.5, 60, 80]],
  },
  'controller 120 silences also what a pedal holds': {
    tracks: [
      [control(0, 64, 127), ...key(0, 240, 60), strike(0, 64), control(480, 120, 0), control(960, 64, 0)],
    ],
    heard: [
      [0, 0.5, 60, 80],
      [0, 0.5, 64, 80],
    ],
  },
  'controller 121 lifts both pedals, and leaves keys alone': {
    tracks: [
      [
        control(0, 64, 127),
        ...key(0, 240, 60),
        ...key(0, 960, 64),
        control(240, 66, 127),
        control(480, 121, 0),
      ],
    ],
    heard: [
      [0, 0.5, 60, 80],
      [0, 1, 64, 80],
    ],
  },
  'sostenuto holds the keys that are down when it is pressed, and no others': {
    tracks: [
      [
        ...key(0, 480, 48),
        control(240, 66, 127),
        ...key(300, 60, 60),
        control(960, 66, 63),
        ...key(960, 240, 48),
      ],
    ],
    heard: [
      [0, 1, 48, 80],
      [0.3125, 0.375, 60, 80],
      [1, 1.25, 48, 80],
    ],
  },
  'pressing sostenuto again changes nothing until it was lifted': {
    tracks: [[control(0, 66, 127), ...key(0, 480, 60), control(240, 66, 100), control(960, 66, 0)]],
    heard: [[0, 0.5, 60, 80]],
  },
  'what sostenuto lets go, the sustain pedal goes on holding': {
    tracks: [
      [
        strike(0, 60),
        control(120, 66, 127),
        control(240, 64, 127),
        release(480, 60),
        control(960, 66, 0),
        control(1440, 64, 0),
      ],
    ],
    heard: [[0, 1.5, 60, 80]],
  },
  'a pedal is down from 64 on': {
    tracks: [
      [
        control(0, 64, 63),
        ...key(0, 240, 60),
        control(480, 64, 64),
        ...key(480, 240, 62),
        control(960, 64, 63),
      ],
    ],
    heard: [
      [0, 0.25, 60, 80],
      [0.5, 1, 62, 80],
    ],
  },
  'a pedal that nobody lifts holds until the last track ends': {
    tracks: [[control(0, 64, 127), ...key(0, 240, 60)], []],
    ends: [480, 960],
    heard: [[0, 1, 60, 80]],
  },
  'of one tick, what stands first comes first': {
    tracks: [
      [...key(0, 480, 60), control(480, 64, 127), ...key(960, 480, 62), control(1920, 64, 0)],
      [control(1440, 64, 100)],
    ],
    heard: [
      [0, 0.5, 60, 80],
      [1, 2, 62, 80],
    ],
  },
  'channel 10 is drums': {
    tracks: [[...key(0, 480, 38, 80, 9), ...key(0, 480, 60)]],
    heard: [[0, 0.5, 60, 80]],
  },
  'GS makes drums of a part, and channel 10 an instrument': {
    tracks: [
      [
        sysEx(0, ...GS_RESET),
        sysEx(0, ...gsRhythm(0xb, 2)), // part 12 in its order: channel 12
        sysEx(0, ...gsRhythm(0x0, 0)), // channel 10
        ...key(480, 240, 38, 80, 11),
        ...key(480, 240, 60, 80, 9),
        ...key(480, 240, 62, 80, 10),
      ],
    ],
    heard: [
      [0.5, 0.75, 60, 80],
      [0.5, 0.75, 62, 80],
    ],
  },
  'banks 126 and 127 are drums in XG, from the next program on': {
    tracks: [
      [
        sysEx(0, ...XG_ON),
        control(1, 0, 127, 3),
        ...key(2, 238, 60, 80, 3),
        program(240, 0, 3),
        ...key(240, 240, 61, 80, 3),
        control(480, 0, 0, 3),
        program(480, 0, 3),
        ...key(480, 240, 62, 80, 3),
      ],
    ],
    heard: [
      [2 / 960, 0.25, 60, 80],
      [0.5, 0.75, 62, 80],
    ],
  },
  'bank 127 is an instrument in GS': {
    tracks: [[sysEx(0, ...GS_RESET), control(0, 0, 127, 3), program(0, 0, 3), ...key(0, 480, 60, 80, 3)]],
    heard: [[0, 0.5, 60, 80]],
  },
  'a reset silences all, and takes drums back': {
    tracks: [
      [
        sysEx(0, ...gsRhythm(0xb, 1)),
        control(0, 64, 127),
        ...key(0, 240, 60),
        sysEx(480, ...GM_ON),
        ...key(480, 240, 61, 80, 11),
      ],
    ],
    heard: [
      [0, 0.5, 60, 80],
      [0.5, 0.75, 61, 80],
    ],
  },
  'a string sounds once: struck again it begins anew, and the second release ends it': {
    tracks: [[strike(0, 60), strike(480, 60, 90), release(720, 60), release(1200, 60)]],
    heard: [
      [0, 0.5, 60, 80],
      [0.5, 1.25, 60, 90],
    ],
  },
  'if the second release is missing, the last one before the next strike ends it': {
    tracks: [[strike(0, 60), strike(480, 60, 90), release(720, 60), ...key(1920, 480, 60, 70)]],
    heard: [
      [0, 0.5, 60, 80],
      [0.5, 0.75, 60, 90],
      [2, 2.5, 60, 70],
    ],
  },
  'a release too many is nothing': {
    tracks: [
      [release(0, 60), strike(0, 60), release(480, 60), release(600, 60), strike(960, 60), release(1440, 60)],
    ],
    heard: [
      [0, 0.5, 60, 80],
      [1, 1.5, 60, 80],
    ],
  },
  'two tracks of one channel that strike together are one key, held as long as either does': {
    tracks: [key(0, 480, 60), key(0, 960, 60, 90)],
    heard: [[0, 1, 60, 90]],
  },
  'a string under the pedal, struck again, begins anew': {
    tracks: [[control(0, 64, 127), ...key(0, 240, 60), ...key(480, 240, 60, 90), control(960, 64, 0)]],
    heard: [
      [0, 0.5, 60, 80],
      [0.5, 1, 60, 90],
    ],
  },
  'a strike of velocity 0 is a release': {
    tracks: [[strike(0, 60), strike(480, 60, 0)]],
    heard: [[0, 0.5, 60, 80]],
  },
  'what begins and ends in one moment is not heard': {
    tracks: [[...key(0, 0, 60), ...key(480, 480, 62)]],
    heard: [[0.5, 1, 62, 80]],
  },
};

describe('listen', () => {
  test.each(Object.entries(CASES))('%s', (_, { tracks, ends, heard, unreleased = 0 }) => {
    const found = listen(readMidi(fileOf(tracks, ends)));
    const { length, start, end, pitch, velocity } = found.notes;
    const sounds = Array.from({ length }, (_, n) => [start[n], end[n], pitch[n], velocity[n]]);
    const inOrder = (rows: readonly (readonly number[])[]) =>
      [...rows]
        .sort((a, b) => a[0] - b[0] || a[2] - b[2])
        .map((row) => row.map((value) => Number(value.toFixed(9))));
    expect(inOrder(sounds)).toEqual(inOrder(heard));
    expect(found.unreleased).toBe(unreleased);
  });

  test('every note knows its channel, track, program and when its key is let go', () => {
    const midi = readMidi(
      fileOf([
        [],
        [program(0, 5, 2), control(0, 64, 127, 2), ...key(0, 480, 60, 80, 2), control(960, 64, 0, 2)],
      ]),
    );
    const { notes, drums } = listen(midi);
    expect([notes.channel[0], notes.track[0], notes.program[0], drums]).toEqual([2, 1, 5, 0]);
    expect([notes.released[0], notes.end[0]]).toEqual([0.5, 1]);
  });
});
