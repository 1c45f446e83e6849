import { expect, test } from 'vitest';
import { evenBeats, midiOnBeats, pianoPieceOf, readMidi } from '../../../src/index.js';
import { tableOf } from '../../../test/helpers/note-rows.js';
import { wholeFile } from '../compose/midi-export.js';
import { type EditedPiece, edited } from './edited.js';
import { assemble, type Materials } from './material.js';
import { editOf, handParts, trackOfNotes, trackParts } from './parts.js';
import { addTakes, newSession, type Recipe } from './session.js';

/** A tune over a bass, a note a beat, in two tracks. */
const ROWS = Array.from({ length: 8 }, (_, beat) => [
  [43 + beat, beat / 2, beat / 2 + 0.4] as const,
  [72 + beat, beat / 2, beat / 2 + 0.4] as const,
]).flat();
const NOTES = tableOf(ROWS);
const FILE = midiOnBeats(NOTES, evenBeats(0, 120, 4), {
  parts: { names: ['Tune', 'Bass'], of: Array.from(NOTES.pitch, (pitch) => Number(pitch < 60)) },
});
const source = { title: 'song', file: FILE, notes: pianoPieceOf(readMidi(FILE)).notes };
const session = newSession(source);
const recipe: Recipe = {
  model: { id: 'shipped:maestro', name: 'maestro' },
  options: {},
  variation: 0,
  seconds: 4,
  isPlayed: true,
  isEdited: true,
};

test('the parts of a file are its tracks, or hands', () => {
  const piece = assemble(session, undefined, {});
  const { names, of } = trackParts(session, piece, {});
  expect(names).toEqual(['Tune', 'Bass']);
  expect(
    Array.from(of, (part, n) => names[part] === (piece.notes.pitch[n] < 60 ? 'Bass' : 'Tune')),
  ).not.toContain(false);
  expect(handParts(piece).names).toEqual(['Right hand', 'Left hand']);
});

test('a note that was moved stays in its track, and what is drawn is of none; so it is written', () => {
  const piece = assemble(session, undefined, {});
  const editable: EditedPiece = {
    notes: piece.notes,
    isMade: new Uint8Array(16),
    isOwn: new Uint8Array(16),
    part: trackOfNotes(session, piece.notes, {}),
  };
  const lowest = piece.notes.pitch.indexOf(43);
  const moved = edited(editable, [lowest], { kind: 'move', seconds: 0.25, semitones: 1 }).piece;
  const drawn = edited(moved, [], { kind: 'draw', pitch: 90, start: 1, end: 2 }).piece;
  const next = addTakes(session, [{ id: 'a', parent: undefined, cut: 0, recipe }]);
  const materials: Materials = { a: { events: [], knownTo: 4, state: 'made', edited: drawn } };
  expect(editOf(next, materials)).toBe(drawn);
  expect(editOf({ ...next, current: undefined }, materials)).toBeUndefined();
  const shown = assemble(next, 'a', materials);
  const parts = trackParts(next, shown, materials);
  expect(parts.names).toEqual(['Tune', 'Bass', 'Cadenza']);
  const partOf = (pitch: number) => parts.names[parts.of[shown.notes.pitch.indexOf(pitch)]];
  expect([partOf(90), partOf(72), partOf(45)]).toEqual(['Cadenza', 'Tune', 'Bass']);
  const midi = readMidi(wholeFile(next, shown, undefined, parts));
  expect(midi.tracks.slice(1).map(({ name }) => name)).toEqual(['Tune', 'Bass', 'Cadenza']);
  // All in one track where that is asked for.
  expect(readMidi(wholeFile(next, shown)).tracks.length).toBe(2);
});
