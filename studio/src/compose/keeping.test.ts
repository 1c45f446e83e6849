import { expect, test } from 'vitest';
import { pianoPieceOf, readMidi } from '../../../src/index.js';
import { fileOf, key, type TrackEvent } from '../../../test/helpers/midi-tracks.js';
import { assemble } from '../state/material.js';
import { newSession } from '../state/session.js';
import { keptIn, tracksOf } from './keeping.js';

const named = (name: string, events: readonly TrackEvent[]): TrackEvent[] => [
  { at: 0, meta: 3, data: [...new TextEncoder().encode(name)] },
  ...events,
];
/** A tune over a bass, a note a beat of half a second, in two tracks. */
const BEATS = Array.from({ length: 16 }, (_, beat) => beat);
const FILE = fileOf([
  named(
    'Tune',
    BEATS.flatMap((beat) => key(480 * beat, 400, 72 + (beat % 5), 90, 0)),
  ),
  named(
    '',
    BEATS.flatMap((beat) => key(480 * beat, 400, 40 + (beat % 7), 70, 1)),
  ),
]);
const source = { title: 'x', file: FILE, notes: pianoPieceOf(readMidi(FILE)).notes };
const piece = assemble(newSession(source), undefined, {});
const kept = (keeping: Parameters<typeof keptIn>[2], seed = 1) =>
  keptIn(piece, { start: 2, end: 4 }, keeping, { session: newSession(source), materials: {}, seed }).map(
    (n) => piece.notes.pitch[n],
  );

test('what stays is nothing, a hand, or a track of the file', () => {
  const [tune, bass] = [BEATS.map((beat) => 72 + (beat % 5)), BEATS.map((beat) => 40 + (beat % 7))];
  expect(kept('nothing')).toEqual([]);
  expect(kept('right')).toEqual(tune.slice(4, 8));
  expect(kept('left')).toEqual(bass.slice(4, 8));
  expect(tracksOf(source).map(({ keeping, name }) => [keeping, name])).toEqual([
    ['track:0', 'Tune'],
    ['track:1', 'track 2'],
  ]);
  expect(kept('track:0')).toEqual(tune.slice(4, 8));
  expect(kept('track:1')).toEqual(bass.slice(4, 8));
  expect(kept('track:7')).toEqual([]);
});

test('half of the notes are chosen by seed', () => {
  expect(kept('half')).toEqual(kept('half'));
  const sizes = BEATS.map((seed) => kept('half', seed).length);
  expect(new Set(sizes).size).toBeGreaterThan(1);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  expect(mean).toBeGreaterThan(2);
  expect(mean).toBeLessThan(6);
});

test('there is no choice of tracks where there are not several', () => {
  expect(tracksOf({ title: 'x', notes: source.notes })).toEqual([]);
  const single = fileOf([[{ at: 0, meta: 3, data: [65] }], key(0, 480, 60)]);
  expect(tracksOf({ ...source, file: single })).toEqual([]);
});
