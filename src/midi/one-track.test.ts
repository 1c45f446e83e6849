import { expect, test } from 'vitest';
import { control, fileOf, key, program, sysEx, tempo } from '../../test/helpers/midi-tracks.js';
import { listen } from '../notes/listen.js';
import { oneTrackFile } from './one-track.js';
import { readMidi } from './read.js';

test('a file of one track sounds as the one of several, and says what it said', () => {
  const file = readMidi(
    fileOf(
      [
        [tempo(0, 90), tempo(480, 140), { at: 0, meta: 0x03, data: [...Buffer.from('Song')] }],
        [program(0, 5), ...key(0, 480, 60), control(100, 64, 127), ...key(480, 480, 64)],
        [
          program(0, 7, 1),
          ...key(240, 480, 67, 80, 1),
          sysEx(300, 0x7e, 0x7f),
          { at: 700, meta: 0x01, data: [65] },
        ],
      ],
      [0, 2000, 960],
    ),
  );
  const one = readMidi(oneTrackFile(file));
  expect([one.format, one.tracks.length, one.division, one.tracks[0].endTick]).toEqual([0, 1, 480, 2000]);
  const soundOf = (midi: typeof file) => {
    const { pitch, velocity, start, end, channel, program: sound } = listen(midi).notes;
    return { pitch, velocity, start, end, channel, sound };
  };
  expect(soundOf(one)).toEqual(soundOf(file));
  expect(one.events.length).toBe(file.events.length);
  const inTime = [...file.messages]
    .sort((a, b) => a.tick - b.tick)
    .map(({ tick, type, data }) => [tick, type, data]);
  expect(one.messages.map(({ tick, type, data }) => [tick, type, data])).toEqual(inTime);
});
