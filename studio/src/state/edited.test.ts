import { expect, test } from 'vitest';
import { tableOf } from '../../../test/helpers/note-rows.js';
import { type EditedPiece, edited, inserted, quantised } from './edited.js';
import { editedFrom, editedText } from './edited-text.js';

const PIECE: EditedPiece = {
  notes: tableOf([
    [60, 0, 1],
    [64, 0.52, 1],
    [67, 1.02, 2],
  ]),
  pedal: { length: 2, time: Float64Array.of(0.2, 1.4), value: Uint8Array.of(127, 0) },
  isMade: Uint8Array.of(0, 0, 1),
  isOwn: Uint8Array.of(0, 0, 0),
  part: Int16Array.of(1, 2, -1),
};
const rowsOf = ({ notes, isMade, isOwn, part }: EditedPiece) =>
  Array.from(notes.start, (start, n) => [notes.pitch[n], start, isMade[n], isOwn[n], part[n]]);
const pedalOf = ({ pedal }: EditedPiece) =>
  Array.from(pedal?.time ?? [], (time, i) => [time, pedal!.value[i]]);

test('an edit changes what is picked, which is set by hand from then on, and keeps the order of time', () => {
  const { piece, picked } = edited(PIECE, [0], { kind: 'move', seconds: 0.75, semitones: 2 });
  expect(rowsOf(piece)).toEqual([
    [64, 0.52, 0, 0, 2],
    [62, 0.75, 0, 1, 1],
    [67, 1.02, 1, 0, -1],
  ]);
  expect(picked).toEqual([1]);
  const copied = edited(PIECE, [2], { kind: 'move', seconds: 1, semitones: 0, isCopy: true });
  expect(rowsOf(copied.piece).map(([pitch, start]) => [pitch, start])).toEqual([
    [60, 0],
    [64, 0.52],
    [67, 1.02],
    [67, 2.02],
  ]);
  expect(copied.picked).toEqual([3]);
});

test('notes are removed, drawn, put in', () => {
  expect(rowsOf(edited(PIECE, [0, 2], { kind: 'remove' }).piece)).toEqual([[64, 0.52, 0, 0, 2]]);
  const drawn = edited(PIECE, [], { kind: 'draw', pitch: 72, start: 0.6, end: 0.9 });
  expect(rowsOf(drawn.piece)[2]).toEqual([72, 0.6, 0, 1, -1]);
  expect(drawn.picked).toEqual([2]);
  expect(inserted(PIECE, tableOf([[50, 3, 4]])).picked).toEqual([3]);
});

test('notes come to the grid with their lengths', () => {
  const { piece } = quantised(PIECE, [1, 2], (seconds) => Math.round(seconds * 2) / 2);
  expect([...piece.notes.start]).toEqual([0, 0.5, 1]);
  expect(piece.notes.end[2]).toBeCloseTo(1.98, 9);
  expect([...piece.isOwn]).toEqual([0, 1, 1]);
});

test('the pedal is put down and lifted over a span, and stays as it was around it', () => {
  const up = edited(PIECE, [], { kind: 'pedal', from: 0.5, to: 1, isDown: false }).piece;
  expect(pedalOf(up)).toEqual([
    [0.2, 127],
    [0.5, 0],
    [1, 127],
    [1.4, 0],
  ]);
  const down = edited(PIECE, [], { kind: 'pedal', from: 1.6, to: 2, isDown: true }).piece;
  expect(pedalOf(down).slice(2)).toEqual([
    [1.6, 127],
    [2, 0],
  ]);
  expect(pedalOf(edited(down, [], { kind: 'lift', at: 0.7 }).piece)).toEqual([
    [1.4, 0],
    [1.6, 127],
    [2, 0],
  ]);
  expect(pedalOf(edited(PIECE, [], { kind: 'lift', at: 3 }).piece)).toEqual(pedalOf(PIECE));
  const early = edited(PIECE, [], { kind: 'pedal', from: -0.5, to: 0.1, isDown: true }).piece;
  expect(pedalOf(early).slice(0, 3)).toEqual([
    [0, 127],
    [0.1, 0],
    [0.2, 127],
  ]);
  const none = edited(PIECE, [], { kind: 'pedal', from: -1, to: -0.5, isDown: true }).piece;
  expect(pedalOf(none)).toEqual(pedalOf(PIECE));
});

test('as text it stays the same, and what is damaged is refused', () => {
  expect(editedFrom(JSON.parse(JSON.stringify(editedText(PIECE))), 'take 1')).toEqual(PIECE);
  for (const broken of [null, {}, { notes: [[60, 80, 0, 1, 4, 0]] }, { notes: [[60, 80, 0, 1, 0, 0.5]] }])
    expect(() => editedFrom(broken, 'take 1')).toThrow('take 1');
});

test('a key sounds once: what is set into another note of it ends that, and two strikes at once are one', () => {
  const over = edited(PIECE, [], { kind: 'draw', pitch: 64, start: 0.8, end: 3 });
  expect(over.piece.notes.end[1]).toBe(0.8);
  const before = edited(PIECE, [], { kind: 'draw', pitch: 67, start: 0.1, end: 9 });
  expect([before.piece.notes.start[1], before.piece.notes.end[1]]).toEqual([0.1, 1.02]);
  const { piece, picked } = edited(PIECE, [0], { kind: 'move', seconds: 0.521, semitones: 4 });
  expect([...piece.notes.pitch]).toEqual([64, 67]);
  expect([piece.notes.start[0], piece.notes.end[0]]).toEqual([0.52, 1.521]);
  expect(picked).toEqual([0]);
});
