import { expect, test } from 'vitest';
import { readPrettyMidiGoldens } from '../../test/fixtures/midi-fixtures.js';
import { noteName, pitchNamed } from './note-name.js';

test('names every pitch as pretty_midi does', () => {
  expect(Array.from({ length: 128 }, (_, pitch) => noteName(pitch))).toEqual(
    readPrettyMidiGoldens().noteNames,
  );
});

test('names and notes are told both ways', () => {
  for (let pitch = 0; pitch <= 127; pitch++) expect(pitchNamed(noteName(pitch))).toBe(pitch);
  expect([pitchNamed('Gb4'), pitchNamed('Cb4'), pitchNamed('B#3')]).toEqual([66, 59, 60]);
  expect(() => pitchNamed('H4')).toThrow('no note\'s name: "H4"');
});
