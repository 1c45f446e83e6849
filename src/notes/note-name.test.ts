import { expect, test } from 'vitest';
import { readPrettyMidiGoldens } from '../../test/fixtures/midi-fixtures.js';
import { noteName } from './note-name.js';

test('names every pitch as pretty_midi does', () => {
  expect(Array.from({ length: 128 }, (_, pitch) => noteName(pitch))).toEqual(
    readPrettyMidiGoldens().noteNames,
  );
});
