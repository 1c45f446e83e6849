import { expect, test } from 'vitest';
import { pianoPieceOf, readMidi, soundingNotes, soundingOf, timeGridOf } from '../../../src/index.js';
import { control, fileOf, key, type TrackEvent, tempo } from '../../../test/helpers/midi-tracks.js';
import { assemble, type Materials } from '../state/material.js';
import { addTakes, newSession, type Recipe, type Session } from '../state/session.js';
import { madeFile, wholeFile } from './midi-export.js';

const RECIPE: Recipe = {
  model: { id: 'shipped:maestro', name: 'maestro' },
  options: { seed: 1, variations: 1 },
  variation: 0,
  seconds: 10,
};
const BARS: TrackEvent[] = [
  tempo(0, 90),
  { at: 0, meta: 0x58, data: [3, 2, 24, 8] },
  { at: 960, meta: 6, data: [66] },
];
const HAND = [
  control(0, 64, 127),
  ...key(0, 480, 60),
  control(960, 64, 0),
  ...key(1440, 2880, 64),
  ...key(1920, 480, 67),
];
const FILE = fileOf([BARS, HAND], [4800, 4800]);

function sessionOf(cut: number, until?: number): { session: Session; materials: Materials } {
  const source = { title: 'a waltz', ...pianoPieceOf(readMidi(FILE)), file: FILE };
  const session = addTakes(newSession(source), [{ id: 'a', parent: undefined, cut, until, recipe: RECIPE }]);
  const events = [
    { time: cut + 0.25, pitch: 72, velocity: 70 },
    { time: cut + 0.5, pitch: 64, velocity: 0 },
    { time: cut + 0.75, pitch: 72, velocity: 0 },
  ];
  return { session, materials: { a: { events, knownTo: cut + 1, state: 'made' } } };
}

const rowsOf = ({ length, pitch, start, end }: ReturnType<typeof soundingNotes>) =>
  Array.from({ length }, (_, n) => [pitch[n], start[n], end[n]]);

test('a file to which nothing was added is given back as it was', () => {
  const { session, materials } = sessionOf(2.5);
  const shown = { ...session, current: undefined };
  expect(wholeFile(shown, assemble(shown, undefined, materials))).toBe(FILE);
});

test.each([
  ['at its end', 6, undefined, 3],
  ['in its middle, over a key that is held', 2.5, undefined, 3],
  ['a span of it', 2.5, 3, 2],
] as const)('what was made %s sounds in the file as it is shown', (_, cut, until, tracks) => {
  const { session, materials } = sessionOf(cut, until);
  const piece = assemble(session, 'a', materials);
  const midi = readMidi(wholeFile(session, piece));
  expect(midi.tracks).toHaveLength(tracks);
  const { tempos, metres } = timeGridOf(midi);
  expect(tempos).toMatchObject([{ microsecondsPerBeat: 666_667 }]);
  expect(metres).toMatchObject([{ numerator: 3, denominator: 4 }]);
  expect(midi.texts).toMatchObject([
    { tick: 960, type: 6 },
    ...(tracks === 3 ? [{ type: 3 }] : [{ type: 3 }]),
  ]);
  const [found, shown] = [rowsOf(soundingNotes(midi)), rowsOf(soundingOf(piece))];
  expect(found.map(([pitch]) => pitch)).toEqual(shown.map(([pitch]) => pitch));
  for (const [n, [, start, end]] of found.entries()) {
    expect(Math.abs(start - shown[n][1])).toBeLessThan(0.002);
    expect(Math.abs(end - shown[n][2])).toBeLessThan(0.012);
  }
});

test('only what was made begins with its bar', () => {
  const { session, materials } = sessionOf(2.5);
  const midi = readMidi(madeFile(session, assemble(session, 'a', materials)));
  // At 90 beats a minute in 3/4 a bar begins after 2 s; the first note is made at 2.75 s.
  const [[, start, end]] = rowsOf(soundingNotes(midi));
  expect([start, end].map((time) => Math.round(time * 100) / 100)).toEqual([0.75, 1.25]);
});

test.each([
  ['nothing', undefined, 6, undefined, 3],
  ['a continuation', 'a', 6, undefined, 4],
  ['a span', 'a', 2.5, 3, 3],
] as const)('of %s two hands and a pedal sound as it is shown', (_, take, cut, until, tracks) => {
  const { session, materials } = sessionOf(cut, until);
  const shown = { ...session, current: take };
  const piece = assemble(shown, take, materials);
  const midi = readMidi(wholeFile(shown, piece, { isPedalled: true, hasHands: true }));
  expect(midi.tracks).toHaveLength(tracks);
  expect(midi.tracks.slice(-2).map(({ name }) => name.replace(/^.*, /, ''))).toEqual([
    'right hand',
    'left hand',
  ]);
  const sorted = (rows: number[][]) => rows.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
  const [heard, sound] = [sorted(rowsOf(soundingNotes(midi))), sorted(rowsOf(soundingOf(piece)))];
  expect(heard.map(([pitch]) => pitch)).toEqual(sound.map(([pitch]) => pitch));
  for (const [n, [, start, end]] of heard.entries()) {
    expect(Math.abs(start - sound[n][1])).toBeLessThan(0.002);
    expect(Math.abs(end - sound[n][2])).toBeLessThan(0.003);
  }
});
